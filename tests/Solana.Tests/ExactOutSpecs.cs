using System.Numerics;
using QTrade.Markets.Venues;
using QTrade.Solana.Tests.Accounts;

namespace QTrade.Solana.Tests;

/// <summary>
/// An exact-out is the smallest offer whose exact-in fetches the amount. For venues of one formula that is checked in integers of any size by
/// bisection; for those that walk, each step rounds against the trader, so that the offer may pass the smallest by a unit a step.
/// </summary>
public sealed class ExactOutSpecs
{
    private static readonly ulong[] Wanted = [1, 2, 3, 17, 999, 1_000, 65_537, 1_000_003, 123_456_789, 5_000_000_029];

    public static TheoryData<string> Formulas => ["amm", "amm-tiny", "cpmm", "cpmm-in", "cpmm-0", "cpmm-1", "swap", "swap-owner", "damm", "damm-b"];

    public static TheoryData<string> Walks => ["whirlpool", "clmm", "dlmm", "dlmm-y"];

    [Theory]
    [MemberData(nameof(Formulas))]
    public void Of_a_formula_it_is_the_smallest_offer(string name)
    {
        var (state, reference) = Formula(name);
        var compared = 0;
        foreach (var zeroForOne in new[] { true, false })
        {
            foreach (var wanted in Wanted)
            {
                if (state.ExactOut(zeroForOne, wanted, out var fill) != VenueRefusal.None)
                    continue;
                var least = Least(ulong.MaxValue, offer => reference(zeroForOne, offer) >= wanted);
                Assert.True(fill.AmountIn == least, $"{name} {zeroForOne} {wanted}: {fill.AmountIn} where {least} is the smallest");
                Assert.Equal(VenueRefusal.None, state.ExactIn(zeroForOne, fill.AmountIn, out var back));
                Assert.True(back.AmountOut >= wanted);
                Assert.Equal(reference(zeroForOne, fill.AmountIn), back.AmountOut);
                compared++;
            }
        }

        Assert.True(compared > 6, $"{compared} compared");
    }

    [Theory]
    [MemberData(nameof(Walks))]
    public void Of_a_walk_it_passes_the_smallest_offer_by_a_unit_a_step_at_most(string name)
    {
        var state = Walk(name);
        var compared = 0;
        foreach (var zeroForOne in new[] { true, false })
        {
            foreach (var wanted in Wanted)
            {
                if (state.ExactOut(zeroForOne, wanted, out var fill) != VenueRefusal.None)
                    continue;
                Assert.True(Out(state, zeroForOne, fill.AmountIn) >= wanted, $"{name} {zeroForOne} {wanted}: {fill.AmountIn} fetches too little");
                var least = Least(fill.AmountIn, offer => Out(state, zeroForOne, (ulong)offer) >= wanted);
                Assert.InRange(fill.AmountIn - (ulong)least, 0UL, (ulong)(fill.Crossings + 1));
                compared++;
            }
        }

        Assert.True(compared > 8, $"{compared} compared");
    }

    private static ulong Out(VenueState state, bool zeroForOne, ulong offer) =>
        state.ExactIn(zeroForOne, offer, out var fill) == VenueRefusal.None ? fill.AmountOut : 0;

    private static BigInteger Least(BigInteger high, Func<BigInteger, bool> fetches)
    {
        BigInteger low = 1;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (fetches(middle))
                high = middle;
            else
                low = middle + 1;
        }

        // Where two fees of at least a unit grow at once, a little less may do.
        for (var less = low - 1; less > 0 && less >= low - 4; less--)
        {
            if (fetches(less))
                low = less;
        }

