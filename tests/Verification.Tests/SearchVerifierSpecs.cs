using QTrade.Markets;
using QTrade.Markets.Files;

namespace QTrade.Verification.Tests;

/// <summary>Markets with limits: the trade, the leaves' bounds and their cover, each with what is wrong about it.</summary>
public sealed class SearchVerifierSpecs
{
    private static readonly PoolId P1 = new("p1"), P2 = new("p2"), P3 = new("p3");

    /// <summary>
    /// The two pools of <see cref="HandMade.TwoPools"/> and a third between A and C that no trade can use alone; two pools may trade at a cost of 1
    /// each, so that 31.25 - 2 is the optimum. With p1 out, or p2 out, nothing is to be had.
    /// </summary>
    private static readonly Market Market = HandMade.TwoPools with
    {
        Tokens = [.. HandMade.TwoPools.Tokens, HandMade.Token("C", 0)],
        Pools = [.. HandMade.TwoPools.Pools, HandMade.Pool("p3", ["A", "C"], new ProductCurve([100, 100]))],
        Limits = new MarketLimits(2, 1),
    };

    private static readonly MarketSearch Leaves = new(
        5,
        [1, 0.25, 1],
        [
            new([P1, P2], [], [1, 0.25, 1], 29.25),
            new([P1], [P2], [1, 1, 1], -1),
            new([], [P1], [1, 9 / 64.0, 1], 0),
        ]);

    private static readonly MarketResult Good = HandMade.TwoPoolsAnswer with
    {
        Profit = 29.25,
        UpperBound = 29.25,
        Prices = [1, 0.25, 1],
        NetFlow = [31.25, 0, 0],
        UnlimitedBound = 31.25,
        Search = SearchText.Write(Leaves),
    };

    [Fact]
    public void The_optimum_within_limits_is_verified()
    {
        VerificationReport report = ResultVerifier.Verify(Market, HandMade.Hash, Good);
        Assert.True(report.Verified, report.Summary);
        Assert.NotNull(report.Find(CheckName.Cover));
    }

    [Fact]
    public void A_cost_left_out_of_the_profit_is_rejected() =>
        AssertFails(Good with { Profit = 31.25, Gap = -2 / 29.25 }, CheckName.Profit, CheckName.Gap);

    [Fact]
    public void The_cost_of_one_pool_too_few_is_rejected() =>
        AssertFails(Good with { Profit = 30.25, Gap = -1 / 29.25 }, CheckName.Profit, CheckName.Gap);

    [Fact]
    public void More_pools_than_may_trade_are_rejected()
    {
        MarketResult three = Good with
        {
            Trades = [.. Good.Trades, HandMade.Trade("p3", [0, 0], [0, 0])],
            Profit = 28.25,
            Gap = 1 / 29.25,
            Status = ResultStatus.Inaccurate,
        };
        AssertFails(three, CheckName.Limits);
    }

    [Fact]
    public void Each_missing_leaf_is_noticed()
    {
        for (int k = 0; k < Leaves.Leaves.Length; k++)
        {
            MarketResult result = With(Leaves with { Leaves = Leaves.Leaves.RemoveAt(k) });
            VerificationReport report = ResultVerifier.Verify(Market, HandMade.Hash, result);
            Assert.False(report.Find(CheckName.Cover)!.Ok, $"without leaf {k}: {report.Summary}");
        }

        AssertFails(With(Leaves with { Leaves = [] }), CheckName.Cover, CheckName.UpperBound);
    }

