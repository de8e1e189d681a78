namespace QTrade.Markets.Arithmetic;

/// <summary>Square roots of prices, in steps of 2^-192.</summary>
internal static class SquareRoot
{
    /// <summary>Bits behind the binary point of a root.</summary>
    public const int FractionBits = 192;

    private const int ExponentMax = 120;

    // Two steps make 4 times 53 bits, less what the roundings of the steps take.
    private const int BitsOfTwoSteps = 208;

    /// <summary>floor(sqrt(price) 2^192) for a price from 2^-120 to 2^120.</summary>
    /// <exception cref="OverflowException">The price is out of range.</exception>
    public static UInt256 OfDown(double price)
    {
        var exponent = Math.ILogB(price);
        if (exponent is < -ExponentMax or > ExponentMax)
            throw new OverflowException("a price is out of range");
        var exact = new ExactDouble(price);
        var shift = exact.Exponent + 2 * FractionBits;
        UInt256 mantissa = exact.Mantissa;
        // The double root has 53 bits. A step of Newton's x <- (x + N / x) / 2 doubles the bits and ends at or above the root rounded down.
        var root = Start(Math.Sqrt(price));
        var steps = root.BitLength > BitsOfTwoSteps ? 3 : 2;
        for (var step = 0; step < steps; step++)
            root = (root + UInt256.ShiftDivDown(mantissa, shift, root)) >> 1;
        while (UInt256.CompareSquare(root, mantissa, shift) > 0)
            root -= UInt256.One;
        return root;
    }

    /// <summary>The price of a root as a double, rounded down or up.</summary>
    public static double ToPrice(in UInt256 root, bool up)
    {
        // Of a root of more than 128 bits the lower ones shift the square by less than 2^-126 of itself.
        var excess = Math.Max(root.BitLength - 128, 0);
        var kept = root >> excess;
        if (up && root.TrailingZeros < excess)
            kept += UInt256.One;
        if (kept.BitLength > 128)
        {
            kept >>= 1;
            excess++;
        }

        return FixedAmount.ToDouble(UInt256.MulShiftDown(kept, kept, 0), 2 * (FractionBits - excess), up);
    }

    private static UInt256 Start(double root)
    {
        var exact = new ExactDouble(root);
        return (UInt256)exact.Mantissa << (exact.Exponent + FractionBits);
    }
}
