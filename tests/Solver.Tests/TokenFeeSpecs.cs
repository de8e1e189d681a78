using System.Collections.Immutable;
using QTrade.Markets;
using QTrade.Markets.Files;
using QTrade.Shared.MarketFamilies;
using QTrade.Solver.Pools;
using QTrade.Trading.Problems;
using QTrade.Verification;

namespace QTrade.Solver.Tests;

/// <summary>
/// Fees that depend on the token, against what they are by other means: one fee for all tokens where all are equal, and pools that only change a token into
/// another one at a price of 1.
/// </summary>
public sealed class TokenFeeSpecs
{
    /// <summary>All six kinds together, and each where it matters most.</summary>
    public static TheoryData<string> Families => ["hubprod", "hubmixed", "hubmulti", "ticks", "bins", "binfees", "stable", "outfees", "bounded", "liquidation", "transferfees", "tokenfees"];

    [Theory]
    [MemberData(nameof(Families))]
    public void Equal_fees_of_all_tokens_are_the_pools_fee(string family)
    {
        foreach (double fee in (double[])[0.0001, 0.004, 0.03])
        {
            Market market = WithoutTokenFees(MarketFamily.Make(family, 40, 11));
            Market each = market with { Pools = [.. market.Pools.Select(pool => pool with { TokenFees = Equal(pool, fee), TokenFeesOut = Equal(pool, fee / 2) })] };
            AssertSameOptimum(market with { Pools = [.. market.Pools.Select(pool => WithFees(pool, fee, fee / 2))] }, each);
        }
    }

