using System.Numerics;
using QTrade.Markets.Quotes;
using QTrade.Markets.Tests.Arithmetic;

namespace QTrade.Markets.Tests.Quotes;

/// <summary>Quotes of every kind against the curves in numbers of 640 bits.</summary>
public sealed class ExactQuoteSpecs
{
    private const int Seed = 20261122;

    // The oracle's own rounding, far below any amount.
    private static readonly BigInteger OracleRounding = BigInteger.One << (HighPrecision.Bits - 300);

    public static TheoryData<string, int> KindsAndCounts => new()
    {
        { "product", 3000 },
        { "weighted", 150 },
        { "sum", 3000 },
        { "stable", 40 },
        { "concentrated", 500 },
        { "bins", 2000 },
    };

    [Theory]
    [MemberData(nameof(KindsAndCounts))]
    public void An_exact_in_gets_what_the_curve_gives_rounded_down_and_no_more(string kind, int count) =>
        ForCases(kind, count, (pool, tokenIn, tokenOut, amount, gridIn, gridOut, label) =>
        {
            var error = PoolQuotes.ExactIn(pool, tokenIn, tokenOut, amount, gridIn, gridOut, out var quote);
            var most = CurveOracle.MostOut(pool, tokenIn, tokenOut, gridIn.Up(amount));
            if (error == QuoteError.InsufficientLiquidity)
            {
                Assert.True(most is null, label);
                return false;
            }

            Assert.True(error == QuoteError.None && most is not null, $"{label}: {error}");
            Assert.True(quote.TenderIn >= amount, label);
            Assert.True(HighPrecision.From(quote.ReceiveOut) <= most + OracleRounding, $"{label}: better than the curve");
            var two = gridOut.Up(Above(gridOut.Up(Above(quote.ReceiveOut))));
            Assert.True(HighPrecision.From(two) >= most - OracleRounding - TinyFor(pool), $"{label}: two steps short of the curve");
            return true;
        });

    [Theory]
    [MemberData(nameof(KindsAndCounts))]
    public void An_exact_out_asks_what_the_curve_takes_rounded_up_and_no_less(string kind, int count) =>
        ForCases(kind, count / 2, (pool, tokenIn, tokenOut, amount, gridIn, gridOut, label) =>
        {
            if (PoolQuotes.ExactIn(pool, tokenIn, tokenOut, amount, gridIn, gridOut, out var forward) != QuoteError.None || forward.ReceiveOut == 0)
                return false;
            var wanted = gridOut.Up(forward.ReceiveOut * 0.9);
            if (wanted > forward.ReceiveOut)
                return false;
            Assert.Equal(QuoteError.None, PoolQuotes.ExactOut(pool, tokenIn, tokenOut, wanted, gridIn, gridOut, out var quote));
            Assert.Equal(wanted, quote.ReceiveOut);
            var most = CurveOracle.MostOut(pool, tokenIn, tokenOut, quote.TenderIn);
            Assert.True(most is not null && HighPrecision.From(wanted) <= most + OracleRounding, $"{label}: better than the curve");
            return true;
        });

    [Theory]
    [MemberData(nameof(KindsAndCounts))]
    public void An_exact_out_of_what_an_exact_in_received_never_asks_more(string kind, int count) =>
        ForCases(kind, count * 2, (pool, tokenIn, tokenOut, amount, gridIn, gridOut, label) =>
        {
            if (PoolQuotes.ExactIn(pool, tokenIn, tokenOut, amount, gridIn, gridOut, out var forward) != QuoteError.None || forward.ReceiveOut == 0)
                return false;
            var error = PoolQuotes.ExactOut(pool, tokenIn, tokenOut, forward.ReceiveOut, gridIn, gridOut, out var back);
            Assert.True(error == QuoteError.None, $"{label}: {error}");
            Assert.True(back.TenderIn <= forward.TenderIn, $"{label}: {back.TenderIn:R} asked, {forward.TenderIn:R} tendered");
            var again = PoolQuotes.ExactIn(pool, tokenIn, tokenOut, back.TenderIn, gridIn, gridOut, out var repeated);
            Assert.True(again == QuoteError.None && repeated.ReceiveOut >= forward.ReceiveOut, $"{label}: the tender asked does not fetch the amount");
            return true;
        });

