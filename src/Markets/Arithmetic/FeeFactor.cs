namespace QTrade.Markets.Arithmetic;

/// <summary>gamma = 1 - fee in steps of 2^-128, rounded down where the fee has bits below that: a fee is never taken for less than it is.</summary>
public readonly struct FeeFactor
{
    private const int FractionBits = 128;

    private readonly UInt256 _gamma;

    /// <summary>The factor of a fee from 0 up to 1 exclusive.</summary>
    public FeeFactor(double fee) =>
        _gamma = fee == 0
            ? UInt256.PowerOfTwo(FractionBits)
            : UInt256.PowerOfTwo(FractionBits) - FeeUp(new ExactDouble(fee));

    /// <summary>The factor of two fees, one on what the other leaves.</summary>
    public FeeFactor(double fee, double more)
        : this(fee)
    {
        if (more != 0)
            _gamma = UInt256.MulShiftDown(_gamma, new FeeFactor(more)._gamma, FractionBits);
    }

    /// <summary>floor(gamma amount): what is left of it after the fee.</summary>
    public UInt256 KeepDown(in UInt256 amount) => UInt256.MulShiftDown(amount, _gamma, FractionBits);

    /// <summary>ceil(amount / gamma): the least of which that much is left after the fee.</summary>
    public UInt256 GrossUp(in UInt256 amount) => UInt256.MulDivUp(amount, UInt256.PowerOfTwo(FractionBits), _gamma);

    // A fee below 2^-255 cannot be shifted that far and counts as one step.
    private static UInt256 FeeUp(ExactDouble fee) =>
        fee.Exponent < -255 - FractionBits ? UInt256.One : fee.TimesUp(UInt256.PowerOfTwo(FractionBits));
}
