using QTrade.Solver.Arithmetic;

namespace QTrade.Solver.Pools;

/// <summary>
/// The stable curve from (x0, y0) on as q of x goes in: with E = D^3/(16 A) and B0 = E/(x0 y0) - y0 the new y is the positive root of
/// y^2 + (B0 + q) y = E/x, which passes through (x0, y0) whatever the rounding of D. With t = E/(x y) the slope -dy/dx is
/// y (x + t) / (x (y + t)), and the output q (E/(x0 x) + y0) / (y0 + t), free of cancellation.
/// </summary>
internal sealed class StableLeg
{
    private const double LongestStep = 10;
    private const double LargestFall = 100;
    private const int MostKnots = 600;
    private const int MostSteps = 200;
    private const int MostExactSteps = 3;

    /// <summary>Part of the slope that it may be off by where the value of a trade is taken: the value is off by its square.</summary>
    private const double EnoughOfSlope = 1e-20;

    /// <summary>More than double-double arithmetic can lose of an output.</summary>
    private const double Rounding = 4e-31;

    /// <summary>The same of a slope, whose parts may cancel; what is gained within it is next to nothing squared.</summary>
    private const double RoundingOfSlope = 1e-26;

    private readonly DoubleDouble x0;
    private readonly DoubleDouble y0;
    private readonly DoubleDouble b0;
    private readonly DoubleDouble e;

    // At each knot: the slope, its logarithm, by how much that falls per input there, the output up to there.
    private readonly double[] slopes = [];
    private readonly double[] logSlopes = [];
    private readonly double[] curvatures = [];
    private readonly double[] outputs = [];

    /// <param name="x0">Scaled reserve of what goes in.</param>
    /// <param name="y0">Scaled reserve of what comes out.</param>
    /// <param name="amplification">A.</param>
    /// <param name="bound">The most that may go in, scaled.</param>
    public StableLeg(DoubleDouble x0, DoubleDouble y0, double amplification, double bound)
    {
        this.x0 = x0;
        this.y0 = y0;
        DoubleDouble d = Invariant(x0, y0, amplification);
        e = d * d * d / ((DoubleDouble)amplification * 16);
        b0 = e / x0 / y0 - y0;
        Bound = bound;
        Knots = bound > 0 ? PlaceKnots(d.Hi) : [0];
        slopes = new double[Knots.Length];
        logSlopes = new double[Knots.Length];
        Array.Fill(logSlopes, double.NegativeInfinity);
        curvatures = new double[Knots.Length];
        outputs = new double[Knots.Length];
        for (int k = 0; k < Knots.Length && double.IsFinite(Knots[k]); k++)
        {
            SlopeAfter(Knots[k], out slopes[k], out curvatures[k]);
            logSlopes[k] = Elementary.Log(slopes[k]);
            outputs[k] = Output(Knots[k]);
        }
    }

    private readonly struct Point(DoubleDouble x, DoubleDouble y, DoubleDouble c, DoubleDouble t)
    {
        public DoubleDouble X { get; } = x;

        public DoubleDouble Y { get; } = y;

        /// <summary>E/x.</summary>
        public DoubleDouble C { get; } = c;

        public DoubleDouble T { get; } = t;
    }

    /// <summary>Inputs at which one piece ends and the next begins: 0 first, the bound or infinity last.</summary>
    public double[] Knots { get; }

    private double Bound { get; }

    /// <summary>Piece e at input f of its own.</summary>
    public void Evaluate(int piece, double f, out double output, out double slope, out double curvature)
    {
        double start = Knots[piece];
        double q = start + f;
        double x = x0.Hi + q, c = e.Hi / x, y = Remaining(q, c), t = c / y;
        SlopeOf(x, y, t, out slope, out curvature);

        // The output of this piece alone, by the same formula from the piece's own start.
        double startX = x0.Hi + start;
        double startY = piece == 0 ? y0.Hi : y0.Hi - outputs[piece];
        output = piece == 0 || startY > 0.5 * y0.Hi
            ? f * ((c / startX) + startY) / (startY + t)
            : Remaining(start, e.Hi / startX) - y;
    }

    /// <summary>-dy/dx after q went in.</summary>
    public double Slope(double q)
    {
        double x = x0.Hi + q, c = e.Hi / x, y = Remaining(q, c), t = c / y;
        return y * (x + t) / (x * (y + t));
    }

