using QTrade.Markets.Quotes;

namespace QTrade.Markets.Tests.Quotes;

/// <summary>Quotes that can be told by hand, and the edges of every kind.</summary>
public sealed class PoolQuoteEdgeSpecs
{
    private static readonly AmountGrid Whole = AmountGrid.Integers;
    private static readonly AmountGrid Any = AmountGrid.Doubles;

    [Fact]
    public void A_product_pool_quotes_by_hand()
    {
        var pool = Pool(new ProductCurve([1_000, 1_000]));
        Assert.Equal(QuoteError.None, PoolQuotes.ExactIn(pool, 0, 1, 1_000, Whole, Whole, out var quote));
        Assert.Equal((1_000, 500, 0, 1, 0.25, 0.5),
            (quote.TenderIn, quote.ReceiveOut, quote.FeePaid, quote.MarginalPriceBefore, quote.MarginalPriceAfter, quote.PriceImpact));
        Assert.Equal(new ProductCurve([2_000, 500]), quote.After);
        Assert.Equal(QuoteError.None, PoolQuotes.ExactOut(pool, 0, 1, 500, Whole, Whole, out quote));
        Assert.Equal(1_000, quote.TenderIn);
    }

    [Fact]
    public void Fees_are_taken_on_both_sides()
    {
        var pool = Pool(new ProductCurve([1_000, 1_000])) with { Fee = 0.5, FeeOut = 0.25 };
        Assert.Equal(QuoteError.None, PoolQuotes.ExactIn(pool, 0, 1, 2_000, Any, Any, out var quote));
        Assert.Equal((375, 1_000, 125), (quote.ReceiveOut, quote.FeePaid, quote.FeeOutPaid));
        Assert.Equal(0.375, quote.MarginalPriceBefore);
        Assert.Equal(new ProductCurve([3_000, 625]), quote.After);
    }

    [Fact]
    public void A_tokens_own_fees_are_taken_of_that_token_on_top_of_the_pools()
    {
        var pool = Pool(new ProductCurve([1_000, 1_000])) with { Fee = 0.5, FeeOut = 0.25, TokenFees = [0, 0.75], TokenFeesOut = [0.5, 0] };
        Assert.Equal(QuoteError.None, PoolQuotes.ExactIn(pool, 0, 1, 2_000, Any, Any, out var forth));
        Assert.Equal((375, 1_000, 125), (forth.ReceiveOut, forth.FeePaid, forth.FeeOutPaid));
        Assert.Equal(QuoteError.None, PoolQuotes.ExactIn(pool, 1, 0, 8_000, Any, Any, out var back));
        Assert.Equal((187.5, 7_000, 312.5), (back.ReceiveOut, back.FeePaid, back.FeeOutPaid));
        Assert.Equal(0.125 * 0.375, back.MarginalPriceBefore);
        Assert.Equal(new ProductCurve([812.5, 9_000]), back.After);
        Assert.Equal(QuoteError.None, PoolQuotes.ExactOut(pool, 1, 0, 187.5, Any, Any, out var least));
        Assert.Equal((8_000, 7_000), (least.TenderIn, least.FeePaid));
    }

    [Fact]
    public void A_tokens_own_fee_is_taken_on_top_of_a_bins()
    {
        var pool = Pool(new BinsCurve([new Bin(1, 0, 10, 0.5), new Bin(2, 5, 0)])) with { Fee = 0.75, TokenFees = [0.5, 0], TokenFeesOut = [0, 0.5] };
        Assert.Equal(QuoteError.None, PoolQuotes.ExactIn(pool, 0, 1, 16, Any, Any, out var sold));
        Assert.Equal((2, 12, 2, 0.125), (sold.ReceiveOut, sold.FeePaid, sold.FeeOutPaid, sold.MarginalPriceBefore));
        Assert.Equal(QuoteError.None, PoolQuotes.ExactIn(pool, 1, 0, 16, Any, Any, out var bought));
        Assert.Equal((2, 12, 0, 0.125), (bought.ReceiveOut, bought.FeePaid, bought.FeeOutPaid, bought.MarginalPriceBefore));
    }

