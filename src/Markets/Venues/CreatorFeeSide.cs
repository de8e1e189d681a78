namespace QTrade.Markets.Venues;

/// <summary>Which token pays the creator's fee of a Raydium CPMM pool, by the numbers in its account.</summary>
public enum CreatorFeeSide
{
    /// <summary>Whatever goes in.</summary>
    Input = 0,

    /// <summary>Token 0.</summary>
    Token0 = 1,

    /// <summary>Token 1.</summary>
    Token1 = 2,
}
