namespace QTrade.Markets.Venues;

/// <summary>A Raydium CLMM pool. A swap steps from one initialised tick to the next; the ends of its arrays are no steps.</summary>
public sealed record RaydiumClmmState : ConcentratedState
{
    /// <summary>Ticks in an array, before spacing.</summary>
    public const int TicksPerArray = 60;

    /// <inheritdoc/>
    internal override void Reach(bool zeroForOne, out int edge, out bool isStep, out bool endsThere)
    {
        edge = zeroForOne ? Math.Max(Ticks.First, -RaydiumTicks.TickMax) : Math.Min(Ticks.Last, RaydiumTicks.TickMax);
        isStep = false;
        endsThere = false;
    }

    // The program fails where either amount comes to nothing, whatever its mints' fees.
    /// <inheritdoc/>
    protected override VenueRefusal SwapIn(bool zeroForOne, ulong amountIn, ref VenueFill fill)
    {
        var refusal = base.SwapIn(zeroForOne, amountIn, ref fill);
        return refusal == VenueRefusal.None && fill.AmountOut == 0 ? VenueRefusal.NothingReceived : refusal;
    }

    /// <inheritdoc/>
    internal override UInt128 RootAt(int tick) => RaydiumTicks.SqrtPriceAt(tick);

    /// <inheritdoc/>
    internal override int TickOf(UInt128 sqrtPrice) => RaydiumTicks.TickAt(sqrtPrice);
}