    [Fact]
    public void A_leaf_with_a_pool_more_than_it_may_decide_leaves_a_hole_that_is_named()
    {
        MarketSearchLeaf narrow = Leaves.Leaves[2] with { ForcedOut = [P1, P3] };
        VerificationReport report = AssertFails(With(Leaves with { Leaves = Leaves.Leaves.SetItem(2, narrow) }), CheckName.Cover);
        Assert.Contains("p3 in and p1 out", report.Find(CheckName.Cover)!.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Choices_of_more_pools_than_may_trade_need_no_leaf()
    {
        // p1 in and p2 in leaves no room for p3.
        MarketSearchLeaf narrow = Leaves.Leaves[0] with { ForcedOut = [P3] };
        VerificationReport report = ResultVerifier.Verify(Market, HandMade.Hash, With(Leaves with { Leaves = Leaves.Leaves.SetItem(0, narrow) }));
        Assert.True(report.Verified, report.Summary);
    }

    [Fact]
    public void Leaves_that_overlap_cover_as_well()
    {
        VerificationReport report = ResultVerifier.Verify(
            Market, HandMade.Hash, With(Leaves with { Leaves = [.. Leaves.Leaves, new([], [P2], [1, 1, 1], 0), Leaves.Leaves[0]] }));
        Assert.True(report.Verified, report.Summary);
    }

    [Theory]
    [InlineData(0, 29.25 * (1 + 1e-6))]
    [InlineData(0, 29.25 * (1 - 1e-6))]
    [InlineData(1, -1.001)]
    [InlineData(2, 1e-6)]
    public void A_leaf_with_a_bound_that_is_not_its_prices_is_rejected_and_named(int leaf, double bound)
    {
        MarketSearchLeaf wrong = Leaves.Leaves[leaf] with { Bound = bound };
        VerificationReport report = ResultVerifier.Verify(Market, HandMade.Hash, With(Leaves with { Leaves = Leaves.Leaves.SetItem(leaf, wrong) }));
        Assert.False(report.Verified);
        Assert.Equal($"leaves[{leaf}]", report.Find(CheckName.Leaves)!.Where);
    }

    [Fact]
    public void An_upper_bound_that_is_not_the_largest_leaf_is_rejected()
    {
        // At B's price of 1/5 the first leaf would let 30.6 through.
        MarketSearchLeaf loose = Leaves.Leaves[0] with { Prices = [1, 0.2, 1] };
        VerificationReport report = ResultVerifier.Verify(Market, HandMade.Hash, With(Leaves with { Leaves = Leaves.Leaves.SetItem(0, loose) }));
        Assert.False(report.Find(CheckName.Leaves)!.Ok);
        Assert.False(report.Find(CheckName.UpperBound)!.Ok);
        AssertFails(Good with { UpperBound = 30, Gap = 0.75 / 30, Status = ResultStatus.Inaccurate }, CheckName.UpperBound);
        double below = Math.BitDecrement(29.25);
        AssertFails(Good with { UpperBound = below, Gap = (below - 29.25) / below }, CheckName.UpperBound);
    }

    [Fact]
    public void A_leaf_that_leaves_free_pools_counts_only_the_best_that_still_fit()
    {
        // At these prices p1 and p2 are worth 24 and 5.25 after their cost; with one of them to choose the root alone proves 24.
        Market one = Market with { Limits = new MarketLimits(1, 1) };
        MarketResult nothing = HandMade.Result(one, [1, 0.25, 1]) with
        {
            Profit = 0,
            UpperBound = 24,
            Gap = 1,
            Status = ResultStatus.Budget,
            UnlimitedBound = 31.25,
            Search = SearchText.Write(new(1, [1, 0.25, 1], [new([], [], [1, 0.25, 1], 24)])),
        };
        VerificationReport report = ResultVerifier.Verify(one, HandMade.Hash, nothing);
        Assert.True(report.Verified, report.Summary);
    }

    [Fact]
    public void A_search_that_cannot_be_judged_is_rejected()
    {
        Assert.False(ResultVerifier.Verify(Market, Good with { Search = null }).Find(CheckName.Search)!.Ok);
        Assert.False(ResultVerifier.Verify(Market, Good with { Search = "{}" }).Find(CheckName.Search)!.Ok);
        MarketSearchLeaf leaf = Leaves.Leaves[0];
        Assert.All(
            (MarketSearchLeaf[])
            [
                leaf with { Prices = [1, 0.25] }, leaf with { Prices = [0.999, 0.25, 1] }, leaf with { ForcedIn = [P1, P1] },
                leaf with { ForcedOut = [P1] }, leaf with { ForcedIn = [P1, new PoolId("p9")] },
            ],
            odd => Assert.False(ResultVerifier.Verify(Market, With(Leaves with { Leaves = [odd] })).Find(CheckName.Search)!.Ok));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(31.0)]
    [InlineData(31.2500001)]
    public void A_bound_without_limits_that_is_not_proved_is_rejected(double? bound) =>
        AssertFails(Good with { UnlimitedBound = bound }, CheckName.UnlimitedBound);

    [Fact]
    public void A_bound_without_limits_needs_its_prices() =>
        AssertFails(With(Leaves with { UnlimitedPrices = [] }), CheckName.UnlimitedBound);

    private static MarketResult With(MarketSearch search) => Good with { Search = SearchText.Write(search) };

    private static VerificationReport AssertFails(MarketResult result, params string[] names)
    {
        VerificationReport report = ResultVerifier.Verify(Market, HandMade.Hash, result);
        Assert.False(report.Verified);
        Assert.Equal(names.Order(StringComparer.Ordinal), report.Checks.Where(check => !check.Ok).Select(check => check.Name).Order(StringComparer.Ordinal));
        return report;
    }
}
