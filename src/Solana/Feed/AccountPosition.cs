namespace QTrade.Solana.Feed;

/// <summary>
/// Where on the chain an account's bytes were seen: ordered by slot, then write version, which on JSON-RPC is 0 for a read and 1 for a
/// notification, so that a slot's notification replaces a read of that slot. JSON-RPC tells no order within a slot; where several
/// notifications of an account name one slot with different states, <see cref="ChainView"/> counts on from 1 in the order of their arrival.
/// </summary>
public readonly record struct AccountPosition(ulong Slot, ulong WriteVersion) : IComparable<AccountPosition>
{
    /// <summary>Write version of a read.</summary>
    public const ulong Read = 0;

    /// <summary>Write version of a notification.</summary>
    public const ulong Notification = 1;

    /// <summary>What a pool's position counts on by for each state that no account brought; equal to the messages' own number.</summary>
    public const ulong Retold = 1UL << 32;

    /// <inheritdoc/>
    public int CompareTo(AccountPosition other)
    {
        var bySlot = Slot.CompareTo(other.Slot);
        return bySlot != 0 ? bySlot : WriteVersion.CompareTo(other.WriteVersion);
    }

    public static bool operator <(AccountPosition left, AccountPosition right) => left.CompareTo(right) < 0;

    public static bool operator >(AccountPosition left, AccountPosition right) => left.CompareTo(right) > 0;

    public static bool operator <=(AccountPosition left, AccountPosition right) => left.CompareTo(right) <= 0;

    public static bool operator >=(AccountPosition left, AccountPosition right) => left.CompareTo(right) >= 0;

    /// <inheritdoc/>
    public override string ToString() => $"{Slot}.{WriteVersion}";
}
