using QTrade.Markets;
using QTrade.Markets.Quotes;
using QTrade.Markets.Venues;
using QTrade.Solana.Tests.Accounts;

namespace QTrade.Solana.Tests;

/// <summary>
/// The curve of every venue against its integers, for every side on which a fee is taken and for every token that has one of its own: both pay the same, in both
/// directions, up to the integers' rounding. Only a transfer fee that is capped counts by its uncapped rate, so that the chain pays more.
/// </summary>
public sealed class FeeSideSpecs
{
    private const double Relative = 1e-9;
    private const double UnitsPerHop = 2;
    private static readonly TransferFee Uncapped = new(50, ulong.MaxValue);
    private static readonly TransferFee Capped = new(50, 5_000);

    private static readonly string[] Venues =
        ["amm", "swap", "cpmm", "cpmm-in", "cpmm-0", "cpmm-1", "damm", "damm-b", "clmm", "whirlpool", "dlmm", "dlmm-y"];

    /// <summary>Every venue without and with transfer fees on either token and on both.</summary>
    public static TheoryData<string> Sides => new(Venues.SelectMany(venue => new[] { venue, $"{venue}-fee0", $"{venue}-fee1", $"{venue}-fees" }));

    [Theory]
    [MemberData(nameof(Sides))]
    public void The_curve_pays_what_the_chain_pays(string name)
    {
        var state = State(name, Uncapped);
        var (forth, back) = (0, 0);
        foreach (var (fill, quote, zeroForOne, amount) in Compared(state))
        {
            Assert.True(Math.Abs(quote.ReceiveOut - fill.AmountOut) <= Rounding(fill, quote), $"{name} {zeroForOne} {amount}: the curve pays {quote.ReceiveOut}, the chain {fill.AmountOut}");
            _ = zeroForOne ? forth++ : back++;
        }

        Assert.True(forth > 4 && back > 4, $"{forth} and {back} compared");
    }

    [Theory]
    [MemberData(nameof(Sides))]
    public void The_curve_asks_what_the_chain_asks(string name)
    {
        var state = State(name, Uncapped);
        var compared = 0;
        foreach (var zeroForOne in new[] { true, false })
        {
            for (ulong amount = 1_000; amount < 1_000_000_000_000_000; amount *= 5)
            {
                if (state.ExactOut(zeroForOne, amount, out var fill) != VenueRefusal.None)
                    continue;
                var (tokenIn, tokenOut) = zeroForOne ? (0, 1) : (1, 0);
                Assert.Equal(QuoteError.None, PoolQuotes.ExactOut(Curve(state), tokenIn, tokenOut, fill.AmountOut, AmountGrid.Doubles, AmountGrid.Doubles, out var quote));
                // What a unit of the other token costs at the end, where it costs most. A transfer with a fee is a hop of its own: it rounds once more.
                var hops = fill.Crossings + 1 + Transfers(state);
                var rounding = (Relative * quote.TenderIn) + (UnitsPerHop * hops * (1 + (1 / quote.MarginalPriceAfter)));
                Assert.True(Math.Abs(quote.TenderIn - fill.AmountIn) <= rounding, $"{name} {zeroForOne} {amount}: the curve asks {quote.TenderIn}, the chain {fill.AmountIn}");
                compared++;
            }
        }

        Assert.True(compared > 8, $"{compared} compared");
    }

    [Theory]
    [InlineData("amm", false, false)]
    [InlineData("swap", false, false)]
    [InlineData("cpmm", false, false)]
    [InlineData("cpmm-in", false, false)]
    [InlineData("cpmm-0", true, true)]
    [InlineData("damm", false, false)]
    [InlineData("damm-b", true, true)]
    [InlineData("clmm", false, false)]
    [InlineData("dlmm-y", false, false)]
    [InlineData("amm-fee1", true, true)]
    public void Only_fees_that_depend_on_the_token_are_fees_of_a_token(string name, bool onInput, bool onOutput)
    {
        var pool = Curve(State(name, Uncapped));
        Assert.Equal((onInput, onOutput), (!pool.TokenFees.IsEmpty, !pool.TokenFeesOut.IsEmpty));
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
            Assert.True(quote.ReceiveOut <= fill.AmountOut + Rounding(fill, quote));
            more += quote.ReceiveOut < 0.999 * fill.AmountOut ? 1 : 0;
        }

        Assert.True(more > 0);
    }

    [Theory]
    [InlineData("amm-fee0")]
    [InlineData("damm-b-fee1")]
    [InlineData("clmm-fees")]
    public void A_transfer_fee_that_takes_everything_leaves_no_curve_to_trade_on(string name)
    {
        var pool = Curve(State(name, new TransferFee(10_000, ulong.MaxValue)));
        Assert.Equal<double>([0, 0], pool.MaxTender);
        Assert.Null(PoolRules.Check(pool));
        Assert.NotEqual(QuoteError.None, PoolQuotes.ExactIn(pool, 0, 1, 1_000_000, AmountGrid.Doubles, AmountGrid.Doubles, out _));
    }

    private static int Transfers(VenueState state) => (state.TransferFee0.BasisPoints > 0 ? 1 : 0) + (state.TransferFee1.BasisPoints > 0 ? 1 : 0);

    private static double Rounding(in VenueFill fill, in Quote quote) =>
        (Relative * quote.ReceiveOut) + (UnitsPerHop * (fill.Crossings + 1) * (1 + quote.MarginalPriceBefore));

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
        var (tokenIn, tokenOut) = zeroForOne ? (0, 1) : (1, 0);
        Assert.Equal(QuoteError.None, PoolQuotes.ExactIn(Curve(state), tokenIn, tokenOut, amount, AmountGrid.Doubles, AmountGrid.Doubles, out var quote));
        return quote;
    }

    private static Pool Curve(VenueState state) => state.ToPool(new PoolId("p"), "venue", new TokenId("a"), new TokenId("b")) with { Venue = null };

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
            "dlmm-y" => (DlmmState)State("dlmm", default) with { FeeOnlyY = true },
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
