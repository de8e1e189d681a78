using System.ComponentModel.DataAnnotations;
using QTrade.Messages.Routing;

namespace QTrade.Trading.Routing;

/// <summary>How the router times, bounds and plans.</summary>
public sealed class RouterOptions
{
    /// <summary>No snapshot is handed out sooner than this after the last.</summary>
    public TimeSpan MinInterval { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Changed or not, a snapshot is handed out no later than this after the last.</summary>
    public TimeSpan CheckInterval { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How many cuts the variance of log-prices is taken over.</summary>
    [Range(1, 10_000)]
    public int VarianceCuts { get; init; } = 16;

    /// <summary>The adaptive interval is the time in which a log-price is expected to move by this.</summary>
    [Range(1e-9, 10)]
    public double MoveTarget { get; init; } = 0.0005;

    /// <summary>A change of a pool past this (<see cref="MarketView.Moved"/>) cuts the adaptive interval short.</summary>
    [Range(0, 10)]
    public double WakeThreshold { get; init; } = 0.001;

    /// <summary>Routes are void once a slot more than this after the snapshot's was seen.</summary>
    [Range(1, 1_000_000)]
    public int ExpirySlots { get; init; } = 8;

    /// <summary>Most solutions that are published and have not ended.</summary>
    [Range(1, 100_000)]
    public int OutstandingMax { get; init; } = 100;

    /// <summary>Most decided solutions that wait for room in the queue; no snapshot is handed out while there are so many.</summary>
    [Range(1, 100_000)]
    public int WaitingMax { get; init; } = 8;

    /// <summary>Whether a solve begins from the last decision's prices and trades where the tokens are the same.</summary>
    public bool WarmStart { get; init; } = true;

    /// <summary>
    /// Whether the feed picks the cuts (<see cref="TapeCut"/>) and time none. Decisions depend on nothing else then: pools of trades under way are not withheld, and a solution whose routes cannot be executed changes no later one.
    /// </summary>
    public bool FollowsTape { get; init; }

    /// <summary>What a decision may spend and how it becomes routes.</summary>
    [Required]
    public SolveOptions Solve { get; init; } = new(200, new RouteOptions(8, 3, 32, 0, 0, 0, 10_000));

    /// <summary>What is wrong with the options, naming the option, or null.</summary>
    public string? Fault() =>
        !(MinInterval > TimeSpan.Zero) ? "min-interval must be longer than 0"
        : CheckInterval < MinInterval ? "check-interval must not be shorter than min-interval"
        : VarianceCuts < 1 ? "variance-cuts must be at least 1"
        : !(MoveTarget > 0 && double.IsFinite(MoveTarget)) ? "move-target must be a finite number above 0"
        : !(WakeThreshold >= 0) ? "wake-threshold must be at least 0"
        : ExpirySlots < 1 ? "expiry-slots must be at least 1"
        : OutstandingMax < 1 ? "outstanding must be at least 1"
        : WaitingMax < 1 ? "waiting must be at least 1"
        : Solve.IterationsMax < 1 ? "iterations must be at least 1"
        : Fault(Solve.Routes);

    private static string? Fault(RouteOptions routes) =>
        routes.LegsMax < 2 ? "legs must be at least 2"
        : routes.LinkedRoutesMax < 1 ? "linked-routes must be at least 1"
        : routes.RoutesMax < 1 ? "routes must be at least 1"
        : !(routes.CostPerLeg >= 0 && double.IsFinite(routes.CostPerLeg)) ? "cost-per-leg must be a finite number of at least 0"
        : !(routes.CostPerRoute >= 0 && double.IsFinite(routes.CostPerRoute)) ? "cost-per-route must be a finite number of at least 0"
        : !(routes.ProfitMin >= 0 && double.IsFinite(routes.ProfitMin)) ? "profit-min must be a finite number of at least 0"
        : !(routes.WorkingCapital >= 0 && double.IsFinite(routes.WorkingCapital)) ? "working-capital must be a finite number of at least 0"
        : null;
}