        return low;
    }

    private static BigInteger Ceil(BigInteger a, BigInteger b) => (a + b - 1) / b;

    private static BigInteger Product(BigInteger reserveIn, BigInteger reserveOut, BigInteger net) => net <= 0 ? 0 : reserveOut * net / (reserveIn + net);

    private static (VenueState State, Func<bool, BigInteger, BigInteger> Reference) Formula(string name)
    {
        switch (name)
        {
            case "amm" or "amm-tiny":
                var (coin, pc) = name == "amm" ? (45_890_814_872_617UL, 3_656_849_666_245UL) : (1_009UL, 10_000_000_019UL);
                return (OwnPools.AmmV4(coin, pc).Assembled().State, (zero, offer) => Amm(zero ? (coin, pc) : (pc, coin), offer));
            case "cpmm" or "cpmm-in" or "cpmm-0" or "cpmm-1":
                var side = name switch { "cpmm-0" => CreatorFeeSide.Token0, "cpmm-1" => CreatorFeeSide.Token1, _ => CreatorFeeSide.Input };
                var pool = OwnPools.Cpmm(7_000_000_000_039, 90_000_000_013, [11, 12, 13, 14, 15, 16], name != "cpmm", side);
                return (pool.Assembled().State, (zero, offer) => Cpmm(zero, offer, name, side));
            case "swap" or "swap-owner":
                ulong[] fees = name == "swap" ? [25, 10_000, 0, 0] : [25, 10_000, 5, 10_000];
                return (OwnPools.TokenSwap(1_000_000_000_007, 80_000_000_011, fees).Assembled().State, (zero, offer) => Swap(zero, offer, fees));
            default:
                BigInteger root = 7_502_733_743_673_510_021, liquidity = BigInteger.Parse("485848270929526883808099483541734");
                var damm = OwnPools.DammV2((UInt128)root, 4_880_549_731_789_001_291, 12_236_185_739_241_331_242, (UInt128)liquidity, 400_000, name == "damm-b");
                return (damm.Assembled().State, (zero, offer) => Damm(zero, offer, root, liquidity, name == "damm-b"));
        }
    }

    private static BigInteger Amm((ulong In, ulong Out) reserves, BigInteger offer) =>
        Product(reserves.In, reserves.Out, offer - Ceil(offer * 25, 10_000));

    private static BigInteger Cpmm(bool zeroForOne, BigInteger offer, string name, CreatorFeeSide side)
    {
        BigInteger reserve0 = 7_000_000_000_039UL - 11 - 13 - 15, reserve1 = 90_000_000_013UL - 12 - 14 - 16;
        var (reserveIn, reserveOut) = zeroForOne ? (reserve0, reserve1) : (reserve1, reserve0);
        var creator = name == "cpmm" ? 0 : 500;
        var onInput = side == CreatorFeeSide.Input || (side == CreatorFeeSide.Token0) == zeroForOne;
        var gross = Product(reserveIn, reserveOut, offer - Ceil(offer * (2_500 + (onInput ? creator : 0)), 1_000_000));
        return onInput ? gross : gross - Ceil(gross * creator, 1_000_000);
    }

    private static BigInteger Swap(bool zeroForOne, BigInteger offer, ulong[] fees)
    {
        BigInteger a = 1_000_000_000_007, b = 80_000_000_011;
        var (x, y) = zeroForOne ? (a, b) : (b, a);
        var net = offer - Fee(offer, fees[0], fees[1]) - Fee(offer, fees[2], fees[3]);
        return net <= 0 || x * y < x + net ? 0 : y - Ceil(x * y, x + net);
    }

    private static BigInteger Fee(BigInteger amount, ulong numerator, ulong denominator) =>
        numerator == 0 ? 0 : BigInteger.Max(1, amount * numerator / denominator);

    private static BigInteger Damm(bool zeroForOne, BigInteger offer, BigInteger p, BigInteger liquidity, bool onlyB)
    {
        var onInput = onlyB && !zeroForOne;
        var net = onInput ? offer - Ceil(offer * 400_000, 1_000_000_000) : offer;
        BigInteger gross;
        if (zeroForOne)
        {
            var next = Ceil(liquidity * p, liquidity + (net * p));
            gross = liquidity * (p - next) >> 128;
        }
        else
        {
            var next = p + ((net << 128) / liquidity);
            gross = liquidity * (next - p) / (next * p);
        }

        return onInput ? gross : gross - Ceil(gross * 400_000, 1_000_000_000);
    }

    private static VenueState Walk(string name) => name switch
    {
        "whirlpool" => OwnPools.Whirlpool(
            8, 500, 163_181_152_869, 2_663_421_035_767_335_793, -38_708,
            [(-39_400, 1), (-38_720, 11_301_919_377), (-38_712, 9_381_446_386), (-38_704, 2_628_047_851), (-38_696, -7_405_043_894)], isDynamic: true).Assembled().State,
        "clmm" => OwnPools.Clmm(
            1, 200, 14_662_895_951, 5_273_450_886_599_194_624, -25_046,
            [(-25_176, 439_886_878), (-25_053, 1_319_660_635), (-25_040, -586_515_838), (-24_958, -4_398_868_785)]).Assembled().State,
        "dlmm" => Dlmm(0),
        _ => Dlmm(1),
    };

    private static VenueState Dlmm(byte feeMode) => OwnPools.Dlmm(
        0, 10, 10_000, 0, [.. Enumerable.Range(-30, 61).Select(id => (id, id >= 0 ? 33_818_508UL : 0UL, id <= 0 ? 32_258_064UL : 0UL))], control: 40_000, feeMode: feeMode).Assembled().State;
}
