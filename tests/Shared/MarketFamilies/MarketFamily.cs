using System.Collections.Immutable;
using QTrade.Markets;

namespace QTrade.Shared.MarketFamilies;

/// <summary>
/// Markets of any size and seed, by family: the settings of the published comparisons (<c>paper</c>: Diamandis et al., arXiv 2302.04938;
/// <c>scaling</c>: CFMMRouter.jl's benchmark), markets like Solana's (three hubs and a long tail), and numbers that are legal but unkind.
/// </summary>
public static class MarketFamily
{
    private static readonly SortedDictionary<string, Func<int, int, Market>> Makers = new(StringComparer.Ordinal)
    {
        ["paper"] = PaperMarkets.Paper,
        ["scaling"] = PaperMarkets.Scaling,
        ["hubprod"] = Hub(new()),
        ["hubmixed"] = Hub(new() { Kinds = HubKinds.Mixed }),
        ["hubmulti"] = Hub(new() { Kinds = HubKinds.ManyTokens }),
        ["hubonly"] = Hub(new() { OnlyHubsValued = true }),
        ["wide"] = Hub(new() { LowestValue = -2, HighestValue = 10, Mispricing = 0.05 }),
        ["wideunit"] = Hub(new() { LowestValue = -2, HighestValue = 10, Mispricing = 0.05, BaseUnits = false }),
        ["nearno"] = Hub(new() { Mispricing = 0.0003, Outliers = 0 }),
        ["disc"] = Hub(new() { Kinds = HubKinds.Mixed, Components = 4, Degenerate = 0.1 }),
        ["ticks"] = Hub(new() { Kinds = HubKinds.Concentrated, Pieces = 300, Mispricing = 0.01 }),
        ["bins"] = Hub(new() { Kinds = HubKinds.Bins, Pieces = 70, Mispricing = 0.01 }),
        ["binfees"] = Hub(new() { Kinds = HubKinds.Bins, Pieces = 30, Mispricing = 0.01, BinFees = true }),
        ["stable"] = Hub(new() { Kinds = HubKinds.Stable, Mispricing = 0.001 }),
        ["outfees"] = Hub(new() { Kinds = HubKinds.Mixed, OutFees = true, Mispricing = 0.02 }),
        ["routing"] = (pools, seed) => MarketVariants.Routing(HubMarkets.Make(pools, seed, new() { Kinds = HubKinds.Mixed }), seed),
        ["liquidation"] = (pools, seed) => MarketVariants.Liquidation(HubMarkets.Make(pools, seed, new() { Kinds = HubKinds.Mixed }), seed),
        ["bounded"] = (pools, seed) => MarketVariants.Bounded(HubMarkets.Make(pools, seed, new() { Kinds = HubKinds.Mixed, Mispricing = 0.02 }), seed),
        ["transferfees"] = (pools, seed) => MarketVariants.TokenFees(HubMarkets.Make(pools, seed, new() { Mispricing = 0.02 }), seed),
        ["tokenfees"] = (pools, seed) => MarketVariants.TokenFees(HubMarkets.Make(pools, seed, new() { Kinds = HubKinds.Mixed, OutFees = true, BinFees = true, Mispricing = 0.03 }), seed),
        ["hostile"] = HostileMarkets.Make,
        ["wild"] = WildMarkets.Make,
    };

    /// <summary>Names of all families.</summary>
    public static ImmutableArray<string> Names { get; } = [.. Makers.Keys];

    /// <summary>The market of a family at a size and seed: always the same one, named <c>family-pools-sseed</c>.</summary>
    public static Market Make(string family, int pools, int seed) => Makers[family](pools, seed) with { Name = $"{family}-{pools}-s{seed}" };

    private static Func<int, int, Market> Hub(HubSettings settings) => (pools, seed) => HubMarkets.Make(pools, seed, settings);
}
