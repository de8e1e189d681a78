using System.Collections.Immutable;
using QTrade.Markets;
using QTrade.Verification.Tests.TradingSets;
using QTrade.Verification.TradingSets;

namespace QTrade.Verification.Tests;

/// <summary>Every kind of pool: the exact best output is accepted as printed, a little more is not.</summary>
public sealed class FeasibilitySpecs
{
    public static TheoryData<string, int> KindsAndDirections()
    {
        var data = new TheoryData<string, int>();
        foreach (string kind in Curves.Keys)
        {
            data.Add(kind, 0);
            data.Add(kind, 1);
        }
        return data;
    }

    private static readonly SortedDictionary<string, PoolCurve> Curves = new(StringComparer.Ordinal)
    {
        ["product"] = new ProductCurve([100, 120]),
        ["weighted"] = new WeightedCurve([100, 120, 80], [0.5, 0.3, 0.2]),
        ["sum"] = new SumCurve([100, 120], [1, 1.1]),
        ["stable"] = new StableCurve([100, 120], 50, [1, 1.02]),
        ["concentrated"] = new ConcentratedCurve(1.05, [0.8, 0.9, 1, 1.1, 1.2, 1.3], [900, 0, 1500, 700, 400]),
        ["bins"] = new BinsCurve([new(0.9, 0, 30), new(0.95, 0, 40, 0.01), new(1, 30, 35), new(1.05, 40, 0), new(1.1, 50, 0, 0)]),
    };

    [Theory]
    [MemberData(nameof(KindsAndDirections))]
    public void The_best_output_is_accepted_and_a_hundred_billionth_more_is_not(string kind, int tokenIn)
    {
        Market market = Market(kind);
        (double[] tender, double[] receive) = Best(market, tokenIn, 60);
        double[] prices = [.. market.Tokens.Select(token => token.Value)];
        VerificationReport good = ResultVerifier.Verify(market, HandMade.Result(market, [.. prices], Trade(tender, receive)));
        Assert.True(good.Verified, good.Summary);

        receive[1 - tokenIn] *= 1 + 1e-11;
        VerificationReport greedy = ResultVerifier.Verify(market, HandMade.Result(market, [.. prices], Trade(tender, receive)));
        Assert.False(greedy.Find(CheckName.Invariants)!.Ok);
        Assert.Equal("p", greedy.Find(CheckName.Invariants)!.Where);
    }

    [Theory]
    [MemberData(nameof(KindsAndDirections))]
    public void A_receive_without_a_tender_is_rejected(string kind, int tokenOut)
    {
        Market market = Market(kind);
        double[] receive = new double[market.Tokens.Length];
        receive[tokenOut] = 1e-6;
        double[] prices = [.. market.Tokens.Select(token => token.Value)];
        VerificationReport report = ResultVerifier.Verify(market, HandMade.Result(market, [.. prices], Trade(new double[receive.Length], receive)));
        Assert.False(report.Find(CheckName.Invariants)!.Ok);
    }

    [Theory]
    [MemberData(nameof(KindsAndDirections))]
    public void More_than_the_pool_holds_is_rejected(string kind, int tokenIn)
    {
        Market market = Market(kind);
        double[] tender = new double[market.Tokens.Length], receive = new double[market.Tokens.Length];
        tender[tokenIn] = 1e5;
        receive[1 - tokenIn] = 1e4;
        VerificationReport report = ResultVerifier.Verify(market, HandMade.Result(market, [.. market.Tokens.Select(token => token.Value)], Trade(tender, receive)));
        Assert.False(report.Find(CheckName.Reserves)!.Ok);
        Assert.Equal("p", report.Find(CheckName.Reserves)!.Where);
    }

    [Theory]
    [MemberData(nameof(KindsAndDirections))]
    public void A_trade_in_both_directions_is_judged_by_what_is_left_of_it(string kind, int tokenIn)
    {
        Market market = Market(kind);
        double[] prices = [.. market.Tokens.Select(token => token.Value)];
        (double[] tender, double[] receive) = Best(market, tokenIn, 20);
        // Beside the trade, a few of the other token go in and fewer of them come out of the first: that only adds to the pool.
        tender[1 - tokenIn] = 4;
        receive[1 - tokenIn] += 3;
        VerificationReport generous = ResultVerifier.Verify(market, HandMade.Result(market, [.. prices], Trade(tender, receive)));
        Assert.True(generous.Verified, generous.Summary);
        receive[1 - tokenIn] += 1.01;
        VerificationReport greedy = ResultVerifier.Verify(market, HandMade.Result(market, [.. prices], Trade(tender, receive)));
        Assert.False(greedy.Find(CheckName.Invariants)!.Ok);
    }

    [Fact]
    public void A_tender_above_its_bound_is_rejected_and_one_at_it_is_not()
    {
        Market market = HandMade.OnePool(Curves["product"], maxTender: [10, double.PositiveInfinity]);
        VerificationReport at = ResultVerifier.Verify(market, HandMade.Result(market, [1, 2], Trade([10, 0], [0, 1])));
        Assert.True(at.Verified, at.Summary);
        VerificationReport above = ResultVerifier.Verify(market, HandMade.Result(market, [1, 2], Trade([10.000001, 0], [0, 1])));
        VerificationCheck check = above.Find(CheckName.Bounds)!;
        Assert.False(check.Ok);
        Assert.Equal(1e-7, check.Worst, 12);
        VerificationReport unbounded = ResultVerifier.Verify(market, HandMade.Result(market, [1, 2], Trade([0, 1e5], [1, 0])));
        Assert.True(unbounded.Find(CheckName.Bounds)!.Ok);
    }

    [Fact]
    public void Nothing_comes_out_of_a_pool_without_a_reserve()
    {
        Market market = HandMade.OnePool(new ProductCurve([0, 10]));
        VerificationReport report = ResultVerifier.Verify(market, HandMade.Result(market, [1, 2], Trade([5, 0], [0, 1])));
        Assert.False(report.Find(CheckName.Invariants)!.Ok);
    }

    private static Market Market(string kind) => HandMade.OnePool(Curves[kind], feeOut: 0.001, tokens: kind == "weighted" ? 3 : 2);

    private static PoolTrade Trade(double[] tender, double[] receive) =>
        HandMade.Trade("p", ImmutableArray.Create(tender), ImmutableArray.Create(receive));

    private static (double[] Tender, double[] Receive) Best(Market market, int tokenIn, double amount)
    {
        double[] tender = new double[market.Tokens.Length], receive = new double[market.Tokens.Length];
        tender[tokenIn] = amount;
        BestOutput.Of(TradingSetOf.Pool(market.Pools[0])!, tender, receive, 1 - tokenIn);
        return (tender, receive);
    }
}
