using QTrade.Actors;
using QTrade.Messages.Execution;

namespace QTrade.Node.Actors;

/// <summary>What the shared loss limit works with.</summary>
public sealed record RiskSetup
{
    /// <summary>The limit where no person set one, in value units.</summary>
    public required double LossMax { get; init; }

    /// <summary>Is told every answer; whom it is for is in it.</summary>
    public required ActorRef<IExecutorMessage> Executors { get; init; }

    public required NodeMetrics Metrics { get; init; }

    public required JournalHealth Health { get; init; }
}
