using QTrade.Markets;
using QTrade.Markets.Quotes;
using QTrade.Markets.Venues;
using QTrade.Solana.Tests.Accounts;

namespace QTrade.Solana.Tests;

/// <summary>
/// The curve of every venue against its integers, for every side on which a fee is taken. The curve never pays more than the chain but for its
/// rounding, and where it has the venue's own fees it pays the same. A curve has one fee on what goes in and one on what comes out, for both
/// directions; a fee f that a venue takes on one side in one direction and on the other in the other counts on what comes out. That is the
/// same marginal price; where the curve pays R(x) there the chain pays R((1 - f) x) / (1 - f), which is more by about f times the price impact. A creator's
/// fee c beside a trade fee t is c of what comes out, or c / (1 - t) of what is left of what goes in: the curve has the larger one.
/// </summary>
public sealed class FeeSideSpecs
{
    private const double Relative = 1e-9;
    private const double UnitsPerHop = 2;
    private const double Creator = 0.0005 / (1 - 0.0025);
    private static readonly TransferFee Uncapped = new(50, ulong.MaxValue);
    private static readonly TransferFee Capped = new(50, 5_000);

    /// <summary>
    /// Name; the fee that is taken on what goes in where the curve has it on what comes out, a for b and b for a; by how much the curve's fee on what
    /// comes out is larger than the venue's, likewise.
    /// </summary>
    public static TheoryData<string, double, double, double, double> Sides => new()
    {
        { "amm", 0, 0, 0, 0 },
        { "swap", 0, 0, 0, 0 },
        { "cpmm", 0, 0, 0, 0 },
        { "cpmm-in", 0, 0, 0, 0 },
        { "cpmm-0", Creator, 0, 0, ((1 - 0.0005) / (1 - Creator)) - 1 },
        { "cpmm-1", 0, Creator, ((1 - 0.0005) / (1 - Creator)) - 1, 0 },
        { "damm", 0, 0, 0, 0 },
        { "damm-b", 0, 0.0004, 0, 0 },
        { "clmm", 0, 0, 0, 0 },
        { "whirlpool", 0, 0, 0, 0 },
        { "dlmm", 0, 0, 0, 0 },
        { "amm-fee0", 0.005, 0, 0, 0 },
        { "amm-fee1", 0, 0.005, 0, 0 },
        { "amm-fees", 0.005, 0.005, 0, 0 },
        { "damm-b-fee1", 0, 1 - (0.995 * 0.9996), 0, 0 },
        { "clmm-fee0", 0.005, 0, 0, 0 },
    };

    [Theory]
    [MemberData(nameof(Sides))]
    public void The_curve_pays_what_the_chain_pays_and_never_more(string name, double fee0, double fee1, double more0, double more1)
    {
        var state = State(name, Uncapped);
        var compared = 0;
        foreach (var (fill, quote, zeroForOne, amount) in Compared(state))
        {
            var rounding = (Relative * quote.ReceiveOut) + (UnitsPerHop * (fill.Crossings + 1) * (1 + quote.MarginalPriceBefore));
            var (f, more) = zeroForOne ? (fee0, more0) : (fee1, more1);
            var less = Quote(state, zeroForOne, fill.AmountIn * (1 - f)).ReceiveOut / (1 - f) * (1 + more);
            Assert.True(quote.ReceiveOut <= fill.AmountOut + rounding, $"{name} {zeroForOne} {amount}: the curve pays {quote.ReceiveOut}, the chain {fill.AmountOut}");
            Assert.True(Math.Abs(less - fill.AmountOut) <= rounding, $"{name} {zeroForOne} {amount}: the curve comes to {less}, the chain pays {fill.AmountOut}");
            compared++;
        }

        Assert.True(compared > 10, $"{compared} compared");
    }

    [Theory]
    [InlineData("amm-fees")]
    [InlineData("damm-b-fee1")]
    [InlineData("clmm-fee0")]
    public void A_cap_on_a_transfer_fee_only_makes_the_chain_pay_more(string name)
    {
        var more = 0;
        foreach (var (fill, quote, _, _) in Compared(State(name, Capped)))
        {
            Assert.True(quote.ReceiveOut <= fill.AmountOut + (Relative * quote.ReceiveOut) + (UnitsPerHop * (fill.Crossings + 1) * (1 + quote.MarginalPriceBefore)));
            more += quote.ReceiveOut < 0.999 * fill.AmountOut ? 1 : 0;
        }

        Assert.True(more > 0);
    }

