using QTrade.Verification.TradingSets;

namespace QTrade.Verification.Tests.TradingSets;

/// <summary>Trading sets of every kind with random but plausible numbers, by seed: fees on both sides and on single tokens, trading bounds now and then.</summary>
internal static class SamplePools
{
    public static readonly string[] Kinds = ["product", "weighted2", "weighted4", "sum", "stable", "concentrated", "bins"];

    public static TradingSet Make(string kind, Random random, bool bounded)
    {
        int k = kind == "weighted4" ? 4 : 2;
        double fee = random.Next(3) switch { 0 => 0, 1 => 0.003, _ => random.NextDouble() * 0.1 };
        double feeOut = random.Next(2) == 0 ? 0 : random.NextDouble() * 0.02;
        double[] bounds = bounded ? Numbers(k, () => random.Next(3) == 0 ? double.PositiveInfinity : random.NextDouble() * 400) : [];
        var terms = new TradingTerms(fee, feeOut, bounds, TokenFees(k, random), TokenFees(k, random));
        double[] reserves = Numbers(k, () => 500 + 1000 * random.NextDouble());
        return kind switch
        {
            "product" => new ProductSet(terms, reserves),
            "weighted2" or "weighted4" => new WeightedSet(terms, reserves, Numbers(k, () => 0.1 + random.NextDouble())),
            "sum" => new SumSet(terms, reserves, Numbers(2, () => 0.5 + random.NextDouble())),
            "stable" => new StableSet(terms, reserves, random.Next(4) switch { 0 => 0.1, 1 => 10, 2 => 100, _ => 1000 }, Numbers(2, () => 0.9 + 0.2 * random.NextDouble())),
            "concentrated" => Concentrated(terms, random),
            _ => Bins(terms, random),
        };
    }

    private static double[] TokenFees(int k, Random random) => random.Next(3) > 0 ? [] : Numbers(k, () => random.Next(2) == 0 ? 0 : random.NextDouble() * 0.05);

    public static int TokensOf(string kind) => kind == "weighted4" ? 4 : 2;

    public static double[] Numbers(int count, Func<double> next)
    {
        var numbers = new double[count];
        for (int i = 0; i < count; i++)
            numbers[i] = next();
        return numbers;
    }

    private static ConcentratedSet Concentrated(TradingTerms terms, Random random)
    {
        var ticks = new double[9];
        ticks[0] = 0.5 + 0.3 * random.NextDouble();
        for (int i = 1; i < ticks.Length; i++)
            ticks[i] = ticks[i - 1] * (1.01 + 0.1 * random.NextDouble());
        double[] liquidity = Numbers(ticks.Length - 1, () => random.Next(5) == 0 ? 0 : 500 + 2000 * random.NextDouble());
        // On a tick, inside an interval, and outside of all.
        double price = random.Next(4) switch { 0 => ticks[4], 1 => ticks[0] * 0.9, _ => ticks[3] + (ticks[5] - ticks[3]) * random.NextDouble() };
        return new ConcentratedSet(terms, price, ticks, liquidity);
    }

    private static BinsSet Bins(TradingTerms terms, Random random)
    {
        var bins = new LinearBin[9];
        double price = 0.8;
        for (int j = 0; j < bins.Length; j++)
        {
            price *= 1.02;
            double x = j >= 4 ? 100 * random.NextDouble() : 0, y = j <= 4 ? 100 * random.NextDouble() : 0;
            bins[j] = new LinearBin(price, x, y, random.Next(3) == 0 ? 0.02 * random.NextDouble() : null);
        }
        return new BinsSet(terms, bins);
    }
}
