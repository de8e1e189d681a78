using QTrade.Solver.Arithmetic;
using QTrade.Solver.Newton;
using QTrade.Solver.Pools;

namespace QTrade.Solver.Tests.Newton;

/// <summary>What pools do at given prices is best there, and its derivative is what the Newton system is told.</summary>
public sealed class PricedPoolsSpecs
{
    private static readonly RoutingPool[] Kinds =
    [
        new ProductPool([0, 1], [1000, 2000], 0.003),
        new ProductPool([0, 1], [1000, 2000], 0.003, feeOut: 0.01),
        new WeightedPool([0, 1], [1000, 2000], [0.8, 0.2], 0.003),
        new ConcentratedPool([0, 1], 2, [0.5, 1.9, 2.1, 2.2, 6], [100, 4000, 300, 900], 0.0005),
    ];

    public static TheoryData<int, double> Cases
    {
        get
        {
            var cases = new TheoryData<int, double>();
            for (int kind = 0; kind < Kinds.Length; kind++)
            {
                foreach (double smoothing in (double[])[0, 1e-3])
                    cases.Add(kind, smoothing);
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Receive_rises_as_told_and_tender_rises_by_what_is_received_at_the_marginal_price(int kind, double smoothing)
    {
        PricedPools pools = Load(Kinds[kind]);
        pools.Smoothing = smoothing;
        foreach (double u in (double[])[-0.003, -0.0004, 0.0003, 0.002, 0.04, 0.07])
        {
            foreach (int leg in (int[])[0, 1])
            {
                double difference = DifferenceAt(pools, leg, u);
                double h = 1e-6 * (leg == 0 ? 1 : -1);
                pools.Evaluate(0, difference);
                if (pools.Leg[0] != leg)
                {
                    Assert.True(u < 0);
                    continue;
                }

                double rise = pools.Rise[0];
                pools.Evaluate(0, difference + h);
                (double tender, double received) = (pools.Tender[0], pools.Received[0]);
                pools.Evaluate(0, difference - h);
                double risen = received - pools.Received[0], tendered = tender - pools.Tender[0];
                Assert.Equal(rise, risen / 2e-6, 1e-4 * rise + 1e-6);

                // At the margin nu_in d tender = nu_out d receive, with nu_out / nu_in = e^z difference (S = 1).
                double price = Elementary.Exp(leg == 0 ? difference : -difference);
                Assert.Equal(risen * price, tendered, 1e-4 * tendered + 1e-12);
            }
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Values_without_cancellation_agree_with_the_exact_ones(int kind)
    {
        PricedPools pools = Load(Kinds[kind]);
        foreach (double u in (double[])[1e-7, 1e-4, 0.01, 0.049, 0.051, 0.3, 2])
        {
            foreach (int leg in (int[])[0, 1])
            {
                double difference = DifferenceAt(pools, leg, u);
                pools.Evaluate(0, difference);
                double priceIn = leg == 0 ? 1 : Elementary.Exp(difference), priceOut = leg == 0 ? Elementary.Exp(difference) : 1;
                double exact = Kinds[kind].LegArbitrage(leg, priceIn, priceOut).Hi;
                double value = pools.Arbitrage(0, priceIn, priceOut).Hi, rounding = 4e-15 * priceIn * pools.Tender[0];
                if (kind < 3)
                    Assert.Equal(exact, value, 4e-14 * exact + rounding);
                else
                    Assert.InRange(value, exact, exact * (1 + 3.1e-11)); // A curve's is never below.
                Assert.Equal(value, pools.ArbitrageAt(0, difference, leg == 0 ? priceIn : priceOut, leg == 0 ? priceOut : priceIn, out _, out _).Hi, 4e-14 * exact + rounding);
            }
        }
    }

    private static PricedPools Load(RoutingPool pool)
    {
        var graph = new RoutingGraph();
        graph.TryLoad(new RoutingProblem([1, 1], [0, 0], [pool]));
        var pools = new PricedPools();
        Assert.True(pools.TryLoad(graph, [pool]));
        return pools;
    }

    /// <summary>The z difference at which the leg has the excess u.</summary>
    private static double DifferenceAt(PricedPools pools, int leg, double u)
    {
        pools.Evaluate(0, 0);
        double atZero = pools.ExcessOf(0, leg);
        return leg == 0 ? u - atZero : atZero - u;
    }
}
