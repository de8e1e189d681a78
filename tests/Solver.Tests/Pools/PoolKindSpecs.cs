using QTrade.Markets;
using QTrade.Shared.MarketFamilies;
using QTrade.Solver.Arithmetic;
using QTrade.Trading.Problems;

namespace QTrade.Solver.Tests.Pools;

/// <summary>What every kind of pool promises: edges, quote and arb are one curve.</summary>
public sealed class PoolKindSpecs
{
    public static TheoryData<string> Families => ["paper", "hubmixed", "ticks", "bins", "binfees", "stable", "hostile", "routing", "transferfees", "tokenfees"];

    [Theory]
    [MemberData(nameof(Families))]
    public void No_tender_earns_more_than_arb(string family) => ForEveryLeg(family, (pool, leg, random) =>
    {
        double slope = BestRate(pool, leg);
        double priceOut = random.NextDouble() + 0.1, priceIn = slope * priceOut * (0.2 + random.NextDouble());
        double arb = pool.LegArbitrage(leg, priceIn, priceOut).Hi;
        double most = Math.Min(pool.MostTender(leg), 1e3 * pool.MostReceived(leg) / slope);
        for (int i = 0; i < 40; i++)
        {
            double tender = most * Math.Min(1, Elementary(random));
            double received = pool.Receive(leg, tender).RoundedDown();
            double value = (priceOut * received) - (priceIn * tender);
            Assert.True(value <= arb + (1e-12 * priceOut * received), $"{pool.GetType().Name} leg {leg}: {tender:R} earns {value:R}, arb is {arb:R}");
        }
    });

    [Theory]
    [MemberData(nameof(Families))]
    public void Arb_is_reached_where_the_slope_meets_the_prices(string family) => ForEveryLeg(family, (pool, leg, random) =>
    {
        double slope = BestRate(pool, leg);
        double priceIn = slope * (0.3 + (0.6 * random.NextDouble()));
        double arb = pool.LegArbitrage(leg, priceIn, 1).Hi;
        double low = 0, high = Math.Min(pool.MostTender(leg), pool.MostReceived(leg) / priceIn);
        double best = 0;
        for (int i = 0; i < 300; i++)
        {
            double a = low + ((high - low) / 3), b = high - ((high - low) / 3);
            double va = Value(a), vb = Value(b);
            best = Math.Max(best, Math.Max(va, vb));
            if (va < vb)
                low = a;
            else
                high = b;
        }

        best = Math.Max(best, Value(pool.MostTender(leg) < double.PositiveInfinity ? pool.MostTender(leg) : 0));
        Assert.Equal(arb, best, (1e-9 * arb) + (1e-13 * pool.MostReceived(leg)));
        double Value(double tender) => pool.Receive(leg, tender).Hi - (priceIn * tender);
    });

    [Theory]
    [MemberData(nameof(Families))]
    public void Edges_filled_in_order_give_what_the_quote_gives(string family) => ForEveryLeg(family, (pool, leg, random) =>
    {
        (double[] gamma, double[] cap, double[] scale) = Describe(pool, leg);
        double[] f = new double[gamma.Length];
        int filled = random.Next(gamma.Length);
        double tender = 0;
        for (int e = 0; e <= filled; e++)
        {
            double part = e < filled ? cap[e] : Math.Min(cap[e], scale[e]) * random.NextDouble();
            if (double.IsInfinity(part))
                return;
            f[e] = part;
            tender += part / gamma[e];
        }

        (double[] output, double[] slope, double[] curvature) = Evaluate(pool, leg, f);
        double expected = pool.Receive(leg, Math.Min(tender, pool.MostTender(leg))).Hi;
        Assert.Equal(expected, output.Sum(), 1e-10 * (expected + (1e-6 * pool.MostReceived(leg))));
        Assert.All(slope, s => Assert.True(s > 0 && double.IsFinite(s)));
        Assert.All(curvature, c => Assert.True(c >= 0 && double.IsFinite(c)));
    });

    [Theory]
    [MemberData(nameof(Families))]
    public void Slope_and_curvature_are_the_derivatives(string family) => ForEveryLeg(family, (pool, leg, random) =>
    {
        (double[] gamma, double[] cap, double[] scale) = Describe(pool, leg);
        double[] f = [.. cap.Select((c, e) => Math.Min(c, scale[e]) * (0.2 + (0.6 * random.NextDouble())))];
        double[] step = [.. f.Select((x, e) => Math.Min(x, scale[e]) * 1e-5)];
        (double[] up, double[] slopeUp, _) = Evaluate(pool, leg, [.. f.Select((x, e) => x + step[e])]);
        (double[] down, double[] slopeDown, _) = Evaluate(pool, leg, [.. f.Select((x, e) => x - step[e])]);
        (double[] at, double[] slope, double[] curvature) = Evaluate(pool, leg, f);
        for (int e = 0; e < gamma.Length; e++)
        {
            Assert.Equal(slope[e], (up[e] - down[e]) / (2 * step[e]), (1e-4 * slope[e]) + (1e-10 * Math.Abs(at[e]) / step[e]));
            double change = (slopeDown[e] - slopeUp[e]) / slope[e];
            // A step across a tick sees two curvatures.
            if (pool is not QTrade.Solver.Pools.ConcentratedPool)
                Assert.Equal(curvature[e] * 2 * step[e], change, (1e-3 * Math.Abs(change)) + 1e-9);
        }
    });

