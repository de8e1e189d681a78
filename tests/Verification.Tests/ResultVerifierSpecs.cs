using System.Collections.Immutable;
using QTrade.Markets;

namespace QTrade.Verification.Tests;

public sealed class ResultVerifierSpecs
{
    private static readonly MarketResult Good = HandMade.TwoPoolsAnswer;

    [Fact]
    public void The_optimum_of_two_pools_is_verified()
    {
        VerificationReport report = Verify(Good);
        Assert.True(report.Verified, report.Summary);
        Assert.All(report.Checks, check => Assert.True(check.Ok));
        Assert.StartsWith("verified", report.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_market_s_name_is_rejected() => AssertFails(Good with { Market = "other" }, CheckName.Market);

    [Fact]
    public void Another_market_s_hash_is_rejected() => AssertFails(Good with { MarketHash = "ffff" }, CheckName.MarketHash);

    [Fact]
    public void Without_the_market_s_bytes_the_hash_is_not_checked()
    {
        VerificationReport report = ResultVerifier.Verify(HandMade.TwoPools, Good with { MarketHash = "ffff" });
        Assert.True(report.Verified, report.Summary);
        Assert.Null(report.Find(CheckName.MarketHash));
    }

    [Fact]
    public void A_profit_off_by_a_millionth_is_rejected() =>
        AssertFails(Good with { Profit = 31.25 * (1 - 1e-6), Gap = 1e-6, Status = ResultStatus.Inaccurate }, CheckName.Profit);

    [Fact]
    public void A_profit_off_by_1e_9_is_rejected() => AssertFails(Good with { Profit = 31.25 * (1 - 1e-9), Gap = 1e-9 }, CheckName.Profit);

    [Fact]
    public void An_upper_bound_one_bit_below_the_dual_is_rejected()
    {
        double below = Math.BitDecrement(31.25);
        VerificationReport report = AssertFails(Good with { UpperBound = below, Gap = (below - 31.25) / below }, CheckName.UpperBound);
        Assert.True(report.Find(CheckName.UpperBound)!.Worst < 0);
    }

    [Fact]
    public void An_upper_bound_one_bit_above_the_dual_is_accepted()
    {
        double above = Math.BitIncrement(31.25);
        VerificationReport report = Verify(Good with { UpperBound = above, Gap = (above - 31.25) / above });
        Assert.True(report.Verified, report.Summary);
    }

    [Fact]
    public void An_upper_bound_2e_10_above_the_dual_is_rejected()
    {
        double above = 31.25 * (1 + 2e-10);
        AssertFails(Good with { UpperBound = above, Gap = (above - 31.25) / above }, CheckName.UpperBound);
    }

    [Fact]
    public void Prices_below_the_values_are_rejected_and_name_the_token()
    {
        VerificationReport report = Verify(Good with { Prices = [0.999999, 0.25] });
        VerificationCheck check = report.Find(CheckName.Prices)!;
        Assert.False(check.Ok);
        Assert.Equal("A", check.Where);
        Assert.Equal(1e-6, check.Worst, 9);
    }

    [Fact]
    public void Too_few_prices_are_rejected_without_a_bound()
    {
        VerificationReport report = Verify(Good with { Prices = [1] });
        Assert.False(report.Find(CheckName.Prices)!.Ok);
        Assert.False(report.Find(CheckName.UpperBound)!.Ok);
    }

    [Fact]
    public void A_gap_that_is_not_the_gap_is_rejected() => AssertFails(Good with { Gap = 1e-11 }, CheckName.Gap);

    [Fact]
    public void A_profit_above_its_own_bound_is_rejected() =>
        AssertFails(Good with { UpperBound = 31, Gap = -0.25 / 31 }, CheckName.UpperBound, CheckName.Gap);

    [Fact]
    public void A_larger_receive_is_rejected_and_names_the_pool()
    {
        MarketResult greedy = Good with { Trades = [Good.Trades[0] with { Receive = [50 * (1 + 1e-11), 0] }, Good.Trades[1]] };
        VerificationReport report = AssertFails(greedy, CheckName.Invariants);
        Assert.Equal("p1", report.Find(CheckName.Invariants)!.Where);
        Assert.Equal(1e-11, report.Find(CheckName.Invariants)!.Worst, 13);
    }

    [Fact]
    public void A_smaller_tender_that_leaves_a_token_short_is_rejected_and_names_the_token()
    {
        MarketResult shortOfB = Good with { Trades = [Good.Trades[0], Good.Trades[1] with { Receive = [0, 100 * (1 - 3e-12)] }] };
        VerificationReport report = AssertFails(shortOfB, CheckName.Shortage);
        Assert.Equal("B", report.Find(CheckName.Shortage)!.Where);
        Assert.Equal(1.5e-12, report.Find(CheckName.Shortage)!.Worst, 14);
    }

    [Fact]
    public void A_shortage_within_1e_12_of_the_turnover_is_accepted()
    {
        MarketResult nearly = Good with { Trades = [Good.Trades[0], Good.Trades[1] with { Receive = [0, 100 * (1 - 1e-12)] }] };
        VerificationReport report = Verify(nearly);
        Assert.True(report.Verified, report.Summary);
    }

    [Fact]
    public void A_pool_that_trades_twice_is_rejected() =>
        AssertFails(Good with { Trades = [.. Good.Trades, Good.Trades[0]] }, CheckName.Trades);

    [Fact]
    public void A_pool_that_the_market_does_not_have_is_rejected() =>
        AssertFails(Good with { Trades = [.. Good.Trades, HandMade.Trade("p9", [0, 0], [0, 0])] }, CheckName.Trades);

    [Fact]
    public void Amounts_of_the_wrong_length_are_rejected() =>
        AssertFails(Good with { Trades = [.. Good.Trades.Take(1), Good.Trades[1] with { Tender = [18.75, 0, 0] }] }, CheckName.Trades, CheckName.Profit, CheckName.Shortage, CheckName.NetFlow);

    [Fact]
    public void Negative_amounts_are_rejected() =>
        AssertFails(Good with { Trades = [Good.Trades[0] with { Receive = [50, -0.5] }, Good.Trades[1]] }, CheckName.Trades, CheckName.Profit, CheckName.Shortage, CheckName.NetFlow);

    [Fact]
    public void A_net_flow_that_the_trades_do_not_show_is_rejected() => AssertFails(Good with { NetFlow = [31.25, 1] }, CheckName.NetFlow);

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    public void What_is_not_finite_is_rejected_wherever_it_stands(double odd)
    {
        MarketResult[] results =
        [
            Good with { Profit = odd }, Good with { UpperBound = odd }, Good with { Gap = odd }, Good with { Prices = [odd, 0.25] },
            Good with { NetFlow = [odd, 0] }, Good with { ElapsedMs = odd },
            Good with { Trades = [Good.Trades[0] with { Tender = [odd, 100] }, Good.Trades[1]] },
            Good with { Trades = [Good.Trades[0] with { MarginalPriceAfter = odd }, Good.Trades[1]] },
        ];
        Assert.All(results, result => Assert.False(Verify(result).Find(CheckName.Finite)!.Ok));
    }

    [Fact]
    public void Missing_lists_are_rejected_and_do_not_throw()
    {
        Assert.False(Verify(Good with { Prices = default }).Verified);
        Assert.False(Verify(Good with { NetFlow = default }).Verified);
        Assert.False(Verify(Good with { Trades = default }).Verified);
        Assert.False(Verify(Good with { Trades = [Good.Trades[0] with { Tender = default }] }).Verified);
        Assert.False(Verify(Good with { Trades = [null!, new PoolTrade(default, [], [], 0, 0)] }).Verified);
        Assert.False(Verify(Good with { Market = null!, MarketHash = null! }).Verified);
    }

    [Fact]
    public void Any_number_of_a_tight_answer_that_is_changed_by_a_millionth_is_noticed()
    {
        foreach (double factor in (double[])[1 + 1e-6, 1 - 1e-6])
        {
            var changed = new List<MarketResult>
            {
                Good with { Profit = Good.Profit * factor }, Good with { UpperBound = Good.UpperBound * factor }, Good with { Gap = factor - 1 },
                Good with { Prices = [factor, 0.25] }, Good with { Prices = [1, 0.25 * factor] }, Good with { NetFlow = [31.25 * factor, 0] },
            };
            for (int t = 0; t < 2; t++)
            {
                PoolTrade trade = Good.Trades[t];
                for (int a = 0; a < 2; a++)
                {
                    PoolTrade tender = trade with { Tender = trade.Tender.SetItem(a, trade.Tender[a] * factor) };
                    PoolTrade receive = trade with { Receive = trade.Receive.SetItem(a, trade.Receive[a] * factor) };
                    if (trade.Tender[a] > 0)
                        changed.Add(Good with { Trades = Good.Trades.SetItem(t, tender) });
                    if (trade.Receive[a] > 0)
                        changed.Add(Good with { Trades = Good.Trades.SetItem(t, receive) });
                }
            }
            Assert.Equal(10, changed.Count);
            Assert.All(changed, result => Assert.False(Verify(result).Verified));
        }
    }

    [Fact]
    public void No_arbitrage_that_prints_a_losing_trade_is_rejected()
    {
        Market market = HandMade.TwoPools with { Pools = [HandMade.TwoPools.Pools[0], HandMade.TwoPools.Pools[1] with { Curve = new ProductCurve([50, 50]) }] };
        market = market with { Tokens = [HandMade.Token("A", 1, 100), market.Tokens[1]] };
        MarketResult losing = HandMade.Result(market, [1, 1], HandMade.Trade("p1", [20, 0], [0, 10]), HandMade.Trade("p2", [0, 10], [5, 0]));
        AssertFails(market, losing, CheckName.Status);
    }

    [Fact]
    public void Extreme_amounts_and_prices_are_judged_and_do_not_throw()
    {
        foreach (double extreme in (double[])[double.MaxValue, double.Epsilon, 1e300, 1e-300])
        {
            Verify(Good with { Prices = [Math.Max(1, extreme), extreme], Profit = extreme, UpperBound = extreme, Gap = -extreme });
            Verify(Good with { Trades = [HandMade.Trade("p1", [extreme, extreme], [extreme, extreme]), HandMade.Trade("p2", [0, extreme], [extreme, 0])] });
        }
    }

    [Theory]
    [InlineData(ResultStatus.NoArbitrage)]
    [InlineData(ResultStatus.Invalid)]
    [InlineData(ResultStatus.Inaccurate)]
    [InlineData((ResultStatus)99)]
    public void A_status_that_the_gap_does_not_bear_out_is_rejected(ResultStatus status) => AssertFails(Good with { Status = status }, CheckName.Status);

    [Fact]
    public void Optimal_with_a_gap_of_5e_9_is_rejected_where_only_smooth_pools_trade()
    {
        MarketResult result = HandMade.Result(HandMade.TwoPools, [1, 0.2500175], [.. Good.Trades]);
        Assert.InRange(result.Gap, 1.1e-9, 9.9e-9);
        AssertFails(HandMade.TwoPools, result with { Status = ResultStatus.Optimal }, CheckName.Status);
        Assert.True(Verify(result with { Status = ResultStatus.Inaccurate }).Verified);
        Assert.True(Verify(result with { Status = ResultStatus.Budget }).Verified);
    }

    [Fact]
    public void Optimal_with_a_gap_of_5e_9_is_accepted_where_a_sum_pool_binds()
    {
        // The sum pool gives two C for one A, all of it: the same worth on both sides of the certificate.
        Market market = HandMade.TwoPools with
        {
            Tokens = [.. HandMade.TwoPools.Tokens, HandMade.Token("C", 1)],
            Pools = [.. HandMade.TwoPools.Pools, HandMade.Pool("s", ["A", "C"], new SumCurve([10, 10], [2, 1]))],
        };
        MarketResult result = HandMade.Result(market, [1, 0.2500175, 1], [.. Good.Trades, HandMade.Trade("s", [5, 0], [0, 10])]);
        Assert.InRange(result.Gap, 1.1e-9, 9.9e-9);
        VerificationReport report = Verify(market, result with { Status = ResultStatus.Optimal });
        Assert.True(report.Verified, report.Summary);
    }

    [Fact]
    public void No_arbitrage_is_verified_by_prices_at_which_every_pool_idles()
    {
        Market market = HandMade.TwoPools with { Pools = [HandMade.TwoPools.Pools[0], HandMade.TwoPools.Pools[1] with { Curve = new ProductCurve([50, 50]) }] };
        MarketResult result = HandMade.Result(market, [1, 1]);
        Assert.Equal(ResultStatus.NoArbitrage, result.Status);
        VerificationReport report = Verify(market, result);
        Assert.True(report.Verified, report.Summary);
        Assert.Equal(0, result.UpperBound);
    }

    [Fact]
    public void A_market_with_limits_asks_for_a_search() =>
        AssertFails(
            HandMade.TwoPools with { Limits = new MarketLimits(2, 0) },
            Good,
            CheckName.Search,
            CheckName.Cover,
            CheckName.UpperBound,
            CheckName.UnlimitedBound);

    [Fact]
    public void A_kind_that_it_does_not_know_is_refused_by_name()
    {
        Market market = HandMade.TwoPools with { Pools = [.. HandMade.TwoPools.Pools, HandMade.Pool("odd", ["A", "B"], new UnknownCurve())] };
        VerificationReport report = AssertFails(market, Good, CheckName.Kinds);
        Assert.Equal("odd", report.Find(CheckName.Kinds)!.Where);
    }

    private sealed record UnknownCurve : PoolCurve
    {
        public override string Kind => "unknown";

        public override ImmutableArray<double> State => [];

        public override PoolCurve WithState(ImmutableArray<double> state) => this;
    }

    private static VerificationReport Verify(MarketResult result) => Verify(HandMade.TwoPools, result);

    private static VerificationReport Verify(Market market, MarketResult result) => ResultVerifier.Verify(market, HandMade.Hash, result);

    private static VerificationReport AssertFails(MarketResult result, params string[] names) => AssertFails(HandMade.TwoPools, result, names);

    /// <summary>The report fails in the named checks, the first of them among what the summary says, and in no other.</summary>
    private static VerificationReport AssertFails(Market market, MarketResult result, params string[] names)
    {
        VerificationReport report = Verify(market, result);
        Assert.False(report.Verified);
        Assert.Equal(names.Order(StringComparer.Ordinal), report.Checks.Where(check => !check.Ok).Select(check => check.Name).Order(StringComparer.Ordinal));
        Assert.Contains(names[0] + ":", report.Summary, StringComparison.Ordinal);
        return report;
    }
}
