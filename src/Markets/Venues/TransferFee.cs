namespace QTrade.Markets.Venues;

/// <summary>A Token-2022 mint's fee on every transfer: min(ceil(amount bps / 10,000), maximum).</summary>
/// <param name="BasisPoints">The rate, 0 for none.</param>
/// <param name="Maximum">The cap in base units.</param>
public readonly record struct TransferFee(ushort BasisPoints, ulong Maximum)
{
    private const ushort One = 10_000;

    /// <summary>Whether the rate is one: at most the whole.</summary>
    public bool IsSound => BasisPoints <= One;

    /// <summary>The rate without the cap, which is never less than what is taken.</summary>
    public double Rate => BasisPoints / (double)One;

    /// <summary>The fee on a transfer.</summary>
    public ulong On(ulong amount) =>
        BasisPoints == 0 ? 0 : Math.Min(WideProduct.MulDivUp(amount, BasisPoints, One), Maximum);

    /// <summary>What arrives of a transfer.</summary>
    public ulong Net(ulong amount) => amount - Math.Min(On(amount), amount);

    /// <summary>The transfer of which an amount arrives, as the token program inverts its fee.</summary>
    /// <exception cref="OverflowException">It passes 64 bits.</exception>
    public ulong Gross(ulong net)
    {
        if (BasisPoints == 0 || net == 0)
            return net;
        if (BasisPoints >= One)
            return checked(net + Maximum);
        var gross = WideProduct.CeilDiv((UInt128)net * One, (UInt128)(uint)(One - BasisPoints));
        return gross - net >= Maximum ? checked(net + Maximum) : WideProduct.NarrowTo64(gross);
    }
}
