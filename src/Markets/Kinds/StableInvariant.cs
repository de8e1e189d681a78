using QTrade.Markets.Arithmetic;
using QTrade.Markets.Quotes;

namespace QTrade.Markets.Kinds;

/// <summary>
/// The StableSwap curve of one pool, divided by 4A: x + y + aD = D + a D^3 / (4xy), a = 1/(4A), in a fixed point that gives the
/// larger reserve 156 bits. Both D and y' are roots of convex functions, so a step of Newton's method lands at or above the root
/// from anywhere where the slope is positive; with every operation rounded up the last step is an upper bound, which is what is against the trader.
/// </summary>
internal readonly struct StableInvariant
{
    private const int ScaleBits = 156;
    private const int SmallestBits = 110;
    // From the doubles' 45 bits or more, each step doubles the bits.
    private const int StepsForD = 2;
    private const int StepsForReserve = 3;
    private const int NearestStepsMax = 200;

    private readonly ExactDouble _fourA;
    private readonly ExactDouble _rateIn;
    private readonly ExactDouble _rateOut;
    private readonly int _shift;
    private readonly double _amplification;

    // x and y rounded down and D rounded up.
    private readonly UInt256 _x;
    private readonly UInt256 _y;
    private readonly UInt256 _d;

    private StableInvariant(StableCurve curve, ExactDouble rateIn, ExactDouble rateOut, int shift, in UInt256 x, in UInt256 y)
    {
        _fourA = new ExactDouble(4 * curve.Amplification);
        _amplification = curve.Amplification;
        _rateIn = rateIn;
        _rateOut = rateOut;
        _shift = shift;
        _x = x;
        _y = y;
        _d = UpperD(x + UInt256.One, y + UInt256.One);
    }

    /// <summary>The curve that holds as it is before the leg; none where a reserve is zero or next to nothing beside the other.</summary>
    /// <param name="leg">The leg.</param>
    /// <param name="growth">What goes in after fees, for which there must be room.</param>
    /// <param name="invariant">The curve.</param>
    public static bool TryCreate(in Leg leg, in UInt256 growth, out StableInvariant invariant)
    {
        invariant = default;
        var curve = (StableCurve)leg.Pool.Curve;
        var reserveIn = FixedAmount.From(curve.Reserves[leg.TokenIn]);
        var reserveOut = FixedAmount.From(curve.Reserves[leg.TokenOut]);
        if (reserveIn.IsZero || reserveOut.IsZero)
            return false;
        var rateIn = new ExactDouble(curve.Rates[leg.TokenIn]);
        var rateOut = new ExactDouble(curve.Rates[leg.TokenOut]);
        var bits = Math.Max(Bits(reserveIn + growth, rateIn), Bits(reserveOut, rateOut));
        var shift = ScaleBits - bits;
        var x = ScaledDown(reserveIn, rateIn, shift);
        var y = ScaledDown(reserveOut, rateOut, shift);
        if (x.BitLength < SmallestBits || y.BitLength < SmallestBits)
            return false;
        invariant = new StableInvariant(curve, rateIn, rateOut, shift, x, y);
        return true;
    }

    /// <summary>The most that comes out for so much, fixed amounts both.</summary>
    public UInt256 OutFor(in UInt256 effective)
    {
        var x = _x + ScaledDown(effective, _rateIn, _shift);
        var rest = UpperReserve(x);
        return rest >= _y ? UInt256.Zero : Unscaled(_y - rest, _rateOut, up: false);
    }

    /// <summary>The least for which so much comes out, fixed amounts both.</summary>
    public bool TryInFor(in UInt256 gross, out UInt256 effective)
    {
        effective = default;
        var taken = ScaledUp(gross, _rateOut, _shift);
        if (taken >= _y || (_y - taken).BitLength < SmallestBits)
            return false;
        effective = Unscaled(UpperReserve(_y - taken) - _x, _rateIn, up: true);
        return true;
    }

    /// <summary>D of x + y = 1 in doubles.</summary>
    public static double Nearest(double x, double y, double amplification)
    {
        var a = 1 / (4 * amplification);
        var d = x + y;
        for (var step = 0; step < NearestStepsMax; step++)
        {
            var t = a * d * d / (4 * x) * d / y;
            var next = d * (2 * t + x + y) / (3 * t + d - a * d);
            if (!(next < d))
                break;
            d = next;
        }

        return d;
    }

    /// <summary>N(D) = D (2T + s) / (3T + D - aD), T = a D^3 / (4xy), s = x + y.</summary>
    private UInt256 UpperD(in UInt256 x, in UInt256 y)
    {
        var sum = x + y;
        var scale = Math.ScaleB(1, ScaleBits);
        var nearX = ToDouble(x) / scale;
        var nearY = ToDouble(y) / scale;
        var d = FromDouble(Nearest(nearX, nearY, _amplification), scale);
        for (var step = 0; step < StepsForD; step++)
        {
            var numerator = (Bend(d, x, y, up: true) << 1) + sum;
            var bend = Bend(d, x, y, up: false);
            var denominator = bend + bend + bend + d - _fourA.IntoUp(d);
            d = UInt256.MulDivUp(d, numerator, denominator);
        }

        return d;
    }

    /// <summary>The other reserve where one is x: N(y) = y (y + T) / (2y + b), T = a D^3 / (4xy), b = x + aD - D.</summary>
    private UInt256 UpperReserve(in UInt256 x)
    {
        var positive = x + _fourA.IntoDown(_d);
        var y = NearReserve(x);
        for (var step = 0; step < StepsForReserve; step++)
        {
            var numerator = y + Bend(_d, x, y, up: true);
            var denominator = y + y + positive - _d;
            y = UInt256.MulDivUp(y, numerator, denominator);
        }

        return y;
    }

    /// <summary>The root of y^2 + b y - c = 0 in doubles, c = a D^3 / (4x), b = x + aD - D.</summary>
    private UInt256 NearReserve(in UInt256 x)
    {
        var scale = ToDouble(_d);
        var nearX = ToDouble(x) / scale;
        var a = 1 / (4 * _amplification);
        var b = nearX + a - 1;
        var c = a / (4 * nearX);
        var root = Math.Sqrt(b * b + 4 * c);
        return FromDouble(b > 0 ? 2 * c / (b + root) : (root - b) / 2, scale);
    }

    /// <summary>T = a D^3 / (4xy).</summary>
    private UInt256 Bend(in UInt256 d, in UInt256 x, in UInt256 y, bool up) => up
        ? _fourA.IntoUp(UInt256.MulDivUp(UInt256.MulDivUp(d, d, x << 1), d, y << 1))
        : _fourA.IntoDown(UInt256.MulDivDown(UInt256.MulDivDown(d, d, x << 1), d, y << 1));

    private static int Bits(in UInt256 amount, ExactDouble rate) =>
        amount.BitLength + ((UInt256)rate.Mantissa).BitLength + rate.Exponent;

    private static UInt256 ScaledDown(in UInt256 amount, ExactDouble rate, int shift)
    {
        var right = -(rate.Exponent + shift);
        return right >= 0
            ? UInt256.MulShiftDown(amount, rate.Mantissa, Math.Min(right, 511))
            : UInt256.MulShiftDown(amount, rate.Mantissa, 0) << -right;
    }

    private static UInt256 ScaledUp(in UInt256 amount, ExactDouble rate, int shift)
    {
        var right = -(rate.Exponent + shift);
        return right >= 0
            ? UInt256.MulShiftUp(amount, rate.Mantissa, Math.Min(right, 511))
            : UInt256.MulShiftUp(amount, rate.Mantissa, 0) << -right;
    }

    private UInt256 Unscaled(in UInt256 scaled, ExactDouble rate, bool up)
    {
        var left = -(rate.Exponent + _shift);
        var dividend = left > 0 ? UInt256.PowerOfTwo(left) : UInt256.One;
        var divisor = left < 0 ? (UInt256)rate.Mantissa << -left : rate.Mantissa;
        return up ? UInt256.MulDivUp(scaled, dividend, divisor) : UInt256.MulDivDown(scaled, dividend, divisor);
    }

    private static double ToDouble(in UInt256 value) => FixedAmount.ToDouble(value, 0, up: false);

    private static UInt256 FromDouble(double value, double scale)
    {
        var exact = new ExactDouble(value * scale);
        return exact.Exponent >= 0 ? (UInt256)exact.Mantissa << exact.Exponent : UInt256.One + ((UInt256)exact.Mantissa >> -exact.Exponent);
    }
}
