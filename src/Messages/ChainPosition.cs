namespace QTrade.Messages;

/// <summary>
/// Where on the chain an account's state was observed. Ordered by slot, then write version: on JSON-RPC the write version is 0 for a
/// read and 1 for a notification, counted on for each further one of the slot. Its upper half counts states that no account brought
/// (<see cref="Retold"/>): they are later, and tell nothing of what happened on the chain.
/// </summary>
public readonly record struct ChainPosition(ulong Slot, ulong WriteVersion) : IComparable<ChainPosition>
{
    /// <summary>What a write version grows by where the same account makes another state, as time passes.</summary>
    public const ulong Retold = 1UL << 32;

    /// <summary>Where the account itself was observed.</summary>
    public ChainPosition Observed => this with { WriteVersion = WriteVersion % Retold };

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