    private static IEnumerable<(VenueFill Fill, Quote Quote, bool ZeroForOne, ulong Amount)> Compared(VenueState state)
    {
        foreach (var zeroForOne in new[] { true, false })
        {
            for (ulong amount = 1_000; amount < 1_000_000_000_000_000; amount *= 5)
            {
                if (state.ExactIn(zeroForOne, amount, out var fill) != VenueRefusal.None)
                    continue;
                yield return (fill, Quote(state, zeroForOne, fill.AmountIn), zeroForOne, amount);
            }
        }
    }

    private static Quote Quote(VenueState state, bool zeroForOne, double amount)
    {
        var pool = state.ToPool(new PoolId("p"), "venue", new TokenId("a"), new TokenId("b")) with { Venue = null };
        var (tokenIn, tokenOut) = zeroForOne ? (0, 1) : (1, 0);
        Assert.Equal(QuoteError.None, PoolQuotes.ExactIn(pool, tokenIn, tokenOut, amount, AmountGrid.Doubles, AmountGrid.Doubles, out var quote));
        return quote;
    }

    private static VenueState State(string name, TransferFee fee)
    {
        var state = (name.Split("-fee")[0]) switch
        {
            "amm" => OwnPools.AmmV4(45_890_814_872_617, 3_656_849_666_245).Assembled().State,
            "swap" => new TokenSwapState
            {
                Reserve0 = 1_000_000_000_007, Reserve1 = 80_000_000_011, TradeNumerator = 25, TradeDenominator = 10_000, OwnerNumerator = 5, OwnerDenominator = 10_000,
            },
            "cpmm" => Cpmm(false, CreatorFeeSide.Input),
            "cpmm-in" => Cpmm(true, CreatorFeeSide.Input),
            "cpmm-0" => Cpmm(true, CreatorFeeSide.Token0),
            "cpmm-1" => Cpmm(true, CreatorFeeSide.Token1),
            "damm" => Damm(false),
            "damm-b" => Damm(true),
            "clmm" => OwnPools.Clmm(
                1, 200, 14_662_895_951_045, 5_273_450_886_599_194_624, -25_046,
                [(-25_176, 439_886_878_530), (-25_053, 1_319_660_635_590), (-25_040, -586_515_838_040), (-24_958, -4_398_868_785_300)]).Assembled().State,
            "whirlpool" => OwnPools.Whirlpool(
                8, 500, 163_181_152_869_703, 2_663_421_035_767_335_793, -38_708,
                [(-38_720, 11_301_919_377_604), (-38_712, 9_381_446_386_116), (-38_704, 2_628_047_851_515)], isDynamic: false).Assembled().State,
            _ => OwnPools.Dlmm(
                0, 10, 10_000, 0, [.. Enumerable.Range(-30, 61).Select(id => (id, id >= 0 ? 33_818_508UL : 0UL, id <= 0 ? 32_258_064UL : 0UL))], control: 40_000).Assembled().State,
        };
        return state with
        {
            TransferFee0 = name.EndsWith("-fee0", StringComparison.Ordinal) || name.EndsWith("-fees", StringComparison.Ordinal) ? fee : default,
            TransferFee1 = name.EndsWith("-fee1", StringComparison.Ordinal) || name.EndsWith("-fees", StringComparison.Ordinal) ? fee : default,
        };
    }

    private static VenueState Cpmm(bool creator, CreatorFeeSide side) =>
        OwnPools.Cpmm(7_000_000_000_039, 90_000_000_013, [11, 12, 13, 14, 15, 16], creator, side).Assembled().State;

    private static VenueState Damm(bool onlyB) => OwnPools.DammV2(
        7_502_733_743_673_510_021, 4_880_549_731_789_001_291, 12_236_185_739_241_331_242, UInt128.Parse("485848270929526883808099483541734"), 400_000, onlyB).Assembled().State;
}
