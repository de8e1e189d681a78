using QTrade.Markets.Venues;
using QTrade.Solana.Tests.Accounts;

namespace QTrade.Solana.Tests;

/// <summary>
/// Every decoder from accounts made by hand. The figures of the pools are those of real ones, and the amounts those that the programs on chain
/// gave for them; 0 where they refused.
/// </summary>
public sealed class OwnFigureSpecs
{
    private static readonly (int Tick, Int128 Net)[] WhirlpoolTicks =
    [
        (-38_736, 5_259_914_037_823), (-38_728, 7_910_538_855_655), (-38_720, 11_301_919_377_604), (-38_712, 9_381_446_386_116),
        (-38_704, 2_628_047_851_515), (-38_696, -7_405_043_894_235), (-38_688, -11_860_039_113_642),
    ];

    private static readonly (int Tick, Int128 Net)[] ClmmTicks =
    [
        (-25_176, 439_886_878_530), (-25_141, 2_932_579_190_200), (-25_077, 733_144_797_550), (-25_053, 1_319_660_635_590),
        (-25_040, -586_515_838_040), (-25_021, -1_319_660_635_590), (-24_958, -4_398_868_785_300), (-24_906, -293_257_919_020),
    ];

    [Theory]
    [InlineData(true, 1_000_000, 79_486)]
    [InlineData(true, 5_000_000_000, 397_390_104)]
    [InlineData(false, 250_000_000, 3_129_262_245)]
    [InlineData(false, 1, 0)]
    [InlineData(true, 401, 31)]
    [InlineData(false, 987_654_321_987, 9_739_468_235_721)]
    [InlineData(true, 31_415_926_535, 2_495_442_973)]
    public void Raydium_amm_v4(bool zeroForOne, long amountIn, long amountOut) =>
        Pays(OwnPools.AmmV4(45_890_814_872_617, 3_656_849_666_245), zeroForOne, amountIn, amountOut);

    [Theory]
    [InlineData(true, 1_000_000, 82_002)]
    [InlineData(true, 123_456_789, 7_830_653)]
    [InlineData(false, 25_000_000, 175_204_333)]
    [InlineData(true, 1, 0)]
    [InlineData(true, 10_000_000_000, 32_917_498)]
    [InlineData(false, 1_000_000_000, 402_292_337)]
    [InlineData(false, 77, 922)]
    public void Raydium_cpmm(bool zeroForOne, long amountIn, long amountOut) =>
        Pays(OwnPools.Cpmm(559_624_424, 35_574_492, [60_324_515, 229_688, 83_178_112, 1_054_104, 0, 0]), zeroForOne, amountIn, amountOut);

    [Theory]
    [InlineData(0UL, 1_800_000_000, PoolRefusal.None)]
    [InlineData(1_800_000_000UL, 1_800_000_000, PoolRefusal.None)]
    [InlineData(1_800_000_001UL, 1_800_000_000, PoolRefusal.Disabled)]
    [InlineData(1UL << 63, 1_800_000_000, PoolRefusal.Disabled)]
    [InlineData(ulong.MaxValue, long.MaxValue, PoolRefusal.Disabled)]
    public void Raydium_amm_v4_that_waits_trades_from_its_open_time_on(ulong openTime, long now, PoolRefusal refusal) =>
        Assert.Equal(refusal, OwnPools.AmmV4(45_890_814_872_617, 3_656_849_666_245, status: 7, openTime: openTime).Assemble(out _, new ChainClock(400_000_000, now)).Refusal);