    [Theory]
    [InlineData("hubprod")]
    [InlineData("hubmixed")]
    [InlineData("ticks")]
    [InlineData("stable")]
    [InlineData("transferfees")]
    [InlineData("tokenfees")]
    public void A_fee_of_a_token_is_a_pool_that_changes_it_into_another_for_that_fee(string family)
    {
        foreach (int seed in (int[])[12, 13])
        {
            Market market = MarketFamily.Make(family, 20, seed);
            RoutingSolution charged = AssertSameOptimum(Unfolded(market, seed), Charged(market, seed));
            Assert.True(charged.Profit < Solve(market).Profit * (1 - 1e-4), $"{market.Name}: these fees are none");
        }
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void The_order_of_a_pools_own_tokens_changes_nothing(string family)
    {
        Market market = MarketVariants.TokenFees(MarketFamily.Make(family, 40, 14), 14);
        AssertSameOptimum(market, market with { Pools = [.. market.Pools.Select(Turned)] });
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void More_fees_of_single_tokens_never_earn_more(string family)
    {
        Market market = WithoutTokenFees(MarketFamily.Make(family, 40, 15)), charged = MarketVariants.TokenFees(market, 15);
        Assert.True(Solve(charged).Profit <= Solve(market).UpperBound * (1 + 1e-12));
    }

    [Fact]
    public void A_fee_on_one_token_is_taken_in_the_direction_of_that_token()
    {
        RoutingSolution SoldFor(TokenFees fees) => RoutingSolver.Solve(
            new RoutingProblem([0, 2], [10, 0], [new ProductPool([0, 1], [100, 50], 0, tokenFees: fees)]), SolverStart.Cold, SolverOptions.Default);

        Assert.Equal(2 * 50 * 10 / 110.0, SoldFor(new([0, 0.5], [0.5, 0])).Profit, 1e-9);
        Assert.Equal(2 * 50 * 9 / 109.0, SoldFor(new([0.1, 0], [])).Profit, 1e-9);
        Assert.Equal(2 * 50 * 10 / 110.0 * 0.75, SoldFor(new([], [0, 0.25])).Profit, 1e-9);
    }

    [Theory]
    [InlineData(new[] { 0.1 }, new double[0], "tokenFees has 1 entries for 2 tokens")]
    [InlineData(new double[0], new[] { 0.1, 0.1, 0.1 }, "tokenFeesOut has 3 entries for 2 tokens")]
    [InlineData(new[] { 0.1, 1 }, new double[0], "tokenFees holds 1: a fee must be in [0, 1)")]
    [InlineData(new[] { 0.1, double.NaN }, new double[0], "tokenFees holds NaN: a fee must be in [0, 1)")]
    [InlineData(new double[0], new[] { -0.1, 0 }, "tokenFeesOut holds -0.1: a fee must be in [0, 1)")]
    public void Fees_that_are_none_are_refused(double[] fees, double[] feesOut, string message)
    {
        var tokenFees = new TokenFees([.. fees], [.. feesOut]);
        foreach (RoutingPool pool in (RoutingPool[])[
            new ProductPool([0, 1], [1, 1], 0, tokenFees: tokenFees),
            new WeightedPool([0, 1], [1, 1], [1, 1], 0, tokenFees: tokenFees),
            new SumPool([0, 1], [1, 1], [1, 1], 0, tokenFees: tokenFees),
            new StablePool([0, 1], [1, 1], 10, [1, 1], 0, tokenFees: tokenFees),
            new ConcentratedPool([0, 1], 1, [0.5, 2], [1], 0, tokenFees: tokenFees),
            new BinsPool([0, 1], [new(1, 1, 1, 0)], 0, tokenFees: tokenFees)])
        {
            Assert.Equal(message, pool.Defect(2));
            Assert.False(pool.IsSound(2));
        }
    }

    private static ImmutableArray<double> Equal(Pool pool, double fee) => [.. pool.Tokens.Select(_ => fee)];

    private static Market WithoutTokenFees(Market market) =>
        market with { Pools = [.. market.Pools.Select(pool => pool with { TokenFees = [], TokenFeesOut = [] })] };

    /// <summary>The pool with a fee on top of its own on each side, those of its bins included.</summary>
    private static Pool WithFees(Pool pool, double fee, double feeOut) => pool with
    {
        Fee = Composed(pool.Fee, fee),
        FeeOut = Composed(pool.FeeOut, feeOut),
        Curve = pool.Curve is BinsCurve curve
            ? curve with { Bins = [.. curve.Bins.Select(bin => bin.Fee is { } own ? bin with { Fee = Composed(own, fee) } : bin)] }
            : pool.Curve,
    };

    /// <summary>Every other pool with fees of its tokens.</summary>
    private static Market Charged(Market market, int seed) => market with
    {
        Pools = [.. market.Pools.Select((pool, i) => i % 2 != 0 ? pool : pool with
        {
            TokenFees = [.. pool.Tokens.Select((_, k) => Composed(TokenFee(pool.TokenFees, k), FeeIn(i, k, seed)))],
            TokenFeesOut = [.. pool.Tokens.Select((_, k) => Composed(TokenFee(pool.TokenFeesOut, k), FeeOut(i, k, seed)))],
        })],
    };

    /// <summary>The same market without these fees: such a pool trades tokens of its own, and two pools at a price of 1, one a direction, change each for the market's.</summary>
    private static Market Unfolded(Market market, int seed)
    {
        var tokens = market.Tokens.ToBuilder();
        var pools = ImmutableArray.CreateBuilder<Pool>();
        for (int i = 0; i < market.Pools.Length; i++)
        {
            Pool pool = market.Pools[i];
            if (i % 2 != 0)
            {
                pools.Add(pool);
                continue;
            }

            ImmutableArray<TokenId> own = [.. pool.Tokens.Select((token, k) => new TokenId($"{token}:{i}:{k}"))];
            pools.Add(pool with { Tokens = own, MaxTender = [] });
            for (int k = 0; k < own.Length; k++)
            {
                Token shared = market.Tokens.Single(token => token.Id == pool.Tokens[k]);
                tokens.Add(shared with { Id = own[k], Value = 0, Holding = 0 });
                double bound = pool.MaxTender.IsEmpty ? double.PositiveInfinity : pool.MaxTender[k];
                double depth = Depth(market, pool, k);
                pools.Add(Change($"in-{i}-{k}", shared.Id, own[k], depth, FeeIn(i, k, seed)) with { MaxTender = [bound, double.PositiveInfinity] });
                pools.Add(Change($"out-{i}-{k}", own[k], shared.Id, depth, FeeOut(i, k, seed)));
            }
        }

        return market with { Tokens = tokens.ToImmutable(), Pools = pools.ToImmutable() };
    }

    private static Pool Change(string id, TokenId from, TokenId to, double depth, double fee) => new()
    {
        Id = new PoolId(id),
        Tokens = [from, to],
        Fee = fee,
        Curve = new SumCurve([0, depth], [1, 1]),
    };

    /// <summary>More of a token than its pool can take or give in any trade that gains.</summary>
    private static double Depth(Market market, Pool pool, int token) => pool.Curve switch
    {
        ConcentratedCurve curve => 4 * curve.Liquidity.Max() * (token == 0 ? 1 / Math.Sqrt(curve.Ticks[0]) : Math.Sqrt(curve.Ticks[^1])),
        BinsCurve curve => 4 * curve.Bins.Sum(bin => token == 0 ? bin.X + (bin.Y / bin.Price) : bin.Y + (bin.X * bin.Price)),
        SumCurve curve => 4 * ((curve.Reserves[0] * curve.Rates[0]) + (curve.Reserves[1] * curve.Rates[1])) / curve.Rates[token],
        _ => 100 * pool.Curve.State[token],
    };

    private static double FeeIn(int pool, int token, int seed) => 0.0005 * (1 + ((pool + (3 * token) + seed) % 7));

    private static double FeeOut(int pool, int token, int seed) => 0.0004 * (1 + (((2 * pool) + token + seed) % 5));

    private static double TokenFee(ImmutableArray<double> fees, int token) => fees.IsEmpty ? 0 : fees[token];

    private static double Composed(double fee, double more) => fee + more - (fee * more);

    /// <summary>The pool with its two tokens the other way round; others as they are.</summary>
    private static Pool Turned(Pool pool)
    {
        PoolCurve? curve = pool.Curve switch
        {
            ProductCurve product => new ProductCurve([.. product.Reserves.Reverse()]),
            WeightedCurve weighted => new WeightedCurve([.. weighted.Reserves.Reverse()], [.. weighted.Weights.Reverse()]),
            SumCurve sum => new SumCurve([.. sum.Reserves.Reverse()], [.. sum.Rates.Reverse()]),
            StableCurve stable => new StableCurve([.. stable.Reserves.Reverse()], stable.Amplification, [.. stable.Rates.Reverse()]),
            _ => null,
        };
        return curve is null ? pool : pool with
        {
            Curve = curve,
            Tokens = [.. pool.Tokens.Reverse()],
            MaxTender = [.. pool.MaxTender.Reverse()],
            TokenFees = [.. pool.TokenFees.Reverse()],
            TokenFeesOut = [.. pool.TokenFeesOut.Reverse()],
        };
    }

    private static RoutingSolution AssertSameOptimum(Market market, Market other)
    {
        (RoutingSolution one, RoutingSolution two) = (Solve(market), Solve(other));
        double scale = Math.Max(one.UpperBound, two.UpperBound);
        Assert.True(Math.Abs(one.Profit - two.Profit) <= Math.Max(2e-8 * scale, 2e-9), $"{market.Name}: {one.Profit:R} and {two.Profit:R}");
        return two;
    }

    /// <summary>Certified, and verified by the room that shares no code with the solver.</summary>
    private static RoutingSolution Solve(Market market)
    {
        string hash = MarketHash.Of(MarketFile.Write(market));
        MarketResult result = MarketSolver.Solve(market, hash, SolverStart.Cold);
        VerificationReport report = ResultVerifier.Verify(market, hash, result);
        Assert.True(report.Verified, $"{market.Name}: {report.Summary}");
        Assert.True(result.Status is ResultStatus.Optimal or ResultStatus.NoArbitrage, $"{market.Name}: {report.Summary}");
        return RoutingSolver.Solve(MarketProblem.Build(market), SolverStart.Cold, SolverOptions.Default);
    }
}
