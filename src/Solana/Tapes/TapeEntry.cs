using QTrade.Solana.Feed;

namespace QTrade.Solana.Tapes;

/// <summary>One entry of a tape.</summary>
/// <param name="Kind">What it tells.</param>
/// <param name="Time">When, since the recording began.</param>
/// <param name="Pool">The pool that is followed; zeros for other kinds.</param>
/// <param name="Update">The account; null for other kinds.</param>
public readonly record struct TapeEntry(TapeEntryKind Kind, TimeSpan Time, Address Pool, AccountUpdate? Update)
{
    /// <summary>An account at a position.</summary>
    public static TapeEntry Account(AccountUpdate update, TimeSpan time) => new(TapeEntryKind.Account, time, default, update);

    /// <summary>A pool is followed.</summary>
    public static TapeEntry Follow(Address pool, TimeSpan time) => new(TapeEntryKind.Follow, time, pool, null);

    /// <summary>The connection was lost.</summary>
    public static TapeEntry Lost(TimeSpan time) => new(TapeEntryKind.Lost, time, default, null);
}
