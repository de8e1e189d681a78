namespace QTrade.Markets.Venues;

/// <summary>x y = k in integers, what goes in after fees.</summary>
internal static class ConstantProduct
{
    /// <summary>floor(out n / (in + n)).</summary>
    public static ulong OutFor(ulong reserveIn, ulong reserveOut, ulong net) =>
        net == 0 ? 0 : (ulong)((UInt128)reserveOut * net / ((UInt128)reserveIn + net));

    /// <summary>ceil(in w / (out - w)) for a w below out.</summary>
    /// <exception cref="OverflowException">It passes 64 bits.</exception>
    public static ulong InFor(ulong reserveIn, ulong reserveOut, ulong wanted) => WideProduct.MulDivUp(reserveIn, wanted, reserveOut - wanted);
}