    /// <summary>The output for an input of q, and -dy/dx there.</summary>
    public double Output(double q, out double slope)
    {
        double x = x0.Hi + q, c = e.Hi / x, y = Remaining(q, c), t = c / y;
        slope = y * (x + t) / (x * (y + t));
        return q * ((c / x0.Hi) + y0.Hi) / (y0.Hi + t);
    }

    /// <summary>-dy/dx of the curve through (x, y).</summary>
    public static double SlopeAt(double x, double y, double amplification)
    {
        double d = Invariant(x, y, amplification).Hi;
        double a = d / x * (d / y) * (d / (16 * amplification));
        return (1 + (a / x)) / (1 + (a / y));
    }

    public DoubleDouble ExactOutput(DoubleDouble q) => Output(q, PointAt(q));

    /// <summary>
    /// Input and output up to where the slope has fallen to e^-excess of its first value, and d output / d excess. <paramref name="hint"/> is the piece it was on last, the
    /// answer the one it is on now.
    /// </summary>
    public int Answer(double excess, int hint, out double input, out double output, out double rise)
    {
        double target = logSlopes[0] - excess;
        int k = Math.Max(0, hint);
        while (k > 0 && logSlopes[k] <= target)
            k--;
        while (k + 1 < Knots.Length && logSlopes[k + 1] > target)
            k++;
        if (k + 1 == Knots.Length)
        {
            input = Bound;
            output = Output(Bound);
            rise = 0;
            return k - 1;
        }

        input = Solve(target, k);
        Evaluate(0, input, out output, out double slope, out double curvature);
        rise = slope / curvature;
        return k;
    }

    /// <summary>max over q of worth o(q) - cost q.</summary>
    public DoubleDouble Arbitrage(DoubleDouble cost, DoubleDouble worth)
    {
        bool bounded = double.IsFinite(Bound);
        if (!(worth.Hi > 0))
            return DoubleDouble.Zero;
        if (!(cost.Hi > 0))
            return bounded ? worth * ExactOutput(Bound) : worth * y0;
        if (!(Gain(PointAt(0), cost, worth).Hi > RoundingOfSlope * cost.Hi))
            return DoubleDouble.Zero;
        if (bounded && Gain(PointAt(Bound), cost, worth).Hi >= 0)
            return worth * ExactOutput(Bound) - cost * Bound;

        // The input is known to a rounding of the slope only, which may be all that it differs from 0 by: a Newton step more, or two, then by concavity the best is at most the
        // mismatch of slopes times the distance to it above this.
        DoubleDouble q = BestInput(Elementary.Log((cost / worth).Hi));
        SlopeAfter(q.Hi, out double slope, out double curvature);
        double fall = worth.Hi * slope * curvature;
        Point at = PointAt(q);
        DoubleDouble mismatch = Gain(at, cost, worth);
        for (int step = 0; step < MostExactSteps && fall > 0 && (step == 0 || Math.Abs(mismatch.Hi) > EnoughOfSlope * cost.Hi); step++)
        {
            q = DoubleDouble.Max(DoubleDouble.Zero, q + mismatch / fall);
            at = PointAt(q);
            mismatch = Gain(at, cost, worth);
        }

        DoubleDouble received = worth * Output(q, at);
        DoubleDouble margin = fall > 0 ? mismatch / fall * mismatch : DoubleDouble.Zero;
        return DoubleDouble.Max(DoubleDouble.Zero, received - cost * q + margin + received * Rounding);
    }

    /// <summary>The input at which the logarithm of the slope has fallen to the target.</summary>
    private double BestInput(double target)
    {
        int k = 0;
        while (k + 1 < Knots.Length && logSlopes[k + 1] > target)
            k++;
        return Solve(target, k);
    }

    /// <summary>
    /// The same on a piece, by Newton steps inside a bracket. The first one is known from the knot; a step that was, next to the one before, so short that the next would be less than a rounding is the last.
    /// </summary>
    private double Solve(double target, int piece)
    {
        double low = Knots[piece], high = piece + 1 < Knots.Length ? Knots[piece + 1] : double.PositiveInfinity;
        if (double.IsPositiveInfinity(high))
            high = FarEnough(target, Math.Max(x0.Hi, 2 * low));
        double length = (logSlopes[piece] - target) / curvatures[piece], q = low + length;
        for (int step = 0; step < MostSteps; step++)
        {
            double before = length;
            if (!(q > low && q < high))
                (q, before) = (0.5 * (low + high), double.NaN);
            SlopeAfter(q, out double slope, out double curvature);
            double excess = Elementary.Log(slope) - target;
            if (excess > 0)
                low = q;
            else
                high = q;
            length = excess / curvature;
            double next = q + length, part = length / before;
            if (Math.Abs(length) <= 1e-15 * q || Math.Abs(length) * part * part <= 1e-16 * q)
                return Math.Clamp(next, low, high);
            if (!(0.5 * (low + high) > low && 0.5 * (low + high) < high))
                return q;
            q = next;
        }

        return q;
    }