    [Theory]
    [MemberData(nameof(KindsAndCounts))]
    public void A_larger_tender_never_receives_less(string kind, int count) =>
        ForCases(kind, count, (pool, tokenIn, tokenOut, amount, gridIn, gridOut, label) =>
        {
            if (PoolQuotes.ExactIn(pool, tokenIn, tokenOut, amount, gridIn, gridOut, out var small) != QuoteError.None)
                return false;
            foreach (var larger in new[] { gridIn.Up(Above(small.TenderIn)), small.TenderIn * 1.000001, small.TenderIn * 3 })
            {
                if (PoolQuotes.ExactIn(pool, tokenIn, tokenOut, larger, gridIn, gridOut, out var large) == QuoteError.None)
                    Assert.True(large.ReceiveOut >= small.ReceiveOut, label);
            }

            return true;
        });

    [Theory]
    [MemberData(nameof(KindsAndCounts))]
    public void Two_trades_in_a_row_receive_no_more_than_one_of_both(string kind, int count) =>
        ForCases(kind, count, (pool, tokenIn, tokenOut, amount, _, _, label) =>
        {
            var grid = AmountGrid.Doubles;
            if (PoolQuotes.ExactIn(pool, tokenIn, tokenOut, amount, grid, grid, out var first) != QuoteError.None)
                return false;
            var then = pool with { Curve = first.After };
            if (PoolQuotes.ExactIn(then, tokenIn, tokenOut, amount, grid, grid, out var second) != QuoteError.None)
                return false;
            var together = PoolQuotes.ExactIn(pool, tokenIn, tokenOut, 2 * amount, grid, grid, out var both);

            // What the first part pays as a fee on what comes out is there for the second.
            if (together == QuoteError.InsufficientLiquidity && pool.Curve is SumCurve && pool.FeeOutOf(tokenOut) > 0)
                return false;
            Assert.Equal(QuoteError.None, together);
            var split = first.ReceiveOut + second.ReceiveOut;

            // A fee that stays in the pool makes the second part a little better than one trade of both; without one only rounding is left.
            var slack = pool.Fee == 0 && pool.FeeOut == 0 && !pool.HasTokenFees || pool.Curve is ConcentratedCurve or BinsCurve or SumCurve ? 1e-9 : 1;
            Assert.True(split <= both.ReceiveOut * (1 + slack) + both.ReceiveOut * 1e-9, $"{label}: {split:R} against {both.ReceiveOut:R}");
            return true;
        });

    [Theory]
    [MemberData(nameof(KindsAndCounts))]
    public void There_and_back_never_gains(string kind, int count) =>
        ForCases(kind, count, (pool, tokenIn, tokenOut, amount, gridIn, gridOut, label) =>
        {
            if (PoolQuotes.ExactIn(pool, tokenIn, tokenOut, amount, gridIn, gridOut, out var there) != QuoteError.None || there.ReceiveOut == 0)
                return false;
            var then = pool with { Curve = there.After };
            Assert.True(PoolRules.Check(then) is null, $"{label}: the pool after it is not in order: {PoolRules.Check(then)}");
            if (PoolQuotes.ExactIn(then, tokenOut, tokenIn, there.ReceiveOut, gridOut, gridIn, out var back) != QuoteError.None)
                return false;

            // A concentrated pool's state is one double, so coming back can be off by that double's rounding.
            var slack = pool.Curve is ConcentratedCurve concentrated ? PriceRounding(concentrated, tokenIn) : 0;
            Assert.True(back.ReceiveOut <= there.TenderIn + slack, $"{label}: {there.TenderIn:R} became {back.ReceiveOut:R}");
            return true;
        });

    [Theory]
    [MemberData(nameof(KindsAndCounts))]
    public void Prices_fees_and_impact_agree_with_the_amounts(string kind, int count) =>
        ForCases(kind, count, (pool, tokenIn, tokenOut, amount, _, _, label) =>
        {
            var grid = AmountGrid.Doubles;
            if (PoolQuotes.ExactIn(pool, tokenIn, tokenOut, amount, grid, grid, out var quote) != QuoteError.None)
                return false;
            var rate = quote.ReceiveOut / quote.TenderIn;
            Assert.True(rate <= quote.MarginalPriceBefore * (1 + 1e-9), $"{label}: rate {rate:R}, price before {quote.MarginalPriceBefore:R}");
            if (quote.MarginalPriceAfter > 0 && quote.MarginalPriceBefore > 0)
                Assert.True(quote.MarginalPriceAfter <= quote.MarginalPriceBefore * (1 + 1e-9), label);
            Assert.Equal(1 - rate / quote.MarginalPriceBefore, quote.PriceImpact, 1e-9);
            Assert.Equal(PoolQuotes.MarginalPrice(pool, tokenIn, tokenOut), quote.MarginalPriceBefore);
            Assert.Equal(PoolQuotes.MarginalPrice(pool with { Curve = quote.After }, tokenIn, tokenOut), quote.MarginalPriceAfter);
            if (pool.Curve is not BinsCurve)
                Assert.Equal(quote.TenderIn * pool.FeeOf(tokenIn), quote.FeePaid, quote.TenderIn * 1e-12);
            return true;
        });

