namespace QTrade.Shared.MarketFamilies;

/// <summary>Which kinds of pool a hub market has.</summary>
internal enum HubKinds
{
    /// <summary>Products, and one weighted pool to six of them.</summary>
    Reserves,

    /// <summary>All six kinds in about the proportions of a real chain.</summary>
    Mixed,

    /// <summary>Products and weighted pools of two to five tokens.</summary>
    ManyTokens,

    Concentrated,
    Bins,
    Stable,
}
