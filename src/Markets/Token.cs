namespace QTrade.Markets;

/// <summary>One token of a market.</summary>
public sealed record Token
{
    /// <summary>Its name in this market.</summary>
    public required TokenId Id { get; init; }

    /// <summary>Market value c of one unit, finite and at least 0; 0 where it is not wanted as profit.</summary>
    public required double Value { get; init; }

    /// <summary>Holding h, finite and at least 0: the net flow psi satisfies psi + h >= 0.</summary>
    public double Holding { get; init; }

    /// <summary>Address of the mint on chain.</summary>
    public string? Mint { get; init; }

    /// <summary>Ticker, for showing.</summary>
    public string? Symbol { get; init; }

    /// <summary>Base units per whole token are ten to this power, 0 to 30.</summary>
    public int? Decimals { get; init; }
}
