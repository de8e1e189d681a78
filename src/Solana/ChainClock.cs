namespace QTrade.Solana;

/// <summary>The chain's time at one slot, as its clock account tells. Fees that depend on time are frozen at it.</summary>
/// <param name="Slot">The slot.</param>
/// <param name="UnixTime">Seconds since 1970.</param>
public readonly record struct ChainClock(ulong Slot, long UnixTime)
{
    private const ulong SlotsPerEpoch = 432_000;

    /// <summary>The slot where nobody tells one: later than all that ever began.</summary>
    public const ulong SlotNotTold = long.MaxValue;

    /// <summary>The epoch of the slot on mainnet, whose epochs all have 432,000 slots.</summary>
    public ulong Epoch => Slot / SlotsPerEpoch;
}