    /// <summary>What the creator gets of what comes out leaves the reserves with it: the program rounds it up from what the curve pays, and from what is asked for where that is given.</summary>
    [Theory]
    [InlineData(CreatorFeeSide.Token0, false)]
    [InlineData(CreatorFeeSide.Token1, true)]
    public void Raydium_cpmm_reserves_after_a_swap_lack_what_the_curve_paid(CreatorFeeSide side, bool zeroForOne)
    {
        var state = (CpmmState)OwnPools.Cpmm(7_000_000_000_039, 90_000_000_013, [11, 12, 13, 14, 15, 16], creator: true, side).Assembled().State;
        ulong Out(VenueState held) => zeroForOne ? ((CpmmState)held).Reserve1 : ((CpmmState)held).Reserve0;
        for (ulong offer = 100_000; offer < 3_000_000; offer += 997)
        {
            if (state.ExactIn(zeroForOne, offer, out var sold) != VenueRefusal.None)
                continue;
            var net = offer - (((offer * 2_500) + 999_999) / 1_000_000);
            var (reserveIn, reserveOut) = zeroForOne ? (state.Reserve0, state.Reserve1) : (state.Reserve1, state.Reserve0);
            var gross = (ulong)((UInt128)reserveOut * net / (reserveIn + net));
            Assert.Equal(gross - (((gross * 500) + 999_999) / 1_000_000), sold.AmountOut);
            Assert.Equal(Out(state) - gross, Out(state.After(sold)));

            Assert.Equal(VenueRefusal.None, state.ExactOut(zeroForOne, sold.AmountOut, out var bought));
            var wanted = ((sold.AmountOut * 1_000_000) + 999_499) / 999_500;
            Assert.Equal(Out(state) - wanted, Out(state.After(bought)));
        }
    }

    /// <summary>Its program fails where either amount comes to nothing; Orca's gives nothing for it.</summary>
    [Fact]
    public void Raydium_clmm_refuses_a_swap_that_fetches_nothing()
    {
        var clmm = OwnPools.Clmm(1, 200, 14_662_895_951_045, 5_273_450_886_599_194_624, -25_046, ClmmTicks, hasExtension: false).Assembled().State;
        Assert.Equal(VenueRefusal.NothingReceived, clmm.ExactIn(zeroForOne: true, 1, out _));
        Assert.Equal(VenueRefusal.NothingReceived, clmm.ExactIn(zeroForOne: true, 10, out _));
        Assert.Equal(VenueRefusal.None, clmm.ExactIn(zeroForOne: true, 1_000, out var fill));
        Assert.True(fill.AmountOut > 0);

        var whirlpool = OwnPools.Whirlpool(8, 500, 163_181_152_869_703, 2_663_421_035_767_335_793, -38_708, WhirlpoolTicks, isDynamic: false).Assembled().State;
        Assert.Equal(VenueRefusal.None, whirlpool.ExactIn(zeroForOne: true, 10, out fill));
        Assert.Equal(0UL, fill.AmountOut);
    }

    [Theory]
    [InlineData(true, 1, 0, 0)]
    [InlineData(true, 1_000, 991, 79)]
    [InlineData(true, 999_983, 999_974, 79_758)]
    [InlineData(true, 50_000_017, 50_000_010, 3_987_802)]
    [InlineData(true, 77_777_777_777, 77_777_777_776, 5_757_122_676)]
    public void Token_swap(bool zeroForOne, long offered, long amountIn, long amountOut) =>
        Pays(OwnPools.TokenSwap(1_000_000_000_000, 80_000_000_000, [25, 10_000, 5, 10_000]), zeroForOne, offered, amountOut, amountIn);

    [Theory]
    [InlineData(true, 1_000, 20, "2663421035764981528", -38_708)]
    [InlineData(true, 100_000_000, 2_083_641, "2663420800222985700", -38_708)]
    [InlineData(true, 1_000_000_000_000, 20_817_228_734, "2660898291241260423", -38_727)]
    [InlineData(false, 1_000_000, 47_944_917, "2663421148755388502", -38_708)]
    [InlineData(false, 5_000_000_000, 239_673_786_371, "2663984335547578660", -38_704)]
    public void Orca_whirlpool_of_fixed_and_of_dynamic_arrays(bool zeroForOne, long amountIn, long amountOut, string rootAfter, int tickAfter)
    {
        foreach (var isDynamic in new[] { false, true })
        {
            var own = OwnPools.Whirlpool(8, 500, 163_181_152_869_703, 2_663_421_035_767_335_793, -38_708, WhirlpoolTicks, isDynamic);
            var fill = Pays(own, zeroForOne, amountIn, amountOut);
            Assert.Equal(rootAfter, fill.SqrtPriceAfter.ToString());
            Assert.Equal(tickAfter, ((WhirlpoolState)own.Assembled().State).TickAfter(fill));
        }
    }