    /// <summary>Sessions quote and value curves in doubles where these are proven to be near enough: never a quote above the exact one, never a value below it.</summary>
    [Theory]
    [MemberData(nameof(Families))]
    public void What_is_quoted_and_valued_in_doubles_is_on_the_safe_side_of_the_exact(string family) => ForEveryLeg(family, (pool, leg, random) =>
    {
        if (!pool.AnswersToPrices || pool.HasConstantMean)
            return;
        double best = pool.TermsOf(leg).Best, most = pool.MostTender(leg), scale = Math.Min(most, 1e3 * pool.MostReceived(leg) / best);

        // Where the other leg was, or a pool that this one replaced, may be anywhere.
        int cell = -1;
        for (int i = 0; i < 60; i++)
        {
            cell = i % 3 == 0 ? random.Next(60) : cell;
            double tender = i == 0 ? most : scale * Math.Min(1, Elementary(random));
            if (!double.IsFinite(tender))
                continue;
            DoubleDouble exact = pool.Receive(leg, tender);
            double quoted = pool.ReceiveAtLeast(leg, tender, ref cell);
            string quote = $"{pool.GetType().Name} leg {leg}: {tender:R} receives {exact.Hi:R}, quoted {quoted:R}";
            Assert.True((exact - quoted).Hi >= 0, quote);
            Assert.True(quoted >= exact.Hi * (1 - 2e-14) || !double.IsNormal(exact.Hi), quote);
        }

        for (int i = 0; i < 60; i++)
        {
            double priceOut = random.NextDouble() + 0.1, priceIn = best * priceOut / (1 + (8 * Elementary(random)));
            double gain = Math.FusedMultiplyAdd(best, priceOut, -priceIn) / priceIn;
            if (!(gain > 0))
                continue;
            cell = i % 3 == 0 ? random.Next(60) : cell;
            pool.AnswerToGain(leg, gain, ref cell, out double tender, out double received, out _);
            if (tender >= most)
                (tender, received) = (most, pool.ReceiveAtLeast(leg, most, ref cell));
            DoubleDouble exact = pool.LegArbitrage(leg, priceIn, priceOut);
            double bound = pool.ArbitrageAtMost(leg, priceIn, priceOut, tender, received);
            string value = $"{pool.GetType().Name} leg {leg}: at {priceIn:R} and {priceOut:R} worth {exact.Hi:R}, bound {bound:R}";
            Assert.True(bound * (1 + 1e-15) >= exact.Hi, value);
            Assert.True(bound <= exact.Hi * (1 + 1e-10), value);
        }
    });

    private static void ForEveryLeg(string family, Action<RoutingPool, int, Random> spec)
    {
        foreach (int seed in (int[])[1, 2, 3])
        {
            Market market = MarketFamily.Make(family, 40, seed);
            var random = new Random(seed);
            foreach (RoutingPool pool in MarketProblem.Build(market).Pools)
            {
                for (int leg = 0; leg < pool.LegCount; leg++)
                {
                    if (pool.EdgeCount(leg) > 0 && IsOrdinary(pool, leg))
                        spec(pool, leg, random);
                }
            }
        }
    }

    /// <summary>Legs whose numbers leave room for finite differences; the extreme ones are judged by their certificates.</summary>
    private static bool IsOrdinary(RoutingPool pool, int leg) =>
        !(pool.HasHub && pool.LegInput(leg) == pool.Tokens.Length) && BestRate(pool, leg) is > 1e-25 and < 1e25 && pool.MostReceived(leg) is > 1e-20 and < 1e25;

    private static double Elementary(Random random) => Math.ScaleB(1 + random.NextDouble(), -random.Next(40));

    private static double BestRate(RoutingPool pool, int leg)
    {
        (double[] gamma, _, _) = Describe(pool, leg);
        return gamma[0] * Evaluate(pool, leg, new double[gamma.Length]).Slope[0];
    }

    private static (double[] Gamma, double[] Cap, double[] Scale) Describe(RoutingPool pool, int leg)
    {
        int edges = pool.EdgeCount(leg);
        (double[] gamma, double[] cap, double[] scale) = (new double[edges], new double[edges], new double[edges]);
        pool.Describe(leg, gamma, cap, scale);
        return (gamma, cap, scale);
    }

    private static (double[] Output, double[] Slope, double[] Curvature) Evaluate(RoutingPool pool, int leg, double[] f)
    {
        (double[] output, double[] slope, double[] curvature) = (new double[f.Length], new double[f.Length], new double[f.Length]);
        pool.Evaluate(leg, f, output, slope, curvature, new int[f.Length]);
        return (output, slope, curvature);
    }
}
