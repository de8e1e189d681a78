namespace QTrade.Markets.Venues;

/// <summary>An Orca Whirlpool. A swap is given three tick arrays, from that of the price on in its direction.</summary>
public sealed record WhirlpoolState : ConcentratedState
{
    /// <summary>Ticks in an array, before spacing.</summary>
    public const int TicksPerArray = 88;

    /// <summary>Tick arrays that one swap is given.</summary>
    public const int ArraysPerSwap = 3;

    /// <summary>Distance between usable ticks.</summary>
    public required ushort TickSpacing { get; init; }

    /// <inheritdoc/>
    protected override bool HasSoundNumbers => TickSpacing > 0 && base.HasSoundNumbers;

    /// <summary>The start of the array that holds a tick.</summary>
    public static int ArrayStart(int tick, int tickSpacing)
    {
        var span = TicksPerArray * tickSpacing;
        var quotient = tick / span;
        return (tick % span < 0 ? quotient - 1 : quotient) * span;
    }

    /// <inheritdoc/>
    internal override void Reach(bool zeroForOne, out int edge, out bool isStep, out bool endsThere)
    {
        var span = TicksPerArray * TickSpacing;
        isStep = true;
        if (zeroForOne)
        {
            edge = Math.Max(ArrayStart(Tick, TickSpacing) - (ArraysPerSwap - 1) * span, Math.Max(Ticks.First, -OrcaTicks.TickMax));
            endsThere = edge == -OrcaTicks.TickMax;
        }
        else
        {
            edge = Math.Min(ArrayStart(Tick + TickSpacing, TickSpacing) + ArraysPerSwap * span - 1, Math.Min(Ticks.Last, OrcaTicks.TickMax));
            endsThere = edge == OrcaTicks.TickMax;
        }
    }

    /// <inheritdoc/>
    internal override UInt128 RootAt(int tick) => OrcaTicks.SqrtPriceAt(tick);

    /// <inheritdoc/>
    internal override int TickOf(UInt128 sqrtPrice) => OrcaTicks.TickAt(sqrtPrice);
}