    [Theory]
    [InlineData("product")]
    [InlineData("weighted")]
    [InlineData("sum")]
    [InlineData("stable")]
    public void Reserves_after_a_trade_are_the_reserves_with_tender_and_without_receive(string kind) =>
        ForCases(kind, 300, (pool, tokenIn, tokenOut, amount, gridIn, gridOut, label) =>
        {
            if (PoolQuotes.ExactIn(pool, tokenIn, tokenOut, amount, gridIn, gridOut, out var quote) != QuoteError.None)
                return false;
            var (before, after) = (pool.Curve.State, quote.After.State);
            for (var i = 0; i < before.Length; i++)
            {
                var exact = HighPrecision.From(before[i])
                    + (i == tokenIn ? HighPrecision.From(quote.TenderIn) : 0)
                    - (i == tokenOut ? HighPrecision.From(quote.ReceiveOut) : 0);
                Assert.True(HighPrecision.From(after[i]) >= exact, $"{label}: reserve {i} fell by rounding");
                Assert.True(after[i] == 0 || HighPrecision.From(Math.BitDecrement(after[i])) < exact, $"{label}: reserve {i} is not the nearest above");
            }

            return true;
        });

    private static double Above(double value) => value == 0 ? Math.ScaleB(1, -100) : Math.BitIncrement(value);

    // Fixed amounts end at 2^-112: what a curve gives below a few of those is lost.
    private static BigInteger TinyFor(Pool pool)
    {
        var rate = pool.Curve is ProductCurve or WeightedCurve ? 1 + pool.Curve.State.Max() / pool.Curve.State.Min() : 1e7;
        return HighPrecision.From(Math.ScaleB(rate * (1 + pool.Curve.State.Max()), -105));
    }

    private static double PriceRounding(ConcentratedCurve curve, int tokenIn)
    {
        var depth = curve.Liquidity.Max() * Math.Sqrt(curve.Ticks[^1]);
        return 1e-14 * (tokenIn == 1 ? depth : curve.Liquidity.Max() / Math.Sqrt(curve.Ticks[0]));
    }

    private delegate bool Case(Pool pool, int tokenIn, int tokenOut, double amount, AmountGrid gridIn, AmountGrid gridOut, string label);

    private static void ForCases(string kind, int count, Case check)
    {
        Random random = new(Seed);
        var met = 0;
        for (var i = 0; i < count; i++)
        {
            var pool = RandomPools.Of(kind, random);
            var tokenIn = random.Next(pool.Tokens.Length);
            var tokenOut = (tokenIn + random.Next(1, pool.Tokens.Length)) % pool.Tokens.Length;
            var size = pool.Curve switch
            {
                ConcentratedCurve curve => curve.Liquidity.Max() * (tokenIn == 1 ? Math.Sqrt(curve.Price) : 1 / Math.Sqrt(curve.Price)) * 0.01,
                BinsCurve curve => curve.Bins.Sum(bin => tokenIn == 1 ? bin.X * bin.Price + bin.Y : bin.X + bin.Y / bin.Price),
                _ => pool.Curve.State[tokenIn],
            };
            var amount = size * RandomPools.LogUniform(random, 1e-9, 4);
            var grids = new[] { AmountGrid.Doubles, AmountGrid.Integers, AmountGrid.OfDecimals(9), AmountGrid.OfDecimals(6) };
            var (gridIn, gridOut) = (grids[random.Next(4)], grids[random.Next(4)]);
            if (amount > 0 && check(pool, tokenIn, tokenOut, amount, gridIn, gridOut, $"{kind}, seed {Seed}, case {i}, {tokenIn} to {tokenOut}, {amount:R}"))
                met++;
        }

        Assert.True(met > count / 5, $"only {met} of {count} cases said anything");
    }
}
