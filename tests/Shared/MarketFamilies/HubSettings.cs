namespace QTrade.Shared.MarketFamilies;

/// <summary>What tells one family of hub markets from another.</summary>
internal sealed record HubSettings
{
    public HubKinds Kinds { get; init; } = HubKinds.Reserves;

    /// <summary>Deviation of the logarithm of a pool's price from that of its tokens' values.</summary>
    public double Mispricing { get; init; } = 0.005;

    /// <summary>Share of pools that deviate forty times as far.</summary>
    public double Outliers { get; init; } = 0.02;

    /// <summary>Value locked in a pool is 10 to a power between these.</summary>
    public double LowestValue { get; init; } = 1;

    public double HighestValue { get; init; } = 9;

    /// <summary>Tick intervals or bins of a pool.</summary>
    public int Pieces { get; init; } = 40;

    /// <summary>Components without pools between them; 1 is a connected market.</summary>
    public int Components { get; init; } = 1;

    /// <summary>Share of pools that lack one or both of their reserves.</summary>
    public double Degenerate { get; init; }

    public bool BaseUnits { get; init; } = true;

    public bool OnlyHubsValued { get; init; }

    public bool OutFees { get; init; }

    public bool BinFees { get; init; }
}
