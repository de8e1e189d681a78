using System.Collections.Immutable;
using QTrade.Actors.Journal;
using QTrade.Actors.Scheduling;
using QTrade.Broker;
using QTrade.Broker.InProcess;
using QTrade.Markets;
using QTrade.Messages;
using QTrade.Messages.Cluster;
using QTrade.Messages.Execution;
using QTrade.Messages.Routing;
using QTrade.Node.Cluster;
using QTrade.Node.Tests.EndToEnd;
using QTrade.Node.Tests.Simulation;

namespace QTrade.Node.Tests.Cluster;

/// <summary>Nodes that each do everything, or what a spec says, in virtual time, over one broker and one journal in memory that each reaches by a way of its own.</summary>
internal sealed class SimulatedCluster : IDisposable
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(50);
    private static readonly Operator Person = new("somebody", "here");

    private readonly Dictionary<SnapshotId, Market> _solved = [];
    private readonly InMemoryJournal _journal;
    private readonly InProcessBroker _broker;
    private readonly Node.Configuration.NodeOptions _options;
    private readonly NodeRoles[]? _roles;
    private readonly Market _market;

    /// <param name="nodes">How many.</param>
    /// <param name="seed">Whose turn it is, and how long messages take.</param>
    /// <param name="options">Every node's; null: a calm market.</param>
    /// <param name="roles">What each node may act as, the first of them at first; null: everything.</param>
    /// <param name="market">What is simulated; null: a pool of every kind.</param>
    /// <param name="found">What nodes left that were killed; null: nothing.</param>
    public SimulatedCluster(
        int nodes, ulong seed = 1, Node.Configuration.NodeOptions? options = null, NodeRoles[]? roles = null, Market? market = null, InMemoryJournal? found = null)
    {
        _market = market ?? SampleMarkets.Mixed;
        _options = options ?? NodeOptionsOf.Calm(rate: 50, minInterval: TimeSpan.FromMilliseconds(100));
        _roles = roles;
        Scheduler = new SimulationScheduler(seed, new SimulationOptions { MaxDeliveryDelay = TimeSpan.FromMilliseconds(3) });
        _journal = found?.Crash(Scheduler.Time) ?? new InMemoryJournal(Scheduler.Time, TimeSpan.FromMilliseconds(2));
        _broker = new InProcessBroker(Scheduler.Time);
        Laws = new LawsOfTheJournal(id => _solved[id]) { Verifies = false };
        Laws.Read(_journal);
        Laws.Verifies = true;
        Nodes = [.. Enumerable.Range(1, nodes).Select(number => new Member(number, this))];
    }

    public SimulationScheduler Scheduler { get; }

    public ImmutableArray<Member> Nodes { get; }

    public LawsOfTheJournal Laws { get; }

    /// <summary>What all write to.</summary>
    public InMemoryJournal Journal => _journal;

    /// <summary>Everything that is durable, in its order.</summary>
    public IEnumerable<IMessage> Events => JournalMessages.Of(_journal);

    /// <summary>Routers that began so far.</summary>
    public int Epochs => Events.OfType<EpochStarted>().Count();

    /// <summary>Messages of a hop that nobody has taken.</summary>
    public int Waiting(Hop hop) => _broker.Waiting(hop);

    /// <summary>Lets virtual time pass and has every new event judged by the laws before the next step.</summary>
    public void RunFor(TimeSpan duration)
    {
        Scheduler.BeforeStep = _ =>
        {
            Laws.Read(_journal);
            return true;
        };
        Scheduler.RunFor(duration);
        Scheduler.BeforeStep = null;
        Laws.Read(_journal);
        Assert.All(Nodes, node => Assert.Equal((0, 0), (node.Node.Status.Snapshots.Difference, node.Node.Status.Routes.Difference)));
    }

    /// <summary>Lets virtual time pass until something is so.</summary>
    /// <returns>How long that took.</returns>
    public TimeSpan RunUntil(Func<bool> isSo, TimeSpan patience)
    {
        var took = TimeSpan.Zero;
        for (; !isSo(); took += Step)
        {
            Assert.True(took < patience, $"not within {patience}: {string.Join("; ", Nodes.Select(node => $"{node.Name} {node.Acts}, {node.Node.Status.LastFault}"))}");
            RunFor(Step);
        }

        return took;
    }

    /// <summary>Lets virtual time pass until so many more trades have taken effect.</summary>
    public TimeSpan RunUntilExecuted(int more, TimeSpan patience)
    {
        var enough = Laws.Executed + more;
        return RunUntil(() => Laws.Executed >= enough, patience);
    }

    /// <summary>A person orders a trading state at a node.</summary>
    public void Order(Member node, TradingState state, string detail)
    {
        var order = new SetTradingState(state, ReasonCode.Operator, detail, Scheduler.Time.GetUtcNow()) { By = Person };
        // What is answered is seen in the journal.
        if (state == TradingState.Halted)
            _ = node.Node.HaltAsync(order, TimeSpan.FromHours(1));
        else
            _ = node.Node.SteerAsync(order, TimeSpan.FromHours(1));
    }

    public void Dispose()
    {
        foreach (var node in Nodes)
            node.Node.Dispose();
    }

    /// <summary>One node.</summary>
    internal sealed class Member
    {
        private const NodeRoles All = NodeRoles.Feed | NodeRoles.Pools | NodeRoles.Router | NodeRoles.Optimizer | NodeRoles.Executor;

        public Member(int number, SimulatedCluster cluster)
        {
            (Name, Journal) = ($"n{number}", new CutJournal(cluster._journal));
            Node = TradingNode.Start(new TradingNodeSetup
            {
                Options = cluster._options,
                Market = cluster._market,
                Scheduler = cluster.Scheduler,
                Journal = Journal,
                Cluster = new ClusterLink
                {
                    Transport = new InProcessTransport(cluster._broker, Name),
                    Roles = cluster._roles is { } roles ? roles[number - 1] : All,
                    Incarnation = 1,
                    Version = "0",
                },
                Log = Log,
                Solve = snapshot =>
                {
                    cluster._solved[snapshot.SnapshotId] = snapshot.Market;
                    return SnapshotSolver.Solve(snapshot);
                },
            });
        }

        public string Name { get; }

        public CutJournal Journal { get; }

        public TradingNode Node { get; }

        public LineLog Log { get; } = new();

        /// <summary>What it acts as now.</summary>
        public NodeRoles Acts => Of("/node/feed-", NodeRoles.Feed) | Of("/node/router-", NodeRoles.Router)
            | Of("/node/executor/executor-", NodeRoles.Executor) | Of("/node/pools/", NodeRoles.Pools);

        private NodeRoles Of(string path, NodeRoles role) =>
            Node.Actors.Any(actor => actor.Path.Value.StartsWith(path, StringComparison.Ordinal)) ? role : NodeRoles.None;
    }
}
