using System.Collections.Immutable;
using QTrade.Actors;
using QTrade.Markets;
using QTrade.Messages.Execution;
using QTrade.Messages.Routing;
using QTrade.Node.Actors;
using QTrade.Node.Feeds;
using QTrade.Node.Simulation;

namespace QTrade.Node.Cluster;

/// <summary>What a node of a cluster is made of.</summary>
public sealed record ClusterSetup
{
    public required ClusterLink Link { get; init; }

    /// <summary>The market to trade on, the same on every node.</summary>
    public required Market Market { get; init; }

    /// <summary>Time since the node started.</summary>
    public required Func<TimeSpan> Now { get; init; }

    /// <summary>Reads the journal, for the chain to go on where it was; takes a while.</summary>
    public required Func<CancellationToken, Task<NodeRecovery>> Recover { get; init; }

    /// <summary>Tries whether the journal writes.</summary>
    public required Func<Task<bool>> TryJournal { get; init; }

    /// <summary>Makes the feed.</summary>
    public required Func<NodeRecovery, FeedParts, Actor<IFeedMessage>> CreateFeed { get; init; }

    /// <summary>
    /// Whether the feed follows a chain that is there without it: its pools are not in the market's file, what it vouches for has a term, and a pool that is quiet is
    /// told once, so that this once must arrive.
    /// </summary>
    public bool FollowsChain { get; init; }

    public required FeedMetrics FeedMetrics { get; init; }

    /// <summary>Makes what the router works with, from the executor, the node and the addresses of optimizers.</summary>
    public required Func<ActorRef<IExecutorMessage>, ActorRef<INodeMessage>, Func<string, ActorRef<IOptimizerMessage>>, RouterSetup> Router { get; init; }

    /// <summary>Names of this node's optimizers, unique in the cluster.</summary>
    public required ImmutableArray<string> Optimizers { get; init; }

    /// <summary>Makes an optimizer from its name and the router's address.</summary>
    public required Func<string, ActorRef<IRouterMessage>, OptimizerActor> CreateOptimizer { get; init; }

    /// <summary>Makes the executor from whom it tells outcomes and fills.</summary>
    public required Func<ActorRef<IRouterMessage>, ActorRef<IFeedMessage>, ActorRef<IRiskMessage>, ExecutorActor> CreateExecutor { get; init; }

    /// <summary>Makes the shared loss limit from the executors that it answers.</summary>
    public required Func<ActorRef<IExecutorMessage>, RiskActor> CreateRisk { get; init; }

    /// <summary>Halts before anything else does.</summary>
    public required HaltSwitch Halt { get; init; }

    /// <summary>Whether this node would hear a halt that is ordered at another.</summary>
    public required ControlLease Control { get; init; }

    public required StatusBoard Board { get; init; }

    public required NodeMetrics Metrics { get; init; }

    public required JournalHealth Health { get; init; }
}
