using System.ComponentModel.DataAnnotations;

namespace QTrade.Node.Configuration;

/// <summary>How a solution becomes routes, what they cost, and what may be risked. Amounts are in value units.</summary>
public sealed class ExecutorOptions
{
    /// <summary>Most legs in one transaction.</summary>
    [Range(2, 64)]
    public int LegsMax { get; init; } = 4;

    /// <summary>Most transactions that one sequence of legs may be cut into.</summary>
    [Range(1, 64)]
    public int LinkedRoutesMax { get; init; } = 4;

    /// <summary>Most routes of one solution.</summary>
    [Range(1, 1_000)]
    public int RoutesMax { get; init; } = 16;

    /// <summary>Cost of one leg.</summary>
    [Range(0, 1e12)]
    public double CostPerLeg { get; init; } = 0.0002;

    /// <summary>Cost of one route.</summary>
    [Range(0, 1e12)]
    public double CostPerRoute { get; init; } = 0.001;

    /// <summary>Least profit after costs of a route.</summary>
    [Range(0, 1e12)]
    public double MinProfit { get; init; }

    /// <summary>Value that a route may borrow of each valued token beyond its holding.</summary>
    [Range(0, 1e15)]
    public double WorkingCapital { get; init; } = 100_000;

    /// <summary>Largest value that one route may put at stake.</summary>
    [Range(0, 1e15)]
    public double MaxNotional { get; init; } = 100_000;

    /// <summary>Sum of losses at which trading halts.</summary>
    [Range(0, 1e15)]
    public double MaxLoss { get; init; } = 100;

    /// <summary>Sum of losses of all executors together at which trading halts, unless a person set another; 0 for max-loss.</summary>
    [Range(0, 1e15)]
    public double SharedLoss { get; init; }

    /// <summary>Failed trades in a row at which trading halts.</summary>
    [Range(1, 1_000_000)]
    public int ErrorStreak { get; init; } = 10;
}
