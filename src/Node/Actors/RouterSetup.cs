using System.Collections.Immutable;
using QTrade.Actors;
using QTrade.Markets;
using QTrade.Messages.Execution;
using QTrade.Messages.Routing;
using QTrade.Trading.Routing;

namespace QTrade.Node.Actors;

/// <summary>What a router works with.</summary>
public sealed record RouterSetup
{
    /// <summary>Timing, bounds and costs.</summary>
    public required RouterOptions Options { get; init; }

    /// <summary>What the market's amounts count.</summary>
    public required AmountUnit Units { get; init; }

    /// <summary>Names of the optimizers.</summary>
    public required ImmutableArray<string> Optimizers { get; init; }

    /// <summary>Makes the actor of an optimizer from its name and the router's address.</summary>
    public required Func<string, ActorRef<IRouterMessage>, OptimizerActor> CreateOptimizer { get; init; }

    /// <summary>Addresses an optimizer of another node by its name; null where there are none.</summary>
    public Func<string, ActorRef<IOptimizerMessage>>? RemoteOptimizer { get; init; }

    /// <summary>For how long a remote optimizer has a snapshot: afterwards it has failed, and the newest cut is given to whoever asks.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Takes what is to be executed.</summary>
    public required ActorRef<IExecutorMessage> Executor { get; init; }

    /// <summary>Is told when nothing is in flight any more.</summary>
    public required ActorRef<INodeMessage> Node { get; init; }

    /// <summary>Hears of every decision as soon as it is durable: quick, and never throws.</summary>
    public required Action<LastDecisionStatus> Decided { get; init; }

    public required NodeMetrics Metrics { get; init; }

    public required JournalHealth Health { get; init; }

    public required StatusBoard Board { get; init; }
}
