using QTrade.Markets;
using QTrade.Markets.Venues;

namespace QTrade.Node.Tests.Simulation;

/// <summary>Markets of pools that settle by a venue's integers.</summary>
internal static class VenueMarkets
{
    /// <summary>A triangle of tokens in base units, with a pool of five venues; its prices leave room for a trade.</summary>
    public static Market Triangle { get; } = new()
    {
        Name = "venues",
        Slot = 1_000,
        Units = AmountUnit.Base,
        Tokens = [.. new[] { "A", "B", "C" }.Select(name => new Token { Id = new TokenId(name), Value = 0.000001, Decimals = 6 })],
        Pools =
        [
            Pool("amm", "A", "B", new AmmV4State { Reserve0 = 1_000_000_000_003, Reserve1 = 1_003_000_000_001, FeeNumerator = 25, FeeDenominator = 10_000 }),
            Pool("swap", "B", "C", new TokenSwapState
            {
                Reserve0 = 800_000_000_007, Reserve1 = 801_000_000_009, TradeNumerator = 25, TradeDenominator = 10_000, OwnerNumerator = 5, OwnerDenominator = 10_000,
            }),
            Pool("cpmm", "A", "C", new CpmmState
            {
                Reserve0 = 500_000_000_011, Reserve1 = 497_000_000_013, TradeRate = 2_500, CreatorRate = 500, CreatorFeeOn = CreatorFeeSide.Token1, ProtocolShare = 120_000, FundShare = 40_000,
            }),
            Pool("whirlpool", "A", "B", new WhirlpoolState
            {
                SqrtPrice = OrcaTicks.SqrtPriceAt(3) + 12_345,
                Tick = 3,
                Liquidity = 400_000_000_000_000,
                FeeRate = 3_000,
                TickSpacing = 64,
                Ticks = new TickRange([new(-5_632, 400_000_000_000_000), new(5_632, -400_000_000_000_000)], OrcaTicks.SqrtPriceAt, -5_632, 11_263),
                CurveSpansAllTicks = true,
            }),
            Pool("damm", "B", "C", new DammV2State
            {
                SqrtPrice = UInt128.One << 64,
                SqrtPriceMin = OrcaTicks.SqrtPriceAt(-4_000),
                SqrtPriceMax = OrcaTicks.SqrtPriceAt(4_000),
                Liquidity = (UInt128)90_000_000_000_000 << 64,
                FeeNumerator = 2_000_000,
                FeeOnlyB = false,
                FeeFollowsVolatility = false,
            }),
        ],
    };

    private static Pool Pool(string id, string token0, string token1, VenueState state) =>
        state.ToPool(new PoolId(id), id, new TokenId(token0), new TokenId(token1));
}
