using System.Collections.Immutable;
using QTrade.Actors;
using QTrade.Messages.Execution;
using QTrade.Messages.Routing;
using QTrade.Node.Feeds;
using QTrade.Node.Simulation;

namespace QTrade.Node.Actors;

/// <summary>What a node is made of.</summary>
public sealed record NodeSetup
{
    /// <summary>Reads the journal anew, for a node that starts again within its process.</summary>
    public required Func<CancellationToken, Task<NodeRecovery>> Recover { get; init; }

    /// <summary>The market to trade on, with what persons changed of it, and the pools that the journal knows.</summary>
    public required Func<NodeRecovery, RegisterMarket> Register { get; init; }

    /// <summary>Counts what the feed does.</summary>
    public required FeedMetrics Feed { get; init; }

    /// <summary>Whether the feed lives on a chain of its own, which takes up what persons add.</summary>
    public required bool IsSimulated { get; init; }

    /// <summary>Makes the feed.</summary>
    public required Func<FeedParts, Actor<IFeedMessage>> CreateFeed { get; init; }

    /// <summary>Makes what the router works with.</summary>
    public required Func<ActorRef<IExecutorMessage>, ActorRef<INodeMessage>, RouterSetup> Router { get; init; }

    /// <summary>Makes the executor from the trades that an earlier run left unfinished.</summary>
    public required Func<ImmutableArray<TradeIntent>, ActorRef<IRouterMessage>, ActorRef<IFeedMessage>, ActorRef<IRiskMessage>, ExecutorActor> CreateExecutor { get; init; }

    /// <summary>Makes the shared loss limit from the executor that it answers.</summary>
    public required Func<ActorRef<IExecutorMessage>, RiskActor> CreateRisk { get; init; }

    public required NodeMetrics Metrics { get; init; }

    public required JournalHealth Health { get; init; }
}
