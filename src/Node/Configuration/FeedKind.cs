namespace QTrade.Node.Configuration;

/// <summary>Where the pools' updates come from.</summary>
public enum FeedKind
{
    /// <summary>A seeded chain inside the program, started from a market file.</summary>
    Simulated,

    /// <summary>Accounts of Solana.</summary>
    Solana,

    /// <summary>A recorded stream.</summary>
    Recorded,
}
