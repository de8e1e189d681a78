using System.Collections.Immutable;
using QTrade.Actors;
using QTrade.Markets;
using QTrade.Messages.Pools;
using QTrade.Messages.Routing;
using QTrade.Node.Actors;
using QTrade.Node.Simulation;
using QTrade.Solana.Feed;

namespace QTrade.Node.Feeds;

/// <summary>What a feed of a chain's accounts works with.</summary>
public sealed record SolanaFeedSetup
{
    /// <summary>Makes pools of accounts.</summary>
    public IPoolAssembly Assembly { get; init; } = PoolAssemblies.Known;

    /// <summary>Most pools to follow.</summary>
    public int PoolsMax { get; init; } = 2_000;

    /// <summary>What tokens are worth.</summary>
    public required TokenValues Values { get; init; }

    /// <summary>How often the feed looks after itself.</summary>
    public TimeSpan LookInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How often up to a hundred accounts are read again, in turn, in case a notification was lost.</summary>
    public TimeSpan AuditInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How often pools are searched for: so long after a search has ended the next begins. After one with a fault it begins sooner: <see cref="SearchPauseAfter"/>.</summary>
    public TimeSpan DiscoverInterval { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>A connection on which no slot is seen for so long is given up.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>A subscription that is not answered for so long, nor any that was asked for no later, is asked for again, and then after longer each time.</summary>
    public TimeSpan AnswerWithin { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Pause before connecting again, or asking again for a subscription that was refused; it doubles with each try that fails, and with each connection that stood shorter than <see cref="RetryMax"/>.</summary>
    public TimeSpan RetryMin { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Longest such pause.</summary>
    public TimeSpan RetryMax { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Who takes observations of pools.</summary>
    public required ActorRef<IPoolMessage> Pools { get; init; }

    /// <summary>Who takes tokens and configurations.</summary>
    public required ActorRef<IRegistryMessage> Registry { get; init; }

    /// <summary>Who trades.</summary>
    public required MarketSubscribers Subscribers { get; init; }

    /// <summary>Where a recorded feed is cut, and who cuts; null where time does.</summary>
    public (TapeCutOptions Options, ActorRef<IRouterMessage> Router)? Cuts { get; init; }

    /// <summary>
    /// The pools of which the journal has a state when the feed begins, each with the newest slot of it. A recorded feed goes on behind them. A live one vouches for none of them before it has read it
    /// itself, and as of their newest slot or later: an account that seldom changes keeps the position of its read, and a pool read before the journal's state would stand beside that with
    /// every change.
    /// </summary>
    public ImmutableDictionary<PoolId, ulong> Stood { get; init; } = ImmutableDictionary<PoolId, ulong>.Empty;

    /// <summary>Counts observations.</summary>
    public required FeedMetrics Metrics { get; init; }

    /// <summary>Counts everything else.</summary>
    public required LiveFeedMetrics Live { get; init; }

    private const int DoublingsMax = 24;

    /// <summary>The pause before a try again.</summary>
    /// <param name="failures">Tries that failed in a row before the last one.</param>
    public TimeSpan PauseAfter(int failures) => Doubled(failures, RetryMax);

    /// <summary>The pause before pools are searched for again where a search did not find all; it doubles with each such search, up to <see cref="DiscoverInterval"/>.</summary>
    /// <param name="failures">Searches with a fault in a row before the last one.</param>
    public TimeSpan SearchPauseAfter(int failures) => Doubled(failures, DiscoverInterval);

    private TimeSpan Doubled(int failures, TimeSpan most)
    {
        var pause = RetryMin * (1 << Math.Min(failures, DoublingsMax));
        return pause < most ? pause : most;
    }
}
