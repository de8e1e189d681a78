namespace QTrade.Node.Simulation;

/// <summary>
/// How swaps spread over ticks and ticks over slots: a whole number of ticks per slot, at most one per 10 ms, and after every tick as
/// many swaps in all as the rate asks for, rounded down. Which swap falls into which slot depends on the rate alone.
/// </summary>
public sealed class FeedPace
{
    private const int TicksPerSlotMax = 40;

    private readonly double _swapsPerTick;

    /// <param name="updatesPerSecond">The rate, above 0.</param>
    public FeedPace(double updatesPerSecond)
    {
        var perSlot = updatesPerSecond * SimulatedChain.SlotTime.TotalSeconds;
        TicksPerSlot = (int)Math.Clamp(Math.Ceiling(perSlot), 1, TicksPerSlotMax);
        Tick = SimulatedChain.SlotTime / TicksPerSlot;
        _swapsPerTick = perSlot / TicksPerSlot;
    }

    /// <summary>Ticks in one slot.</summary>
    public int TicksPerSlot { get; }

    /// <summary>Time from one tick to the next.</summary>
    public TimeSpan Tick { get; }

    /// <summary>Whether a slot begins with this tick; ticks count from 0.</summary>
    public bool BeginsSlot(long tick) => tick % TicksPerSlot == 0;

    /// <summary>Swaps in this tick; ticks count from 0.</summary>
    public int SwapsIn(long tick) => (int)(Total(tick + 1) - Total(tick));

    private double Total(long ticks) => Math.Floor(ticks * _swapsPerTick);
}
