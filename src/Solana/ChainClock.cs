namespace QTrade.Solana;

/// <summary>The chain's time at one slot, as its clock account tells. Fees that depend on time are frozen at it.</summary>
/// <param name="Slot">The slot.</param>
/// <param name="UnixTime">Seconds since 1970.</param>
public readonly record struct ChainClock(ulong Slot, long UnixTime)
{
    private const ulong SlotsPerEpoch = 432_000;

    /// <summary>A clock that no chain comes to.</summary>
    public static readonly ChainClock Never = new(ulong.MaxValue, long.MaxValue);

    /// <summary>The slot where nobody tells one: later than all that ever began.</summary>
    public const ulong SlotNotTold = long.MaxValue;

    /// <summary>The epoch of the slot on mainnet, whose epochs all have 432,000 slots.</summary>
    public ulong Epoch => Slot / SlotsPerEpoch;

    /// <summary>The first slot of an epoch; the last slot of all for one that is never reached.</summary>
    public static ulong FirstSlotOf(ulong epoch) => epoch > ulong.MaxValue / SlotsPerEpoch ? ulong.MaxValue : epoch * SlotsPerEpoch;

    /// <summary>Whether the slot or the time of another is reached.</summary>
    public bool HasReached(ChainClock other) => Slot >= other.Slot || UnixTime >= other.UnixTime;
}
