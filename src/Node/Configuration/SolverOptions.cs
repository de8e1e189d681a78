using System.ComponentModel.DataAnnotations;

namespace QTrade.Node.Configuration;

/// <summary>What a solve may spend, and on how many threads solves run.</summary>
public sealed class SolverOptions
{
    /// <summary>Budget of iterations of one solve; as many again where none led on from an earlier answer.</summary>
    [Range(1, 100_000)]
    public int IterationsMax { get; init; } = 200;

    /// <summary>Threads that solve; 0 for one fewer than the machine has cores, at least one.</summary>
    [Range(0, 1_024)]
    public int WorkerThreads { get; init; }
}