    private double FarEnough(double target, double high)
    {
        while (high < 1e290 && Elementary.Log(Slope(high)) > target)
            high *= 4;
        return high;
    }

    private void SlopeAfter(double q, out double slope, out double curvature)
    {
        double x = x0.Hi + q, c = e.Hi / x, y = Remaining(q, c);
        SlopeOf(x, y, c / y, out slope, out curvature);
    }

    /// <summary>-dy/dx where t = E/(x y), and by how much its logarithm falls per x.</summary>
    private static void SlopeOf(double x, double y, double t, out double slope, out double curvature)
    {
        double perX = (x + t) / (x * (y + t));
        double a = t / (x + t), b = t / (y + t);
        slope = y * perX;
        curvature = Math.Max(0, (perX * ((2 * b) - a)) + (((2 * a) - b) / x));
    }

    /// <summary>The curve after q went in, without roundings of doubles: x, y and t = E/(x y).</summary>
    private Point PointAt(DoubleDouble q)
    {
        DoubleDouble x = x0 + q, c = e / x;
        DoubleDouble y = q.Hi == 0 ? y0 : ExactRemaining(q, c);
        return new(x, y, c, c / y);
    }

    /// <summary>worth o'(q) - cost.</summary>
    private static DoubleDouble Gain(in Point at, DoubleDouble cost, DoubleDouble worth) =>
        worth * (at.Y * (at.X + at.T) / (at.X * (at.Y + at.T))) - cost;

    private DoubleDouble Output(DoubleDouble q, in Point at) => q * (at.C / x0 + y0) / (y0 + at.T);

    private double Remaining(double q, double c)
    {
        double b = b0.Hi + q;
        double root = Math.Sqrt(b * b + 4 * c);
        return b > 0 ? 2 * c / (b + root) : 0.5 * (root - b);
    }

    private DoubleDouble ExactRemaining(DoubleDouble q, DoubleDouble c)
    {
        DoubleDouble b = b0 + q;
        DoubleDouble root = DoubleDouble.Sqrt(b * b + c * 4);
        return b.Hi > 0 ? c * 2 / (b + root) : (root - b) * 0.5;
    }

    private double Output(double q) => Output(q, out _);

    /// <summary>Knots at most a factor apart in x and with a bounded fall of the slope between, until past the break the tail is a power law.</summary>
    private double[] PlaceKnots(double d)
    {
        var knots = new List<double> { 0 };
        double end = Math.Min(Bound, 30 * d);
        double q = 0;
        double slope = Slope(0);
        while (q < end && knots.Count < MostKnots)
        {
            double x = x0.Hi + q;
            double step = x * (x < d / 30 ? 2 : LongestStep - 1);
            double next = q + step;
            while (Slope(next) * LargestFall < slope && next - q > 1e-9 * x)
                next = q + 0.5 * (next - q);
            if (!(next > q) || next >= end)
                break;
            knots.Add(next);
            q = next;
            slope = Slope(next);
        }

        knots.Add(Bound);
        return [.. knots];
    }

    /// <summary>D = u (x + y) with kappa u^3 + (4A - 1) u = 4A, kappa = (x + y)^2/(4xy): convex, so Newton comes down from u = 1.</summary>
    private static DoubleDouble Invariant(DoubleDouble x, DoubleDouble y, double amplification)
    {
        DoubleDouble sum = x + y;
        DoubleDouble kappa = sum / x * (sum / y) * 0.25;
        DoubleDouble fourA = (DoubleDouble)amplification * 4;
        double u = 1;
        for (int i = 0; i < 400; i++)
        {
            double next = u - Residual(u).Hi / Derivative(u).Hi;
            if (!(next < u * (1 - 1e-14)))
                break;
            u = next;
        }

        DoubleDouble exact = u;
        for (int i = 0; i < 3; i++)
            exact -= Residual(exact) / Derivative(exact);
        return exact * sum;

        DoubleDouble Residual(DoubleDouble v) => kappa * v * v * v + (fourA - 1) * v - fourA;
        DoubleDouble Derivative(DoubleDouble v) => kappa * v * v * 3 + (fourA - 1);
    }
}
