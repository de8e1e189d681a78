using System.Collections.Immutable;
using QTrade.Actors;
using QTrade.Messages.Execution;
using QTrade.Messages.Routing;
using QTrade.Node.Simulation;
using QTrade.Trading.Execution;

namespace QTrade.Node.Actors;

/// <summary>What an executor works with.</summary>
public sealed record ExecutorSetup
{
    /// <summary>Units, costs and working capital, the planner's own.</summary>
    public required ExecutionTerms Terms { get; init; }

    /// <summary>Whether no state is traded before a feed vouched for it; else all are until it says otherwise.</summary>
    public bool TrustsNothing { get; init; }

    /// <summary>Whether none is before it was told from the journal which terms of the feed are over: another feed's last words may reach it first.</summary>
    public bool AwaitsFeedTerm { get; init; }

    /// <summary>How long the chain's feed may have said nothing while anything is traded; null where the market is no live chain.</summary>
    public TimeSpan? Silence { get; init; }

    /// <summary>Limits where the journal sets none.</summary>
    public required RiskLimits Limits { get; init; }

    /// <summary>Is told every outcome.</summary>
    public required ActorRef<IRouterMessage> Router { get; init; }

    /// <summary>Where fills on paper move the pools.</summary>
    public required ActorRef<IFeedMessage> Feed { get; init; }

    /// <summary>Leases the loss limit that executors share.</summary>
    public required ActorRef<IRiskMessage> Risk { get; init; }

    /// <summary>Size of the slices of that limit that it asks for, in value units.</summary>
    public required double RiskSlice { get; init; }

    /// <summary>The node's name.</summary>
    public required string Node { get; init; }

    /// <summary>Monotonic time, for the slices.</summary>
    public required Func<TimeSpan> Now { get; init; }

    /// <summary>Trades with an intent and no outcome when the journal was read for this executor; none where a router publishes them again.</summary>
    public required ImmutableArray<TradeIntent> Unfinished { get; init; }

    /// <summary>Halts before anything else does.</summary>
    public required HaltSwitch Halt { get; init; }

    /// <summary>Whether a halt that is ordered now would be heard at once: nothing is begun while it would not. Called on the executor's turn.</summary>
    public Func<bool> HearsControl { get; init; } = static () => true;

    public required NodeMetrics Metrics { get; init; }

    public required JournalHealth Health { get; init; }

    public required StatusBoard Board { get; init; }
}