    [Theory]
    [InlineData(true, 1_000, 81, "5273450886496483893")]
    [InlineData(true, 5_000_000_000, 408_499_169, "5272936971772742582")]
    [InlineData(true, 200_000_000_000, 16_271_469_572, "5250345587067533989")]
    [InlineData(false, 100_000_000, 1_223_354_736, "5273576667037018575")]
    [InlineData(false, 5_000_000_000, 61_094_500_485, "5279951788450357979")]
    public void Raydium_clmm(bool zeroForOne, long amountIn, long amountOut, string rootAfter)
    {
        foreach (var hasExtension in new[] { false, true })
        {
            var own = OwnPools.Clmm(1, 200, 14_662_895_951_045, 5_273_450_886_599_194_624, -25_046, ClmmTicks, hasExtension);
            Assert.Equal(rootAfter, Pays(own, zeroForOne, amountIn, amountOut).SqrtPriceAfter.ToString());
        }
    }

    [Theory]
    [InlineData(true, 1_000, 164, "7502733743557648719")]
    [InlineData(true, 20_000_000_000, 3_306_143_924, "7500417233074077312")]
    [InlineData(false, 1_000, 6_042, "7502733744373898161")]
    [InlineData(false, 20_000_000_000, 120_627_558_570, "7516741506478548263")]
    public void Meteora_damm_v2(bool zeroForOne, long amountIn, long amountOut, string rootAfter)
    {
        var own = OwnPools.DammV2(
            7_502_733_743_673_510_021, 4_880_549_731_789_001_291, 12_236_185_739_241_331_242, UInt128.Parse("485848270929526883808099483541734"), 400_000);
        Assert.Equal(rootAfter, Pays(own, zeroForOne, amountIn, amountOut).SqrtPriceAfter.ToString());
    }

    [Theory]
    [InlineData(1_000, 895, 0)]
    [InlineData(1_000_000, 895_500, 0)]
    [InlineData(50_000_000, 44_982_774, -1)]
    [InlineData(1_000_000_000, 888_109_088, -27)]
    public void Meteora_dlmm_with_a_transfer_fee_of_the_mint(long amountIn, long amountOut, int activeAfter)
    {
        var fee = new TransferFee(50, 5_000);
        var bins = Enumerable.Range(-30, 31).Select(id => (id, 0UL, 32_258_064UL)).Append((1, 33_818_508UL, 0UL)).ToArray();
        var own = OwnPools.Dlmm(0, 10, 10_000, 2, bins, OwnPools.FeeMint(OwnPools.Mint0, 6, fee, 0, fee), control: 40_000);
        Assert.Equal(activeAfter, Pays(own, zeroForOne: true, amountIn, amountOut).TickAfter);
    }

    [Fact]
    public void A_transfer_fee_is_that_of_the_clocks_epoch()
    {
        var (older, newer) = (new TransferFee(100, 7), new TransferFee(200, 9));
        var mint = OwnPools.FeeMint(OwnPools.Mint1, 6, older, 950, newer);
        var own = OwnPools.DammV2(UInt128.One << 64, UInt128.One << 63, UInt128.One << 65, UInt128.One << 120, 1_000, mintB: mint);
        Assert.Equal(older, own.Assembled(new ChainClock(949 * 432_000UL, 1_800_000_000)).State.TransferFee1);
        Assert.Equal(newer, own.Assembled(new ChainClock(950 * 432_000UL, 1_800_000_000)).State.TransferFee1);
        Assert.Equal(default, own.Assembled().State.TransferFee0);
    }

