using QTrade.Markets.Arithmetic;

namespace QTrade.Markets.Quotes;

/// <summary>
/// The amounts that a token comes in: integers (base units), multiples of 10^-decimals (whole tokens), or any double. An amount of a
/// grid is the double nearest to it, as a file prints it; past 2^53 steps every double is one.
/// </summary>
public readonly record struct AmountGrid
{
    // With more decimals the double nearest to a step has bits below those of a fixed amount.
    private const int DecimalsMax = 18;

    private const int StepBitsMax = 52;

    private readonly byte _decimalsPlusOne;

    private AmountGrid(byte decimalsPlusOne) => _decimalsPlusOne = decimalsPlusOne;

    /// <summary>Any double.</summary>
    public static AmountGrid Doubles => default;

    /// <summary>Integers.</summary>
    public static AmountGrid Integers => new(1);

    /// <summary>Multiples of 10^-decimals; with more than 18 decimals any double.</summary>
    public static AmountGrid OfDecimals(int decimals)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(decimals);
        return decimals > DecimalsMax ? Doubles : new AmountGrid((byte)(decimals + 1));
    }

    /// <summary>The grid of a token in a market of these units.</summary>
    public static AmountGrid Of(AmountUnit units, Token token) =>
        units == AmountUnit.Base ? Integers
        : token.Decimals is { } decimals ? OfDecimals(decimals)
        : Doubles;

    /// <summary>The largest amount of the grid that is not above a finite one of at least 0.</summary>
    /// <exception cref="OverflowException">The amount is out of range.</exception>
    public double Down(double amount) => Down(FixedAmount.From(amount));

    /// <summary>The smallest amount of the grid that is not below a finite one of at least 0.</summary>
    /// <exception cref="OverflowException">The amount is out of range.</exception>
    public double Up(double amount) => Up(FixedAmount.From(amount));

    /// <summary>The largest amount of the grid that is not above a fixed one.</summary>
    public double Down(in UInt256 amount) => Snap(amount, up: false);

    /// <summary>The smallest amount of the grid that is not below a fixed one.</summary>
    public double Up(in UInt256 amount) => Snap(amount, up: true);

    private double Snap(in UInt256 amount, bool up)
    {
        if (_decimalsPlusOne == 0)
            return FixedAmount.ToDouble(amount, FixedAmount.FractionBits, up);
        var scale = Powers[_decimalsPlusOne - 1];
        var steps = UInt256.MulShiftDown(amount, scale, FixedAmount.FractionBits);
        return steps.BitLength > StepBitsMax
            ? FixedAmount.ToDouble(amount, FixedAmount.FractionBits, up)
            : up ? StepUp(amount, steps.Low, scale) : StepDown(amount, steps.Low, scale);
    }

    // The double nearest to a step may lie on either side of it, so that the steps beside are looked at too.
    private static double StepUp(in UInt256 amount, ulong below, ulong scale)
    {
        var step = below;
        while (FixedAmount.From((double)step / scale) < amount)
            step++;
        return (double)step / scale;
    }

    private static double StepDown(in UInt256 amount, ulong below, ulong scale)
    {
        var step = below + 1;
        while (FixedAmount.From((double)step / scale) > amount)
            step--;
        return (double)step / scale;
    }

    private static ReadOnlySpan<ulong> Powers =>
    [
        1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000, 10_000_000_000, 100_000_000_000,
        1_000_000_000_000, 10_000_000_000_000, 100_000_000_000_000, 1_000_000_000_000_000, 10_000_000_000_000_000,
        100_000_000_000_000_000, 1_000_000_000_000_000_000,
    ];
}
