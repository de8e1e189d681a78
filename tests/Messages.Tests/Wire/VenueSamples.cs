using System.Collections.Immutable;
using QTrade.Markets.Venues;

namespace QTrade.Messages.Tests.Wire;

/// <summary>An integer state of every venue, with every field other than its default.</summary>
internal static class VenueSamples
{
    private static readonly TransferFee Fee = new(50, 5_000);

    public static WhirlpoolState Whirlpool { get; } = new()
    {
        SqrtPrice = OrcaTicks.SqrtPriceAt(-129) + 12_345,
        Tick = -129,
        Liquidity = UInt128.Parse("300000000000000000000"),
        FeeRate = 3_000,
        TickSpacing = 64,
        Ticks = new TickRange(
            [new(-22_528, Int128.Parse("250000000000000000000")), new(-128, 77), new(0, -1), new(640, Int128.Parse("-250000000000000000076"))],
            OrcaTicks.SqrtPriceAt,
            -22_528,
            11_263),
        CurveSpansAllTicks = true,
        TransferFee0 = Fee,
        TransferFee1 = new TransferFee(1, ulong.MaxValue),
    };

    public static ImmutableArray<VenueState> All { get; } =
    [
        Whirlpool,
        new AmmV4State { Reserve0 = ulong.MaxValue, Reserve1 = 1, FeeNumerator = 25, FeeDenominator = 10_000, TransferFee0 = Fee },
        new CpmmState
        {
            Reserve0 = 5, Reserve1 = 6, TradeRate = 2_500, CreatorRate = 500, CreatorFeeOn = CreatorFeeSide.Token1, ProtocolShare = 120_000, FundShare = 40_000,
        },
        new TokenSwapState { Reserve0 = 7, Reserve1 = 8, TradeNumerator = 25, TradeDenominator = 10_000, OwnerNumerator = 5, OwnerDenominator = 10_001 },
        new RaydiumClmmState
        {
            SqrtPrice = RaydiumTicks.SqrtPriceAt(5),
            Tick = 4,
            Liquidity = UInt128.MaxValue,
            FeeRate = 100,
            Ticks = new TickRange([new(-443_636, Int128.MaxValue), new(443_636, Int128.MinValue)], RaydiumTicks.SqrtPriceAt, -443_636, 443_636),
        },
        new DammV2State
        {
            SqrtPrice = UInt128.One << 64,
            SqrtPriceMin = OrcaTicks.SqrtPriceMin,
            SqrtPriceMax = RaydiumTicks.SqrtPriceMax,
            Liquidity = UInt128.MaxValue - 1,
            FeeNumerator = 499_999_999,
            FeeOnlyB = true,
            FeeFollowsVolatility = true,
            IsFeeUnknown = true,
        },
        new DlmmState
        {
            Bins =
            [
                Bin(-301, 0, 9), Bin(-300, 4, ulong.MaxValue, BinOrders.Bids, 3, 2), Bin(700, 1, 0, BinOrders.Asks, 0, ulong.MaxValue),
            ],
            FirstBin = -350,
            LastBin = 769,
            ActiveId = -300,
            BinStep = 20,
            Fees = new DlmmFees(2_000_000, 7_500, 150_000),
            VolatilityReference = 12_345,
            IndexReference = -299,
            FeeOnlyY = true,
            ReserveX = 77,
            ReserveY = ulong.MaxValue,
        },
    ];

    private static LiquidityBin Bin(int id, ulong x, ulong y, BinOrders side = BinOrders.None, ulong processed = 0, ulong open = 0) =>
        new(id, x, y, DlmmState.PriceOf(id, 20), side, processed, open);
}
