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
    /// <summary>The lease of an optimizer on another node, which may be gone unnoticed: many times what a solve takes.</summary>
    public static readonly TimeSpan RemoteLease = TimeSpan.FromSeconds(5);

    /// <summary>The lease of an optimizer in the router's own process: it gives up by itself before.</summary>
    public static readonly TimeSpan LocalLease = OptimizerActor.SolveTimeMax + RemoteLease;

    /// <summary>Timing, bounds and costs.</summary>
    public required RouterOptions Options { get; init; }

    /// <summary>What the market's amounts count.</summary>
    public required AmountUnit Units { get; init; }

    /// <summary>Whether no state is traded before a feed vouched for it; else all are until it says otherwise.</summary>
    public bool TrustsNothing { get; init; }

    /// <summary>Whether none is before it was told from the journal which terms of the feed are over: another feed's last words may reach it first.</summary>
    public bool AwaitsFeedTerm { get; init; }

    /// <summary>How long the chain's feed may have said nothing while anything is decided; null where the market is no live chain.</summary>
    public TimeSpan? Silence { get; init; }

    /// <summary>Names of the optimizers.</summary>
    public required ImmutableArray<string> Optimizers { get; init; }

    /// <summary>Makes the actor of an optimizer from its name and the router's address.</summary>
    public required Func<string, ActorRef<IRouterMessage>, OptimizerActor> CreateOptimizer { get; init; }

    /// <summary>Addresses an optimizer of another node by its name; null where there are none.</summary>
    public Func<string, ActorRef<IOptimizerMessage>>? RemoteOptimizer { get; init; }

    /// <summary>How long a market that is not yet whole is waited for.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>For how long an optimizer has a snapshot: afterwards the newest cut is offered to whoever asks.</summary>
    public required TimeSpan Lease { get; init; }

    /// <summary>Monotonic time, for the leases.</summary>
    public required Func<TimeSpan> Now { get; init; }

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
