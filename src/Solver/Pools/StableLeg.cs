using QTrade.Solver.Arithmetic;

namespace QTrade.Solver.Pools;

/// <summary>
/// The stable curve from (x0, y0) on as q of x goes in: with C0 = D^3/(16 A x0) and B0 = C0/y0 - y0 the new y is the positive root of
/// y^2 + (B0 + q) y = C0 x0 / (x0 + q), which passes through (x0, y0) whatever the rounding of D; the output is
/// q (E/(x0 x) + y0) / (y0 + E/(x y)) with E = D^3/(16 A), free of cancellation.
/// </summary>
internal sealed class StableLeg
{
    private const double LongestStep = 10;
    private const double LargestFall = 100;
    private const int MostKnots = 600;

    /// <summary>More than double-double arithmetic can lose of an output.</summary>
    private const double Rounding = 4e-31;

    /// <summary>The same of a slope, whose parts may cancel; what is gained within it is next to nothing squared.</summary>
    private const double RoundingOfSlope = 1e-26;

    private readonly DoubleDouble x0;
    private readonly DoubleDouble y0;
    private readonly DoubleDouble c0;
    private readonly DoubleDouble b0;
    private readonly DoubleDouble e;
    private readonly double[] slopes = [];
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
        c0 = e / x0;
        b0 = c0 / y0 - y0;
        Bound = bound;
        Knots = bound > 0 ? PlaceKnots(d.Hi) : [0];
        slopes = new double[Knots.Length];
        outputs = new double[Knots.Length];
        for (int k = 0; k < Knots.Length && double.IsFinite(Knots[k]); k++)
        {
            slopes[k] = Slope(Knots[k]);
            outputs[k] = Output(Knots[k]);
        }
    }

    /// <summary>Inputs at which one piece ends and the next begins: 0 first, the bound or infinity last.</summary>
    public double[] Knots { get; }

    private double Bound { get; }

    /// <summary>Piece e at input f of its own.</summary>
    public void Evaluate(int piece, double f, out double output, out double slope, out double curvature)
    {
        double start = Knots[piece];
        double q = start + f;
        double x = x0.Hi + q;
        double y = Remaining(q);
        double a = e.Hi / x / x / y;
        double b = e.Hi / x / y / y;
        slope = (1 + a) / (1 + b);
        double pa = a / (1 + a);
        double pb = b / (1 + b);
        curvature = Math.Max(0, slope / y * (2 * pb - pa) + (2 * pa - pb) / x);

        // The output of this piece alone, by the same formula from the piece's own start.
        double startX = x0.Hi + start;
        double startY = piece == 0 ? y0.Hi : y0.Hi - outputs[piece];
        output = piece == 0 || startY > 0.5 * y0.Hi
            ? f * (e.Hi / startX / x + startY) / (startY + e.Hi / x / y)
            : Remaining(start) - y;
    }

    /// <summary>-dy/dx after q went in.</summary>
    public double Slope(double q)
    {
        double x = x0.Hi + q;
        double y = Remaining(q);
        return (1 + e.Hi / x / x / y) / (1 + e.Hi / x / y / y);
    }

    /// <summary>The output for an input of q, and -dy/dx there.</summary>
    public double Output(double q, out double slope)
    {
        double x = x0.Hi + q, y = Remaining(q);
        double a = e.Hi / x / y;
        slope = (1 + (a / x)) / (1 + (a / y));
        return q * ((e.Hi / x0.Hi / x) + y0.Hi) / (y0.Hi + a);
    }

    /// <summary>-dy/dx of the curve through (x, y).</summary>
    public static double SlopeAt(double x, double y, double amplification)
    {
        double d = Invariant(x, y, amplification).Hi;
        double a = d / x * (d / y) * (d / (16 * amplification));
        return (1 + (a / x)) / (1 + (a / y));
    }

    public DoubleDouble ExactOutput(DoubleDouble q)
    {
        DoubleDouble x = x0 + q;
        DoubleDouble y = ExactRemaining(q);
        return q * (e / x0 / x + y0) / (y0 + e / x / y);
    }

    /// <summary>
    /// Input and output up to where the slope has fallen to e^-excess of its first value, and d output / d excess. <paramref name="hint"/> is the piece it was on last, the
    /// answer the one it is on now.
    /// </summary>
    public int Answer(double excess, int hint, out double input, out double output, out double rise)
    {
        double target = slopes[0] * Elementary.Exp(-excess);
        int k = Math.Max(0, hint);
        while (k > 0 && slopes[k] <= target)
            k--;
        while (k + 1 < Knots.Length && slopes[k + 1] > target)
            k++;
        if (k + 1 == Knots.Length)
        {
            input = Bound;
            output = Output(Bound);
            rise = 0;
            return k - 1;
        }

        input = double.IsPositiveInfinity(Knots[k + 1]) ? BestInput(target) : Solve(target, Knots[k], Knots[k + 1], Knots[k]);
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
        if (!(Gain(0, cost, worth).Hi > RoundingOfSlope * cost.Hi))
            return DoubleDouble.Zero;
        if (bounded && Gain(Bound, cost, worth).Hi >= 0)
            return worth * ExactOutput(Bound) - cost * Bound;

        // The input is known to a rounding of the slope only, which may be all that it differs from 0 by: two Newton steps more, then by concavity the best is at
        // most the mismatch of slopes times the distance to it above this.
        DoubleDouble q = BestInput((cost / worth).Hi);
        Evaluate(0, q.Hi, out _, out double slope, out double curvature);
        double fall = worth.Hi * slope * curvature;
        DoubleDouble mismatch = Gain(q, cost, worth);
        for (int step = 0; step < 2 && fall > 0; step++)
        {
            q = DoubleDouble.Max(DoubleDouble.Zero, q + mismatch / fall);
            mismatch = Gain(q, cost, worth);
        }

        DoubleDouble received = worth * ExactOutput(q);
        DoubleDouble margin = fall > 0 ? mismatch / fall * mismatch : DoubleDouble.Zero;
        return DoubleDouble.Max(DoubleDouble.Zero, received - cost * q + margin + received * Rounding);
    }

    /// <summary>The input at which the slope has fallen to the target, by safeguarded Newton steps.</summary>
    private double BestInput(double target)
    {
        int k = 0;
        while (k + 1 < Knots.Length && slopes[k + 1] > target)
            k++;
        double low = Knots[k];
        double high = k + 1 < Knots.Length ? Knots[k + 1] : double.PositiveInfinity;
        if (double.IsPositiveInfinity(high))
        {
            high = Math.Max(x0.Hi, 2 * low);
            while (Slope(high) > target && high < 1e290)
                high *= 4;
        }

        return Solve(target, low, high, 0.5 * (low + high));
    }

    /// <summary>The input between two at which the slope is the target, by Newton steps on its logarithm inside the bracket.</summary>
    private double Solve(double target, double low, double high, double q, int most = 200)
    {
        for (int step = 0; step < most; step++)
        {
            Evaluate(0, q, out _, out double slope, out double curvature);
            if (slope > target)
                low = q;
            else
                high = q;
            double next = q + Elementary.Log(slope / target) / curvature;
            if (!(next > low && next < high))
                next = 0.5 * (low + high);
            bool settled = Math.Abs(next - q) <= 1e-15 * next || !(next > low && next < high);
            q = next;
            if (settled)
                break;
        }

        return q;
    }

    /// <summary>worth o'(q) - cost.</summary>
    private DoubleDouble Gain(DoubleDouble q, DoubleDouble cost, DoubleDouble worth)
    {
        DoubleDouble x = x0 + q;
        DoubleDouble y = q.Hi == 0 ? y0 : ExactRemaining(q);
        return worth * ((e / x / x / y + 1) / (e / x / y / y + 1)) - cost;
    }

    private double Remaining(double q)
    {
        double b = b0.Hi + q;
        double c = c0.Hi * (x0.Hi / (x0.Hi + q));
        double root = Math.Sqrt(b * b + 4 * c);
        return b > 0 ? 2 * c / (b + root) : 0.5 * (root - b);
    }

    private DoubleDouble ExactRemaining(DoubleDouble q)
    {
        DoubleDouble b = b0 + q;
        DoubleDouble c = c0 * (x0 / (x0 + q));
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
