namespace QTrade.Solver.Discrete;

/// <summary>
/// A share x in (0, 1) that costs p in full, under a logarithmic barrier of weight t: argmax of -p x + t log x + t log (1 - x). As t falls it tends to 0
/// for p > 0 and to 1 for p &lt; 0.
/// </summary>
internal static class Barrier
{
    /// <summary>x, without cancellation on either side.</summary>
    public static double Fill(double p, double t)
    {
        double root = Math.Sqrt(p * p + 4 * t * t);
        return p > 0 ? 2 * t / (p + 2 * t + root) : 1 / (1 + 2 * t / (root - p));
    }

    /// <summary>-dx/dp.</summary>
    public static double Give(double x, double p, double t)
    {
        double root = Math.Sqrt(p * p + 4 * t * t);
        double rest = p < 0 ? 2 * t / (-p + 2 * t + root) : 1 - x;
        return 1 / (t / (x * x) + t / (rest * rest));
    }
}
