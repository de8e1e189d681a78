using System.ComponentModel.DataAnnotations;
using QTrade.Trading.Execution;

namespace QTrade.Node.Configuration;

/// <summary>Every setting of a node, under <c>qtrade</c>. The values given here are the lowest layer.</summary>
public sealed class NodeOptions : IValidatableObject
{
    /// <summary>Market file that the node trades on; a relative path is looked for in the working folder, then beside the program.</summary>
    [Required]
    public string Market { get; init; } = "samples/orca-185759999.json";

    /// <summary>Where the pools' updates come from.</summary>
    public FeedKind Feed { get; init; } = FeedKind.Simulated;

    /// <summary>What becomes of a route.</summary>
    public ExecuteKind Execute { get; init; } = ExecuteKind.Paper;

    public DriveOptions Drive { get; init; } = new();

    public JournalOptions Journal { get; init; } = new();

    public RouterOptions Router { get; init; } = new();

    public QueueOptions Queue { get; init; } = new();

    public ExecutorOptions Executor { get; init; } = new();

    public SimulationOptions Simulation { get; init; } = new();

    public SolanaOptions Solana { get; init; } = new();

    public SolverOptions Solver { get; init; } = new();

    public AdminOptions Admin { get; init; } = new();

    public ClusterOptions Cluster { get; init; } = new();

    public TerminalOptions Terminal { get; init; } = new();

    /// <summary>A new router has all that is outstanding executed again: the executor must remember what it has counted of that.</summary>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        var trades = (long)Queue.Outstanding * Executor.RoutesMax;
        if (trades > ExecutorState.TalliedKept)
            yield return new ValidationResult(
                FormattableString.Invariant(
                    $"lets {Queue.Outstanding} * {Executor.RoutesMax} = {trades} trades be outstanding, more than the {ExecutorState.TalliedKept} that the executor remembers: lower qtrade.queue.outstanding or qtrade.executor.routes-max"),
                ["queue.outstanding", "executor.routes-max"]);
    }
}
