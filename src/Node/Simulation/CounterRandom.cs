namespace QTrade.Node.Simulation;

/// <summary>
/// Random numbers that are a function of a seed and counters and of nothing else, so that any of them can be asked for again, in
/// any order. The mixing function is SplitMix64's finalizer (Steele, Lea, Flood, OOPSLA 2014), applied once per counter.
/// </summary>
public static class CounterRandom
{
    private const ulong Golden = 0x9E3779B97F4A7C15;

    // Standard deviation of a sum of eight values uniform on 0..65535.
    private const double SumOfEightDeviation = 53509.91992145008;
    private const double SumOfEightMean = 8 * 65535 / 2.0;

    /// <summary>64 random bits.</summary>
    public static ulong Bits(ulong seed, ulong stream, ulong counter) => Mix(Mix(Mix(seed) ^ stream) ^ counter);

    /// <summary>Uniform on [0, 1), in steps of 2^-53.</summary>
    public static double Uniform(ulong bits) => (bits >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform on 0 up to <paramref name="count"/> exclusive; the bias is below count / 2^64.</summary>
    public static int Index(ulong bits, int count) => (int)Math.BigMul(bits, (ulong)count, out _);

    /// <summary>
    /// Nearly normal, mean 0, standard deviation 1, never beyond 4.9: a sum of eight uniform values, which needs no
    /// logarithm and hence has the same bits on every machine.
    /// </summary>
    public static double Normal(ulong seed, ulong stream, ulong counter)
    {
        var bits = Bits(seed, stream, counter);
        var sum = SumOfHalves(bits) + SumOfHalves(Mix(bits));
        return (sum - SumOfEightMean) / SumOfEightDeviation;
    }

    private static double SumOfHalves(ulong bits) =>
        (bits & 0xFFFF) + ((bits >> 16) & 0xFFFF) + ((bits >> 32) & 0xFFFF) + (bits >> 48);

    private static ulong Mix(ulong value)
    {
        var z = value + Golden;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
