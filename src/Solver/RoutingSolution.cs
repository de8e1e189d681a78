using System.Collections.Immutable;

namespace QTrade.Solver;

/// <summary>The answer to a <see cref="RoutingProblem"/>: a feasible trade, dual prices that bound every other trade, and the gap between the two.</summary>
public sealed record RoutingSolution
{
    /// <summary>How the solve ended.</summary>
    public required SolverStatus Status { get; init; }

    /// <summary>Why the problem was refused; null unless <see cref="Status"/> is <see cref="SolverStatus.Invalid"/>.</summary>
    public string? Reason { get; init; }

    /// <summary>c . psi of the printed trades, in value units.</summary>
    public required double Profit { get; init; }

    /// <summary>
    /// The dual D(nu) at <see cref="Prices"/>: no trade can make more. Never below the exact value there, at most 1e-10 relative above it.
    /// </summary>
    public required double UpperBound { get; init; }

    /// <summary>(UpperBound - Profit) / max(|UpperBound|, 1e-9).</summary>
    public required double Gap { get; init; }

    /// <summary>nu >= c, one per token.</summary>
    public required ImmutableArray<double> Prices { get; init; }

    /// <summary>psi of the printed trades, one per token.</summary>
    public required ImmutableArray<double> NetFlow { get; init; }

    /// <summary>The pools that trade, in the problem's order.</summary>
    public required ImmutableArray<RoutingTrade> Trades { get; init; }

    /// <summary>Steps of the Newton method and iterations of the interior point together.</summary>
    public required int Iterations { get; init; }

    /// <summary>
    /// Largest shortfall of psi + h over all tokens, relative to the token's gross turnover, as the printed trades sum up; 0 when no token is short.
    /// </summary>
    public required double Residual { get; init; }
}
