namespace QTrade.Solana.Tapes;

/// <summary>What an entry of a tape tells. The numbers are written.</summary>
public enum TapeEntryKind : byte
{
    /// <summary>An account at a position.</summary>
    Account = 1,

    /// <summary>A pool is followed from here on.</summary>
    Follow = 2,

    /// <summary>The connection was lost: what is held is not trusted until it was read again.</summary>
    Lost = 3,
}
