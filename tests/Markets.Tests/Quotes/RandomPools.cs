using System.Collections.Immutable;

namespace QTrade.Markets.Tests.Quotes;

/// <summary>Pools of every kind with reserves from 1e-5 to 1e22, with and without fees on both sides and on single tokens.</summary>
internal static class RandomPools
{
    public static readonly string[] Kinds = ["product", "weighted", "sum", "stable", "concentrated", "bins"];

    public static Pool Of(string kind, Random random)
    {
        var tokens = kind == "weighted" ? random.Next(2, 5) : 2;
        var curve = Curve(kind, tokens, random);

        // Draws of their own, so that the pools stay the ones they were.
        Random fees = new((int)BitConverter.DoubleToInt64Bits(curve.State[0] * 1.7));
        return new Pool
        {
            Id = new PoolId(kind),
            Tokens = [.. Enumerable.Range(0, tokens).Select(i => new TokenId($"t{i}"))],
            Fee = Pick(random, 0, 0.0001, 0.0025, 0.003, 0.01, 0.3),
            FeeOut = Pick(random, 0, 0, 0.001, 0.02),
            TokenFees = fees.Next(3) == 0 ? TokenFees(tokens, fees) : [],
            TokenFeesOut = fees.Next(3) == 0 ? TokenFees(tokens, fees) : [],
            Curve = curve,
        };
    }

    public static double Pick(Random random, params double[] values) => values[random.Next(values.Length)];

    /// <summary>A number whose logarithm is uniform.</summary>
    public static double LogUniform(Random random, double low, double high) =>
        low * Math.ScaleB(1 + random.NextDouble(), random.Next(0, Math.Max(1, Math.ILogB(high / low))));

    private static ImmutableArray<double> TokenFees(int tokens, Random random) =>
        [.. Enumerable.Range(0, tokens).Select(_ => Pick(random, 0, 0.0005, 0.01, 0.05, 0.4))];

    private static PoolCurve Curve(string kind, int tokens, Random random)
    {
        var scale = LogUniform(random, 1e-5, 1e18);
        return kind switch
        {
            "product" => new ProductCurve(Reserves(2, scale, random)),
            "weighted" => new WeightedCurve(Reserves(tokens, scale, random), [.. Enumerable.Range(0, tokens).Select(_ => Pick(random, 0.2, 0.8, 0.5, 1, 0.05, 3))]),
            "sum" => new SumCurve(Reserves(2, scale, random), [Pick(random, 1, 1e-9, 0.3), Pick(random, 1, 1e-6, 1.7)]),
            "stable" => Stable(scale, random),
            "concentrated" => Concentrated(scale, random),
            _ => Bins(scale, random),
        };
    }

    private static ImmutableArray<double> Reserves(int count, double scale, Random random) =>
        [.. Enumerable.Range(0, count).Select(_ => scale * LogUniform(random, 1, 10_000))];

    private static StableCurve Stable(double scale, Random random)
    {
        var rates = (Pick(random, 1, 1e-6, 1.03), Pick(random, 1, 1e-9, 0.97));
        var share = 0.01 + 0.98 * random.NextDouble();
        return new StableCurve(
            [scale * share / rates.Item1, scale * (1 - share) / rates.Item2],
            Pick(random, 0.1, 1, 10, 100, 1000, 123.456),
            [rates.Item1, rates.Item2]);
    }

    private static ConcentratedCurve Concentrated(double scale, Random random)
    {
        var intervals = random.Next(1, 12);
        var step = Pick(random, 1.0001, 1.01, 1.5);
        var first = LogUniform(random, 1e-6, 1e6);
        var ticks = ImmutableArray.CreateBuilder<double>();
        for (var tick = first; ticks.Count <= intervals; tick *= step * (1 + 0.01 * random.NextDouble()))
            ticks.Add(tick);
        var where = random.Next(-1, intervals + 1);
        var price = where < 0 ? first * 0.9
            : where >= intervals ? ticks[^1] * 1.1
            : random.Next(4) == 0 ? ticks[where]
            : ticks[where] + (ticks[where + 1] - ticks[where]) * random.NextDouble();
        return new ConcentratedCurve(
            price,
            ticks.ToImmutable(),
            [.. Enumerable.Range(0, intervals).Select(_ => random.Next(5) == 0 ? 0 : scale * LogUniform(random, 1, 100))]);
    }

    private static BinsCurve Bins(double scale, Random random)
    {
        var count = random.Next(1, 12);
        var active = random.Next(count);
        var step = 1 + Pick(random, 0.01, 0.05);
        var price = LogUniform(random, 1e-6, 1e6);
        var ownFees = random.Next(2) == 0;
        var bins = ImmutableArray.CreateBuilder<Bin>(count);
        for (var i = 0; i < count; i++, price *= step)
        {
            var x = i >= active ? scale * LogUniform(random, 1, 100) * random.Next(2) : 0;
            var y = i <= active ? scale * LogUniform(random, 1, 100) * price * random.Next(2) : 0;
            bins.Add(new Bin(price, x, y, ownFees ? Pick(random, 0.001, 0.003, 0.004) : null));
        }

        return new BinsCurve(bins.ToImmutable());
    }
}
