namespace QTrade.Solver;

/// <summary>Budgets and tolerances of a solve. Budgets count iterations, never time, so that a result is the same on every machine.</summary>
public sealed class SolverOptions
{
    /// <summary>The options every part of the program uses unless told otherwise.</summary>
    public static SolverOptions Default { get; } = new();

    /// <summary>Most steps of the Newton method and iterations of the interior point together; as many again where none led on from an earlier answer. Default 600.</summary>
    public int MaxIterations { get; init; } = 600;

    /// <summary>Most nodes of the search over pools where their number is limited or each costs (one relaxation each). Default 4,000.</summary>
    public int MaxNodes { get; init; } = 4000;

    /// <summary>
    /// Most responses of pools' legs to prices that the same search asks for, so that it ends in bounded time on a large market too. Default 20,000,000.
    /// </summary>
    public long MaxResponses { get; init; } = 20_000_000;

    /// <summary>Relative gap (upperBound - profit) / upperBound at which the iteration stops. Default 1e-10.</summary>
    public double TargetGap { get; init; } = 1e-10;

    /// <summary>Relative gap up to which an answer counts as optimal. Default 1e-9.</summary>
    public double OptimalGap { get; init; } = 1e-9;

    /// <summary>The same where a pool with linear or near-linear pieces (concentrated, bins, sum, stable) trades. Default 1e-8.</summary>
    public double OptimalGapPiecewise { get; init; } = 1e-8;

    /// <summary>
    /// Absolute floor in value units: an upper bound below it means that there is no arbitrage, a gap below it that the
    /// answer is optimal. Default 1e-9.
    /// </summary>
    public double AbsoluteFloor { get; init; } = 1e-9;
}