    [Fact]
    public void Pools_whose_rules_are_not_implemented_are_refused_by_name()
    {
        Refuses(OwnPools.AmmV4(1_000, 1_000, status: 1), PoolRefusal.OrderBook);
        Refuses(OwnPools.AmmV4(1_000, 1_000, status: 4), PoolRefusal.Disabled);
        Refuses(OwnPools.AmmV4(1_000, 1_000, pendingPc: 1_000), PoolRefusal.NoLiquidity);
        Refuses(OwnPools.TokenSwap(1_000, 1_000, [25, 10_000, 5, 10_000], curve: 2), PoolRefusal.CurveKind);
        Refuses(OwnPools.Whirlpool(8, 500, 1, UInt128.One << 64, 0, [], isDynamic: false, tier: 1_032), PoolRefusal.AdaptiveFee);
        Refuses(OwnPools.Dlmm(0, 10, 10_000, 0, [(0, 5, 5)], feeMode: 2), PoolRefusal.FeeMode);

        var clmm = OwnPools.Clmm(1, 200, 14_662_895_951_045, 5_273_450_886_599_194_624, -25_046, ClmmTicks);
        Refuses(clmm.With(0, Changed(clmm, 0, 390, 1)), PoolRefusal.FeeMode);
        Refuses(clmm.With(0, Changed(clmm, 0, 1_100, 1)), PoolRefusal.DynamicFee);
        Refuses(clmm.With(0, Changed(clmm, 0, 389, 1 << 4)), PoolRefusal.Disabled);
        Refuses(clmm.With(4, Changed(clmm, 4, 44 + 116, 1)), PoolRefusal.LimitOrders);

        var frozen = OwnPools.AmmV4(1_000, 1_000);
        Refuses(frozen.With(1, Changed(frozen, 1, 108, 2)), PoolRefusal.FrozenVault);
        Refuses(frozen.With(1, frozen.Accounts[1].Data, ProgramIds.RaydiumAmmV4), PoolRefusal.WrongAccount);
        Refuses(new OwnPool([frozen.Accounts[0], frozen.Accounts[1]]), PoolRefusal.MissingAccount);
        Refuses(frozen.With(0, frozen.Accounts[0].Data[..^1]), PoolRefusal.Truncated);
    }

    [Theory]
    [InlineData(14, PoolRefusal.TransferHook)]
    [InlineData(12, PoolRefusal.MintExtension)]
    [InlineData(4, PoolRefusal.MintExtension)]
    [InlineData(26, PoolRefusal.MintExtension)]
    [InlineData(999, PoolRefusal.MintExtension)]
    public void A_mint_with_an_extension_that_is_not_supported_refuses_its_pool(int extension, PoolRefusal refusal)
    {
        var data = new AccountBytes(166 + 4 + 64).U64(36, 1).U8(44, 6).U8(45, 1).U8(165, 1).U16(166, (ushort)extension).U16(168, 64);
        var mint = new OwnAccount(OwnPools.Mint1, ProgramIds.Token2022, data);
        Refuses(OwnPools.DammV2(UInt128.One << 64, UInt128.One << 63, UInt128.One << 65, UInt128.One << 120, 1_000, mintB: mint), refusal);
    }

    [Fact]
    public void Pools_that_are_only_decoded_are_never_quoted()
    {
        var pump = new OwnPool([new OwnAccount(OwnPools.Numbered(71), ProgramIds.PumpSwap, new AccountBytes(301).Tag(0xf19a6d0411b16dbc).Key(43, OwnPools.Mint0).Key(75, OwnPools.Mint1))]);
        var damm = new OwnPool([new OwnAccount(OwnPools.Numbered(72), ProgramIds.MeteoraDammV1, new AccountBytes(1_387).Tag(0xf19a6d0411b16dbc).Key(40, OwnPools.Mint0).Key(72, OwnPools.Mint1).U8(233, 1))]);
        Refuses(pump, PoolRefusal.FormulaNotProven);
        Refuses(damm, PoolRefusal.FormulaNotProven);
    }

    private static byte[] Changed(OwnPool pool, int account, int at, byte value)
    {
        byte[] data = [.. pool.Accounts[account].Data];
        data[at] = value;
        return data;
    }

    private static void Refuses(OwnPool pool, PoolRefusal refusal) => Assert.Equal(refusal, pool.Assemble(out _).Refusal);

    private static VenueFill Pays(OwnPool pool, bool zeroForOne, long offered, long amountOut, long amountIn = 0)
    {
        var refusal = pool.Assembled().State.ExactIn(zeroForOne, (ulong)offered, out var fill);
        if (amountOut == 0)
        {
            Assert.NotEqual(VenueRefusal.None, refusal);
            return fill;
        }

        Assert.Equal(VenueRefusal.None, refusal);
        Assert.Equal((ulong)amountOut, fill.AmountOut);
        Assert.Equal((ulong)(amountIn == 0 ? offered : amountIn), fill.AmountIn);
        return fill;
    }
}
