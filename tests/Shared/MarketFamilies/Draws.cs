namespace QTrade.Shared.MarketFamilies;

/// <summary>
/// Pseudo-random draws by seed: SplitMix64 (Steele, Lea, Flood 2014) and functions of it that are made of exactly rounded operations only,
/// so that a family's market has the same bits on every machine.
/// </summary>
internal sealed class Draws(ulong seed)
{
    private const double Ln2 = 0.69314718055994530942;
    private const double Ln10 = 2.30258509299404568402;

    private ulong state = seed * 0x9E3779B97F4A7C15UL + 0x632BE59BD9B4E019UL;

    /// <summary>Uniform in [0, 1).</summary>
    public double Unit() => (Next() >> 11) * (1.0 / (1UL << 53));

    public double Between(double low, double high) => low + (high - low) * Unit();

    public bool Chance(double probability) => Unit() < probability;

    /// <summary>Uniform in 0 .. count - 1.</summary>
    public int Below(int count) => (int)(Unit() * count);

    public T One<T>(params ReadOnlySpan<T> of) => of[Below(of.Length)];

    /// <summary>One of the choices, each as likely as its share.</summary>
    public T Weighted<T>(ReadOnlySpan<T> of, ReadOnlySpan<double> shares)
    {
        double total = 0;
        foreach (double share in shares)
            total += share;
        double left = Unit() * total;
        for (int i = 0; i < of.Length - 1; i++)
        {
            left -= shares[i];
            if (left < 0)
                return of[i];
        }
        return of[^1];
    }

    /// <summary>Two different numbers of 0 .. count - 1.</summary>
    public (int First, int Second) Pair(int count)
    {
        int first = Below(count), second = Below(count - 1);
        return (first, second < first ? second : second + 1);
    }

    /// <summary>Mean 0, deviation 1: the sum of twelve uniforms less six.</summary>
    public double Normal()
    {
        double sum = -6;
        for (int i = 0; i < 12; i++)
            sum += Unit();
        return sum;
    }

    /// <summary>e^(deviation * normal).</summary>
    public double LogNormal(double deviation) => Exponential(deviation * Normal());

    /// <summary>10^u with u uniform between two exponents.</summary>
    public double PowerOfTen(double low, double high) => Exponential(Between(low, high) * Ln10);

    /// <summary>e^x by its series after halving out powers of two; good to a few units in the last place.</summary>
    public static double Exponential(double x)
    {
        double k = Math.Round(x / Ln2);
        double r = x - k * Ln2, term = 1, sum = 1;
        for (int n = 1; n <= 18; n++)
        {
            term *= r / n;
            sum += term;
        }
        return Math.ScaleB(sum, (int)k);
    }

    private ulong Next()
    {
        state += 0x9E3779B97F4A7C15UL;
        ulong z = state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }
}
