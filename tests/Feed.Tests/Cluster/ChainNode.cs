using QTrade.Actors.Journal;
using QTrade.Actors.Scheduling;
using QTrade.Broker.InProcess;
using QTrade.Markets;
using QTrade.Messages.Cluster;
using QTrade.Node;
using QTrade.Node.Cluster;
using QTrade.Node.Configuration;
using QTrade.Node.Feeds;
using QTrade.Node.Tests.Cluster;

namespace QTrade.Feed.Tests.Cluster;

/// <summary>One node, with a feed of a chain of its own where it may act as one, in a cluster or by itself.</summary>
internal sealed class ChainNode
{
    public const NodeRoles All = NodeRoles.Feed | NodeRoles.Pools | NodeRoles.Router | NodeRoles.Optimizer | NodeRoles.Executor;

    private readonly ChainFeed? _feed;
    private readonly InProcessTransport? _transport;
    private bool _isGone;

    public ChainNode(string name, NodeOptions options, Scheduler scheduler, IJournal journal, InProcessBroker? broker, NodeRoles roles = All)
    {
        (Name, Journal) = (name, new CutJournal(journal));
        ChainFeed? feed = null;
        if (roles.HasFlag(NodeRoles.Feed))
            Assert.True(ChainFeeds.TryOpen(options, path => path, scheduler.Time, out feed, out _, out var error), error);
        (_feed, _transport) = (feed, broker is null ? null : new InProcessTransport(broker, name));
        Node = TradingNode.Start(new TradingNodeSetup
        {
            Options = options,
            Market = new Market { Name = "solana", Units = AmountUnit.Base, Tokens = [], Pools = [] },
            Feed = feed,
            Scheduler = scheduler,
            Journal = Journal,
            Cluster = _transport is null ? null : new ClusterLink
            {
                Transport = _transport,
                Roles = roles,
                Incarnation = 1,
                Version = "0",
                Feed = feed?.Name ?? FeedNames.Of(options.Feed),
            },
        });
    }

    public string Name { get; }

    public CutJournal Journal { get; }

    public TradingNode Node { get; }

    public bool IsFeeding => !_isGone && Node.Actors.Any(actor => actor.Path.Value.StartsWith("/node/feed-", StringComparison.Ordinal));

    /// <summary>It is gone without a word.</summary>
    public async Task KillAsync()
    {
        if (_isGone)
            return;
        _isGone = true;
        if (_transport is not null)
            await _transport.DisposeAsync();
        // What it waits for in virtual time ends here and not on another thread, beside the simulation, as it would in a context of its own.
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        Node.Dispose();
        SynchronizationContext.SetSynchronizationContext(context);
        if (_feed is not null)
            await _feed.DisposeAsync();
    }
}
