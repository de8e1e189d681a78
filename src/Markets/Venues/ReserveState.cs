namespace QTrade.Markets.Venues;

/// <summary>A pool of constant product: two reserves.</summary>
public abstract record ReserveState : VenueState
{
    /// <summary>What trades of token 0.</summary>
    public required ulong Reserve0 { get; init; }

    /// <summary>What trades of token 1.</summary>
    public required ulong Reserve1 { get; init; }

    /// <inheritdoc/>
    public override double Price => Reserve0 == 0 ? 0 : (double)Reserve1 / Reserve0;

    /// <inheritdoc/>
    public override PoolCurve ToCurve() => new ProductCurve([Reserve0, Reserve1]);

    /// <inheritdoc/>
    public override VenueState After(in VenueFill fill)
    {
        var (added, taken) = Moves(fill);
        return fill.ZeroForOne
            ? this with { Reserve0 = checked(Reserve0 + added), Reserve1 = Reserve1 - taken }
            : this with { Reserve1 = checked(Reserve1 + added), Reserve0 = Reserve0 - taken };
    }

    /// <summary>What a fill adds to one reserve and takes from the other; fees that leave the pool are in neither.</summary>
    protected virtual (ulong Added, ulong Taken) Moves(in VenueFill fill) => (fill.VaultIn, fill.VaultOut);

    /// <summary>Reserves in the direction of a swap.</summary>
    protected (ulong In, ulong Out) Reserves(bool zeroForOne) => zeroForOne ? (Reserve0, Reserve1) : (Reserve1, Reserve0);

    /// <summary>Sets the price after a fill whose other fields are set.</summary>
    /// <exception cref="OverflowException">A vault passes 64 bits.</exception>
    protected void SetPriceAfter(bool zeroForOne, ref VenueFill fill)
    {
        var moved = fill with { ZeroForOne = zeroForOne, VaultIn = fill.AmountIn, VaultOut = fill.AmountOut };
        var (added, taken) = Moves(moved);
        _ = checked((zeroForOne ? Reserve0 : Reserve1) + added);
        fill.PriceAfter = zeroForOne
            ? ((double)Reserve1 - taken) / ((double)Reserve0 + added)
            : ((double)Reserve1 + added) / ((double)Reserve0 - taken);
        fill.Crossings = 1;
    }
}
