namespace QTrade.Solana.Feed;

/// <summary>How a pool stands with its feed.</summary>
public enum PoolStanding
{
    /// <summary>Accounts of it are not read yet, or no longer trusted.</summary>
    Incomplete,

    /// <summary>It cannot be traded; the fault says why.</summary>
    Refused,

    /// <summary>All its accounts are known as of one slot.</summary>
    Complete,
}
