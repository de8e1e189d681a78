namespace QTrade.Messages;

/// <summary>
/// Where on the chain an account's state was observed. Ordered by slot, then write version: on JSON-RPC the write version is 0 for a
/// read and 1 for a notification, on Geyser it is the chain's own.
/// </summary>
public readonly record struct ChainPosition(ulong Slot, ulong WriteVersion) : IComparable<ChainPosition>
{
    public int CompareTo(ChainPosition other)
    {
        var bySlot = Slot.CompareTo(other.Slot);
        return bySlot != 0 ? bySlot : WriteVersion.CompareTo(other.WriteVersion);
    }

    public static bool operator <(ChainPosition left, ChainPosition right) => left.CompareTo(right) < 0;

    public static bool operator >(ChainPosition left, ChainPosition right) => left.CompareTo(right) > 0;

    public static bool operator <=(ChainPosition left, ChainPosition right) => left.CompareTo(right) <= 0;

    public static bool operator >=(ChainPosition left, ChainPosition right) => left.CompareTo(right) >= 0;

    public override string ToString() => $"{Slot}.{WriteVersion}";
}
