using QTrade.Markets;
using QTrade.Markets.Quotes;
using QTrade.Markets.Venues;
using QTrade.Shared;

namespace QTrade.Solana.Tests;

/// <summary>
/// The curve that the solver sees is the venue's own arithmetic up to its rounding: two base units a crossing, of either token.
/// </summary>
public sealed class CurveSpecs
{
    private const double Relative = 1e-9;
    private const double UnitsPerCrossing = 2;

    [SharedTheory]
    [InlineData("raydium-amm-v4", "58oQChx4yWmvKdwLLZzBi4ChoCc2fqCUWBkwMihLYQo2")]
    [InlineData("raydium-cpmm", "7JuwJuNU88gurFnyWeiyGKbFmExMWcmRZntn9imEzdny")]
    [InlineData("meteora-damm-v2", "8Pm2kZpnxD3hoMmt4bjStX2Pw2Z9abpbHzZxMPqxPmie")]
    [InlineData("meteora-dlmm", "EtAdVRLFH22rjWh3mcUasKFF27WtHhsaCvK27tPFFWig")]
    [InlineData("orca-whirlpool", "HJPjoWUrhoZzkNfRpHuieeFk9WcZWjwy6PBjZ81ngndJ")]
    [InlineData("orca-whirlpool", "7qbRF6YsyGuLUVs6Y1q64bdVrfe4ZcUUz1JRdoVNUJnm")]
    [InlineData("orca-whirlpool", "4fuUiYxTQ6QCrdSq9ouBYcTM7bqSwYTSyLueGZLTy4T4")]
    public void Exact_and_curve_agree(string folder, string address)
    {
        var fault = Fixtures.Assemble(Fixtures.Dump(folder), address, new ChainClock(400_000_000, 1_790_000_000), out var assembled);
        Assert.True(fault.IsNone, fault.ToString());
        var state = assembled!.State;
        var pool = assembled.ToPool() with { Venue = null };
        var compared = 0;
        foreach (var zeroForOne in new[] { true, false })
        {
            for (ulong amount = 1000; amount < 1_000_000_000_000; amount *= 7)
            {
                var (tokenIn, tokenOut) = zeroForOne ? (0, 1) : (1, 0);
                if (state.ExactIn(zeroForOne, amount, out var fill) != VenueRefusal.None)
                    continue;
                Assert.Equal(QuoteError.None, PoolQuotes.ExactIn(pool, tokenIn, tokenOut, amount, AmountGrid.Doubles, AmountGrid.Doubles, out var quote));
                var allowed = Relative * quote.ReceiveOut + UnitsPerCrossing * (fill.Crossings + 1) * (1 + quote.MarginalPriceBefore);
                Assert.True(
                    Math.Abs(quote.ReceiveOut - fill.AmountOut) <= allowed, $"{zeroForOne} {amount}: exact {fill.AmountOut}, curve {quote.ReceiveOut}");
                compared++;
            }
        }

        Assert.True(compared > 5, $"{compared} amounts compared");
    }

    [SharedTheory]
    [InlineData("raydium-amm-v4", "58oQChx4yWmvKdwLLZzBi4ChoCc2fqCUWBkwMihLYQo2")]
    [InlineData("raydium-cpmm", "7JuwJuNU88gurFnyWeiyGKbFmExMWcmRZntn9imEzdny")]
    [InlineData("meteora-damm-v2", "8Pm2kZpnxD3hoMmt4bjStX2Pw2Z9abpbHzZxMPqxPmie")]
    [InlineData("meteora-dlmm", "EtAdVRLFH22rjWh3mcUasKFF27WtHhsaCvK27tPFFWig")]
    [InlineData("orca-whirlpool", "HJPjoWUrhoZzkNfRpHuieeFk9WcZWjwy6PBjZ81ngndJ")]
    public void An_exact_out_fetches_its_amount_and_a_unit_less_does_not_fetch_more(string folder, string address)
    {
        var fault = Fixtures.Assemble(Fixtures.Dump(folder), address, new ChainClock(400_000_000, 1_790_000_000), out var assembled);
        Assert.True(fault.IsNone, fault.ToString());
        var state = assembled!.State;
        var compared = 0;
        foreach (var zeroForOne in new[] { true, false })
        {
            for (ulong amount = 17; amount < 1_000_000_000_000; amount *= 11)
            {
                if (state.ExactOut(zeroForOne, amount, out var fill) != VenueRefusal.None
                    || state.ExactIn(zeroForOne, fill.AmountIn, out var back) != VenueRefusal.None)
                    continue;
                // The programs round an exact-out step by step, so that it may cost a unit a step more than the least offer.
                Assert.InRange(back.AmountOut, amount - (ulong)Math.Min(fill.Crossings, (long)amount), ulong.MaxValue);
                compared++;
            }
        }

        Assert.True(compared > 5, $"{compared} amounts compared");
    }

    [Fact]
    public void A_pool_with_a_venue_settles_by_its_integers()
    {
        var state = new AmmV4State { Reserve0 = 1_000_003, Reserve1 = 5_000_011, FeeNumerator = 25, FeeDenominator = 10_000 };
        var pool = state.ToPool(new PoolId("p"), "raydium-amm-v4", new TokenId("a"), new TokenId("b"));
        Assert.Equal(QuoteError.None, PoolQuotes.ExactIn(pool, 0, 1, 401, AmountGrid.Integers, AmountGrid.Integers, out var quote));
        // fee = ceil(401 25 / 10000) = 2, out = floor(5000011 399 / 1000402).
        Assert.Equal(1994, quote.ReceiveOut);
        Assert.Equal(1_000_404UL, ((AmmV4State)quote.VenueAfter!).Reserve0);
        Assert.Equal(quote.After, quote.VenueAfter!.ToCurve());
    }
}