    [Fact]
    public void Base_units_are_rounded_against_the_trader()
    {
        var pool = Pool(new ProductCurve([1_000, 1_000]));
        Assert.Equal(QuoteError.None, PoolQuotes.ExactIn(pool, 0, 1, 10, Whole, Whole, out var quote));
        Assert.Equal(9, quote.ReceiveOut);
        Assert.Equal(QuoteError.None, PoolQuotes.ExactOut(pool, 0, 1, 10, Whole, Whole, out quote));
        Assert.Equal(11, quote.TenderIn);
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(-1.0)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    public void What_is_no_amount_is_refused(double amount)
    {
        var pool = Pool(new ProductCurve([1_000, 1_000]));
        Assert.Equal(QuoteError.InvalidAmount, PoolQuotes.ExactIn(pool, 0, 1, amount, Any, Any, out _));
        Assert.Equal(QuoteError.InvalidAmount, PoolQuotes.ExactOut(pool, 0, 1, amount, Any, Any, out _));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(-1, 0)]
    [InlineData(0, 2)]
    [InlineData(int.MaxValue, 0)]
    public void Tokens_that_the_pool_does_not_trade_are_refused(int tokenIn, int tokenOut)
    {
        var pool = Pool(new ProductCurve([1_000, 1_000]));
        Assert.Equal(QuoteError.InvalidTokens, PoolQuotes.ExactIn(pool, tokenIn, tokenOut, 1, Any, Any, out _));
        Assert.Equal(QuoteError.InvalidTokens, PoolQuotes.ExactOut(pool, tokenIn, tokenOut, 1, Any, Any, out _));
        Assert.Equal(0, PoolQuotes.MarginalPrice(pool, tokenIn, tokenOut));
    }

    [Fact]
    public void A_trading_bound_is_kept_to_the_unit()
    {
        var pool = Pool(new ProductCurve([1_000, 1_000])) with { MaxTender = [100, double.PositiveInfinity] };
        Assert.Equal(QuoteError.None, PoolQuotes.ExactIn(pool, 0, 1, 100, Whole, Whole, out _));
        Assert.Equal(QuoteError.TradingBound, PoolQuotes.ExactIn(pool, 0, 1, 101, Whole, Whole, out _));
        Assert.Equal(QuoteError.TradingBound, PoolQuotes.ExactOut(pool, 0, 1, 500, Whole, Whole, out _));
        Assert.Equal(QuoteError.None, PoolQuotes.ExactIn(pool, 1, 0, 1_000_000, Whole, Whole, out _));
    }

    [Fact]
    public void Amounts_out_of_exact_range_are_named_so()
    {
        var pool = Pool(new ProductCurve([1_000, 1_000]));
        Assert.Equal(QuoteError.OutOfRange, PoolQuotes.ExactIn(pool, 0, 1, 1e300, Any, Any, out _));
        Assert.Equal(QuoteError.OutOfRange, PoolQuotes.ExactIn(pool, 0, 1, 5e-324, Any, Any, out _));
        Assert.Equal(QuoteError.OutOfRange, PoolQuotes.ExactIn(Pool(new ProductCurve([1e200, 1])), 0, 1, 1, Any, Any, out _));
        Assert.Equal(QuoteError.OutOfRange, PoolQuotes.ExactIn(Pool(new SumCurve([1, 1], [1e300, 1e-300])), 0, 1, 1, Any, Any, out _));
        Assert.Equal(QuoteError.OutOfRange, PoolQuotes.ExactIn(Pool(new ConcentratedCurve(1e-300, [1e-301, 1], [1])), 0, 1, 1, Any, Any, out _));
    }

    public static TheoryData<string> Kinds => new(RandomPools.Kinds);

    [Theory]
    [MemberData(nameof(Kinds))]
    public void An_empty_pool_gives_nothing(string kind)
    {
        PoolCurve curve = kind switch
        {
            "product" => new ProductCurve([0, 0]),
            "weighted" => new WeightedCurve([0, 0], [1, 1]),
            "sum" => new SumCurve([0, 0], [1, 1]),
            "stable" => new StableCurve([0, 0], 10, [1, 1]),
            "concentrated" => new ConcentratedCurve(1, [0.5, 2], [0]),
            _ => new BinsCurve([new Bin(1, 0, 0)]),
        };
        Gives(QuoteError.InsufficientLiquidity, Pool(curve), 0, 1);
        Gives(QuoteError.InsufficientLiquidity, Pool(curve), 1, 0);
    }

    [Fact]
    public void A_pool_with_one_reserve_at_zero_gives_nothing_out_of_it()
    {
        Gives(QuoteError.InsufficientLiquidity, Pool(new ProductCurve([5, 0])), 0, 1);
        Gives(QuoteError.InsufficientLiquidity, Pool(new ProductCurve([5, 0])), 1, 0);
        Gives(QuoteError.InsufficientLiquidity, Pool(new StableCurve([5, 0], 10, [1, 1])), 0, 1);
        Gives(QuoteError.InsufficientLiquidity, Pool(new SumCurve([5, 0], [1, 1])), 0, 1);
        Gives(QuoteError.None, Pool(new SumCurve([5, 0], [1, 1])), 1, 0);
        var three = Pool(new WeightedCurve([5, 5, 0], [1, 1, 1])) with { Tokens = [new("A"), new("B"), new("C")] };
        Gives(QuoteError.InsufficientLiquidity, three, 0, 1);
    }

    [Fact]
    public void More_than_a_pool_holds_cannot_be_had()
    {
        Assert.Equal(QuoteError.InsufficientLiquidity, PoolQuotes.ExactOut(Pool(new ProductCurve([5, 5])), 0, 1, 5, Any, Any, out _));
        Assert.Equal(QuoteError.InsufficientLiquidity, PoolQuotes.ExactOut(Pool(new WeightedCurve([5, 5], [1, 1])), 0, 1, 5, Any, Any, out _));
        Assert.Equal(QuoteError.InsufficientLiquidity, PoolQuotes.ExactOut(Pool(new StableCurve([5, 5], 10, [1, 1])), 0, 1, 5, Any, Any, out _));
        Assert.Equal(QuoteError.InsufficientLiquidity, PoolQuotes.ExactOut(Pool(new SumCurve([5, 5], [1, 1])), 0, 1, 5.5, Any, Any, out _));
        Assert.Equal(QuoteError.InsufficientLiquidity, PoolQuotes.ExactIn(Pool(new SumCurve([5, 5], [1, 1])), 0, 1, 5.5, Any, Any, out _));
    }

    [Fact]
    public void A_sum_pool_can_be_emptied_to_the_last_unit()
    {
        var pool = Pool(new SumCurve([5, 8], [2, 1]));
        Assert.Equal(QuoteError.None, PoolQuotes.ExactIn(pool, 0, 1, 4, Any, Any, out var quote));
        Assert.Equal((8, 2, 0), (quote.ReceiveOut, quote.MarginalPriceBefore, quote.MarginalPriceAfter));
        Assert.Equal(new SumCurve([9, 0], [2, 1]), quote.After);
    }

    [Fact]
    public void A_concentrated_pool_stops_at_its_last_tick()
    {
        // From price 4 down to 1 with L = 10: y = 10 (2 - 1) for x = 10 (1 - 1/2).
        var pool = Pool(new ConcentratedCurve(4, [1, 9], [10]));
        Assert.Equal(QuoteError.None, PoolQuotes.ExactIn(pool, 0, 1, Math.BitIncrement(5.0) - 1e-12, Any, Any, out var quote));
        Assert.Equal(10, quote.ReceiveOut, 1e-10);
        Assert.Equal(QuoteError.InsufficientLiquidity, PoolQuotes.ExactIn(pool, 0, 1, 5.001, Any, Any, out _));
        Assert.Equal(QuoteError.InsufficientLiquidity, PoolQuotes.ExactOut(pool, 0, 1, 10.001, Any, Any, out _));
        Assert.Equal(QuoteError.None, PoolQuotes.ExactIn(pool, 1, 0, 9.999, Any, Any, out quote));
        Assert.Equal(10 * (1 / 2.0 - 1 / 3.0), quote.ReceiveOut, 1e-3);
    }

    [Fact]
    public void A_price_on_a_tick_trades_with_the_interval_on_either_side()
    {
        var pool = Pool(new ConcentratedCurve(4, [1, 4, 9], [10, 20]));
        Assert.Equal((4, 0.25), (PoolQuotes.MarginalPrice(pool, 0, 1), PoolQuotes.MarginalPrice(pool, 1, 0)));
        Assert.Equal(QuoteError.None, PoolQuotes.ExactIn(pool, 0, 1, 1, Any, Any, out var down));
        Assert.Equal(100 / 36.0, ((ConcentratedCurve)down.After).Price, 1e-12);
        Assert.Equal(QuoteError.None, PoolQuotes.ExactIn(pool, 1, 0, 10, Any, Any, out var up));
        Assert.Equal(6.25, ((ConcentratedCurve)up.After).Price, 1e-12);
    }

    [Fact]
    public void Intervals_without_liquidity_are_jumped()
    {
        var pool = Pool(new ConcentratedCurve(5, [1, 4, 9, 16], [10, 0, 10]));
        Assert.Equal((4, 1 / 9.0), (PoolQuotes.MarginalPrice(pool, 0, 1), PoolQuotes.MarginalPrice(pool, 1, 0)));
        Assert.Equal(QuoteError.None, PoolQuotes.ExactIn(pool, 0, 1, 1, Any, Any, out var down));
        Assert.InRange(((ConcentratedCurve)down.After).Price, 1, 4);
        Assert.Equal(QuoteError.None, PoolQuotes.ExactIn(pool, 1, 0, 1, Any, Any, out var up));
        Assert.InRange(((ConcentratedCurve)up.After).Price, 9, 16);
    }

    [Fact]
    public void A_price_outside_of_the_ticks_trades_on_its_way_back_only()
    {
        var below = Pool(new ConcentratedCurve(0.5, [1, 4], [10]));
        Gives(QuoteError.InsufficientLiquidity, below, 0, 1);
        Gives(QuoteError.None, below, 1, 0);
        var above = Pool(new ConcentratedCurve(5, [1, 4], [10]));
        Gives(QuoteError.None, above, 0, 1);
        Gives(QuoteError.InsufficientLiquidity, above, 1, 0);
    }

    [Fact]
    public void Bins_fill_from_the_active_one_outwards()
    {
        var pool = Pool(new BinsCurve([new Bin(1, 0, 10), new Bin(2, 0, 10), new Bin(4, 3, 8), new Bin(8, 5, 0)]));
        Assert.Equal(QuoteError.None, PoolQuotes.ExactIn(pool, 0, 1, 4, Any, Any, out var sold));
        Assert.Equal(8 + 4, sold.ReceiveOut);
        Assert.Equal(new BinsCurve([new Bin(1, 0, 10), new Bin(2, 2, 6), new Bin(4, 5, 0), new Bin(8, 5, 0)]), sold.After);
        Assert.Equal((4, 2), (sold.MarginalPriceBefore, sold.MarginalPriceAfter));
        Assert.Equal(QuoteError.None, PoolQuotes.ExactIn(pool, 1, 0, 20, Any, Any, out var bought));
        Assert.Equal(3 + 1, bought.ReceiveOut);
        Assert.Equal(new BinsCurve([new Bin(1, 0, 10), new Bin(2, 0, 10), new Bin(4, 0, 20), new Bin(8, 4, 8)]), bought.After);
        Assert.Equal(QuoteError.None, PoolQuotes.ExactOut(pool, 0, 1, 12, Any, Any, out var back));
        Assert.Equal(4, back.TenderIn);
        Assert.Equal(QuoteError.InsufficientLiquidity, PoolQuotes.ExactIn(pool, 0, 1, 18, Any, Any, out _));
        Assert.Equal(QuoteError.None, PoolQuotes.ExactIn(pool, 0, 1, 17, Any, Any, out var all));
        Assert.Equal((28, 0), (all.ReceiveOut, all.MarginalPriceAfter));
    }

    [Fact]
    public void A_bins_own_fee_stands_in_the_place_of_the_pools()
    {
        var pool = Pool(new BinsCurve([new Bin(1, 0, 10, 0.5), new Bin(2, 0, 10)])) with { Fee = 0.75 };
        Assert.Equal(QuoteError.None, PoolQuotes.ExactIn(pool, 0, 1, 4, Any, Any, out var tied));
        Assert.Equal((2, 2), (tied.ReceiveOut, tied.FeePaid));
        Assert.Equal(QuoteError.None, PoolQuotes.ExactIn(pool, 0, 1, 24, Any, Any, out var both));
        Assert.Equal((12, 10 + 3), (both.ReceiveOut, both.FeePaid));
    }

    private static void Gives(QuoteError expected, Pool pool, int tokenIn, int tokenOut)
    {
        Assert.Equal(expected, PoolQuotes.ExactIn(pool, tokenIn, tokenOut, 0.25, Any, Any, out _));
        Assert.Equal(expected, PoolQuotes.ExactOut(pool, tokenIn, tokenOut, 0.25, Any, Any, out _));
        Assert.Equal(expected == QuoteError.None, PoolQuotes.MarginalPrice(pool, tokenIn, tokenOut) > 0);
    }

    private static Pool Pool(PoolCurve curve) => new() { Id = new("p"), Tokens = [new("A"), new("B")], Fee = 0, Curve = curve };
}
