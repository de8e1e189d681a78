using QTrade.Solver.Arithmetic;

namespace QTrade.Solver;

/// <summary>
/// The dual of the routing problem (Diamandis, Resnick, Chitra, Angeris, "An efficient algorithm for optimal routing through constant function
/// market makers", arXiv 2302.04938, section 2):
/// <code>
///     D(nu) = sum_i arb_i(A_i' nu) + (nu - c) . h,      nu >= c
/// </code>
/// An upper bound on the profit of every trade at any such nu. Pools' values come without cancellation, in double-double, so that the sum is
/// right to the last digit of a double; it is rounded up.
/// </summary>
internal static class Certificate
{
    /// <summary>More than what all roundings can amount to, far less than the certificate may be above the exact value.</summary>
    private const double RoundUp = 1e-14;

    /// <summary>In units of value: more than what is lost where values a value unit deep cancel to nothing, a trillion times less than gaps are told from.</summary>
    public const double LeastRoundUp = 1e-21;

    /// <param name="problem">The problem.</param>
    /// <param name="prices">nu, by token.</param>
    /// <param name="values">arb of its pools there.</param>
    public static double UpperBound(RoutingProblem problem, ReadOnlySpan<double> prices, ReadOnlySpan<DoubleDouble> values)
    {
        DoubleDouble bound = DoubleDouble.Zero;
        foreach (DoubleDouble value in values)
            bound += value;

        for (int j = 0; j < problem.TokenCount; j++)
        {
            if (problem.Holdings[j] > 0)
                bound += DoubleDouble.Sum(prices[j], -problem.Values[j]) * problem.Holdings[j];
        }

        return !double.IsFinite(bound.Hi) ? double.PositiveInfinity : bound.Hi > 0 ? (bound.Hi * (1 + RoundUp)) + LeastRoundUp : 0;
    }

    /// <summary>arb of one pool at the problem's prices.</summary>
    public static DoubleDouble ValueOf(RoutingPool pool, ReadOnlySpan<double> prices)
    {
        int k = pool.Tokens.Length;
        Span<double> own = k <= 16 ? stackalloc double[k] : new double[k];
        for (int a = 0; a < k; a++)
            own[a] = prices[pool.Tokens[a]];
        return pool.Arbitrage(own);
    }
}
