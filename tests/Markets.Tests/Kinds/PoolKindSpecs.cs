using System.Text;
using QTrade.Markets.Files;
using QTrade.Markets.Kinds;
using QTrade.Markets.Quotes;

namespace QTrade.Markets.Tests.Kinds;

/// <summary>A kind of pool is one class in a table: nothing else knows it.</summary>
public sealed class PoolKindSpecs
{
    private const string Market = """
        {"format":"qtrade.market/1","name":"shop","tokens":[{"id":"A","value":1},{"id":"B","value":1}],
         "pools":[{"id":"p","kind":"sample-fixed-price","tokens":["A","B"],"fee":0.5,"unitsPerToken":4,"stock":20}]}
        """;

    [Fact]
    public void A_new_kind_is_read_judged_written_and_quoted_once_it_is_registered()
    {
        PoolKinds.Register(new FixedPriceKind());
        Assert.True(TryRead(Market, out var market, out var error), error?.ToString());
        Assert.Equal(new FixedPriceCurve(4, 20), market!.Pools[0].Curve);
        Assert.True(MarketFile.TryRead(MarketFile.Write(market), "again", out var again, out error), error?.ToString());
        Assert.Equal(market, again);
        Assert.False(TryRead(Market.Replace("\"stock\":20", "\"stock\":-1"), out _, out error));
        Assert.Equal("m:2: pool p, field stock: must be a finite number of at least 0", error!.ToString());
        Assert.False(TryRead(Market.Replace("\"stock\":20", "\"stock\":2,\"reserves\":[1,2]"), out _, out error));
        Assert.Contains("field reserves: is not a field of this format", error!.ToString(), StringComparison.Ordinal);

        Assert.Equal(QuoteError.None, PoolQuotes.ExactIn(market.Pools[0], 0, 1, 5, AmountGrid.Doubles, AmountGrid.Doubles, out var quote));
        Assert.Equal((5, 10, 2.5, 2, 2), (quote.TenderIn, quote.ReceiveOut, quote.FeePaid, quote.MarginalPriceBefore, quote.MarginalPriceAfter));
        Assert.Equal(new FixedPriceCurve(4, 10), quote.After);
        Assert.Equal(QuoteError.None, PoolQuotes.ExactOut(market.Pools[0], 0, 1, 10, AmountGrid.Doubles, AmountGrid.Doubles, out quote));
        Assert.Equal(5, quote.TenderIn);
        Assert.Equal(
            QuoteError.InsufficientLiquidity,
            PoolQuotes.ExactIn(market.Pools[0], 1, 0, 5, AmountGrid.Doubles, AmountGrid.Doubles, out _));
    }

    [Fact]
    public void A_name_stands_for_one_kind()
    {
        PoolKinds.Register(new ProductKind());
        Assert.Throws<ArgumentException>(() => PoolKinds.Register(new ImpostorKind()));
    }

    [Theory]
    [InlineData("product")]
    [InlineData("weighted")]
    [InlineData("sum")]
    [InlineData("stable")]
    [InlineData("concentrated")]
    [InlineData("bins")]
    public void A_state_that_is_put_back_is_the_same_curve_and_a_foreign_one_is_judged(string kind)
    {
        Random random = new(1);
        var pool = Quotes.RandomPools.Of(kind, random);
        Assert.Equal(pool.Curve, pool.Curve.WithState(pool.Curve.State));
        Assert.Equal(pool.Curve.GetHashCode(), pool.Curve.WithState(pool.Curve.State).GetHashCode());
        Assert.Null(PoolRules.CheckState(pool, pool.Curve.State));
        Assert.NotNull(PoolRules.CheckState(pool, [.. pool.Curve.State.Select(_ => double.NaN)]));
        Assert.NotNull(PoolRules.CheckState(pool, [.. pool.Curve.State.Select(_ => -1.0)]));
        Assert.NotNull(PoolRules.CheckState(pool, [.. pool.Curve.State, 1]));
        Assert.Throws<ArgumentException>(() => pool.Curve.WithState([.. pool.Curve.State, 1]));
    }

    private static bool TryRead(string file, out Market? market, out MarketFileError? error) =>
        MarketFile.TryRead(Encoding.UTF8.GetBytes(file), "m", out market, out error);

    private sealed class ImpostorKind : PoolKind
    {
        private readonly FixedPriceKind _other = new();

        public override string Name => ProductCurve.KindName;

        public override PoolCurve Read(in JsonObject fields, int tokens) => _other.Read(fields, tokens);

        public override void Write(PoolCurve curve, System.Text.Json.Utf8JsonWriter json) => _other.Write(curve, json);

        public override FieldFault? Check(Pool pool) => _other.Check(pool);

        public override QuoteError ExactIn(in Leg leg, in QTrade.Markets.Arithmetic.UInt256 tender, out PoolFill fill) => _other.ExactIn(leg, tender, out fill);

        public override QuoteError ExactOut(in Leg leg, in QTrade.Markets.Arithmetic.UInt256 receive, out PoolFill fill) => _other.ExactOut(leg, receive, out fill);

        public override double MarginalPrice(in Leg leg, PoolCurve curve) => _other.MarginalPrice(leg, curve);
    }
}
