using System.Collections.Immutable;
using QTrade.Actors.Journal;
using QTrade.Actors.Scheduling;
using QTrade.Broker;
using QTrade.Broker.InProcess;
using QTrade.Messages;
using QTrade.Messages.Cluster;
using QTrade.Messages.Execution;
using QTrade.Messages.Registry;
using QTrade.Messages.Routing;
using QTrade.Messages.Wire;
using QTrade.Node;
using QTrade.Node.Actors;
using QTrade.Node.Configuration;
using QTrade.Node.Replay;
using QTrade.Node.Tests.EndToEnd;
using QTrade.Shared.Journal;
using QTrade.Trading.Cluster;
using SimulationOptions = QTrade.Actors.Scheduling.SimulationOptions;
using SolverOptions = QTrade.Node.Configuration.SolverOptions;
using SolverVersion = QTrade.Solver.SolverVersion;

namespace QTrade.Feed.Tests.Cluster;

/// <summary>A recording that a cluster plays, in virtual time: what the pools come to is what they come to on one node.</summary>
public sealed class RecordedClusterSpecs : IDisposable
{
    // Until the next node has the turn, has read the journal and caught up.
    private static readonly TimeSpan TakeOver = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(1);

    private readonly string _tape = MovingTape.Write();
    private readonly List<ChainNode> _started = [];
    private ImmutableArray<ChainNode> _nodes = [];
    private SimulationScheduler _scheduler = null!;
    private InMemoryJournal _journal = null!;
    private InProcessBroker? _broker;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Three_nodes_come_to_the_same_states_as_one_and_trade(ulong seed)
    {
        var one = OfOneNode();
        Start(nodes: 3, seed);
        _scheduler.RunFor(MovingTape.Duration + TakeOver);

        Assert.Equal(one, Books.Newest(_journal));
        Assert.Single(Books.Of<FeedStarted>(_journal));
        Assert.Contains(Books.Of<Decided>(_journal), decided => decided.Result.Profit > 0);
        Assert.Contains(Books.Of<TradeEnded>(_journal), ended => ended.Outcome.Ending == Ending.Executed);
        Assert.All(_nodes, node => Assert.Equal(MovingTape.Pools, node.Node.Status.Pools));
        Assert.Equal(_nodes.Select(node => node.IsFeeding), _nodes.Select(node => node.Node.Status.Feed is not null));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Another_node_goes_on_where_the_tape_was_when_its_player_died(ulong seed)
    {
        var one = OfOneNode();
        Start(nodes: 3, seed);
        _scheduler.RunFor(MovingTape.Duration / 2);
        var reached = Books.Slot(_journal);
        await Feeding().KillAsync();
        _scheduler.RunFor(TakeOver + Moment);

        // Neither from the beginning nor past what its time allows.
        Assert.InRange(Books.Slot(_journal), reached + 1, reached + (ulong)((TakeOver + Moment) / MovingTape.Slot) + 1);
        var decided = Books.Of<Decided>(_journal).Count();
        _scheduler.RunFor((MovingTape.Duration / 2) + Moment);
        Assert.Equal(one, Books.Newest(_journal));
        Assert.Equal([1, 2], Books.Of<FeedStarted>(_journal).Select(started => started.Term));
        Assert.Contains(Books.Of<Decided>(_journal).Skip(decided), after => after.Result.Profit > 0);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_player_that_is_cut_from_the_journal_stands_by_and_takes_over_again(ulong seed)
    {
        var one = OfOneNode();
        Start(nodes: 2, seed);
        _scheduler.RunFor(MovingTape.Duration / 4);
        var first = Feeding();
        first.Journal.IsCut = true;
        _scheduler.RunFor(ClusterTiming.JournalSilence + TakeOver);
        var second = Feeding();
        Assert.NotEqual(first, second);
        first.Journal.IsCut = false;
        _scheduler.RunFor(MovingTape.Duration / 4);
        second.Journal.IsCut = true;
        _scheduler.RunFor(ClusterTiming.JournalSilence + TakeOver);
        Assert.Equal(first, Feeding());
        second.Journal.IsCut = false;

        _scheduler.RunFor(MovingTape.Duration);
        Assert.Equal(one, Books.Newest(_journal));
        Assert.Equal([1, 2, 3], Books.Of<FeedStarted>(_journal).Select(started => started.Term));
    }

    [Fact]
    public void Cut_as_a_tape_three_nodes_decide_the_same_bytes_as_one()
    {
        var options = Options(new DriveOptions { Kind = DriveKind.Tape, CutEvery = 10, Cuts = 8 });
        Run(options, nodes: 1, inCluster: false);
        var one = Report();
        Run(options, nodes: 3, inCluster: true);

        Assert.Equal(8, one.TapeCuts);
        Assert.Equal((one.TapeCuts, one.TapeDigest), (Report().TapeCuts, Report().TapeDigest));

        void Run(NodeOptions tape, int nodes, bool inCluster)
        {
            Start(nodes, seed: 1, tape, inCluster);
            _scheduler.RunFor(MovingTape.Duration * 2);
        }

        ReplayReport Report() => new JournalReplay(SnapshotSolver.Solve, SolverVersion.Current).Verify(_journal);
    }

    [Fact]
    public void Who_is_no_feed_needs_no_tape_and_hears_of_its_pools_from_the_one_that_is()
    {
        var one = OfOneNode();
        Start(nodes: 0, seed: 1);
        var without = new NodeOptions { Feed = FeedKind.Recorded, Router = Options().Router, Solver = Options().Solver };
        _nodes =
        [
            new ChainNode("feed", Options(), _scheduler, _journal, _broker, NodeRoles.Feed),
            new ChainNode("pools", without, _scheduler, _journal, _broker, NodeRoles.Pools | NodeRoles.Router),
            new ChainNode("trades", without, _scheduler, _journal, _broker, NodeRoles.Pools | NodeRoles.Optimizer | NodeRoles.Executor),
        ];
        _started.AddRange(_nodes);
        _scheduler.RunFor(MovingTape.Duration + TakeOver);

        Assert.Equal(one, Books.Newest(_journal));
        Assert.Contains(Books.Of<TradeEnded>(_journal), ended => ended.Outcome.Ending == Ending.Executed);
        Assert.All(_nodes, node => Assert.Equal((MovingTape.Pools, null), (node.Node.Status.Pools, node.Node.Status.LastFault)));
    }

    [Fact]
    public async Task A_token_that_a_person_adds_leaves_the_feed_of_a_chain_as_it_is()
    {
        var (feed, _) = StartFeedApart();
        _scheduler.RunFor(MovingTape.Duration / 4);
        await using var person = new InProcessTransport(_broker!, "person");
        var order = new RegisterToken(new Markets.Token { Id = new("ADDED"), Value = 1 });
        var taken = person.PublishAsync(Hop.Feed, MessageCodec.Encode(order));
        _scheduler.RunFor(MovingTape.Duration / 4);

        Assert.Equal(PublishEnding.Confirmed, await taken);
        Assert.Contains(Books.Of<TokenRegistered>(_journal), registered => registered.Token.Id.Value == "ADDED");
        Assert.True(feed.IsFeeding);
        Assert.Single(Books.Of<FeedStarted>(_journal));
        Assert.All(_nodes, node => Assert.Null(node.Node.Status.LastFault));
    }

    /// <summary>What a term vouches for is told from what another does by its number alone.</summary>
    [Fact]
    public void No_term_is_begun_twice_though_the_journal_lost_who_began_it()
    {
        Start(nodes: 0, seed: 1);
        _journal.Append(new AppendProbe(PersistenceIds.Feed, 1, new EventData("from.the.future", 9, new byte[] { 1, 2, 3 })));
        _scheduler.RunFor(Moment);
        var node = new ChainNode("n1", Options(), _scheduler, _journal, _broker, NodeRoles.Feed | NodeRoles.Pools);
        _started.Add(node);
        _scheduler.RunFor(Moment);

        var begun = JournalMessages.Of(_journal.ReadAll(1)).OfType<FeedStarted>();
        Assert.Equal(2, Assert.Single(begun).Term);

        // What was lost before the term in force makes it no older to a router that begins now.
        _started.Add(new ChainNode("n2", new NodeOptions { Feed = FeedKind.Recorded, Router = Options().Router, Solver = Options().Solver }, _scheduler, _journal, _broker, ChainNode.All & ~NodeRoles.Feed));
        _scheduler.RunFor(MovingTape.Duration / 4);
        Assert.NotEmpty(JournalMessages.Of(_journal.ReadAll(1)).OfType<Decided>());
    }

    /// <summary>A node that starts has heard no feed: the journal tells it which terms are over.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_last_words_of_a_feed_whose_term_is_over_move_no_router_that_begins(bool isOver)
    {
        var (feed, other) = StartFeedApart();
        var last = new List<MarketBatch>();
        await using var spy = new InProcessTransport(_broker!, "spy");
        await using var hearing = await spy.SubscribeAsync(Hop.Market, 1_000, delivery =>
        {
            if (delivery.Message is MarketBatch { Node: "feed" } batch)
                last.Add(batch);
            delivery.Ack();
        });
        _scheduler.RunFor(MovingTape.Duration / 4);
        await feed.KillAsync();
        await other.KillAsync();
        if (isOver)
            _journal.Append(new AppendProbe(PersistenceIds.Feed, 2, WireCodec<IFeedEvent>.Instance.Encode(new FeedStarted(2, "another", _scheduler.Time.GetUtcNow()))));
        var decided = Books.Of<Decided>(_journal).Count();

        _started.Add(new ChainNode("late", new NodeOptions { Feed = FeedKind.Recorded, Router = Options().Router, Solver = Options().Solver }, _scheduler, _journal, _broker, ChainNode.All & ~NodeRoles.Feed));
        _scheduler.RunFor(TakeOver);
        foreach (var batch in last.ToList())
            await spy.PublishAsync(Hop.Market, batch);
        _scheduler.RunFor(Moment);
        var solve = _started[^1].Node.SolveAsync(Moment);
        _scheduler.RunFor(Moment);
        // The answer is given in virtual time; who awaited it goes on on a thread of the pool.
        var answer = await solve.WaitAsync(TimeSpan.FromSeconds(30));
        // Where nobody was the feed since, its words hold: what keeps its pools from being traded are the trades under way.
        Assert.Equal(isOver, answer.Refusal?.Contains($"{MovingTape.Pools} not read again since the feed lost them", StringComparison.Ordinal));
        Assert.True(!isOver || Books.Of<Decided>(_journal).Count() == decided);
    }

    private (ChainNode Feed, ChainNode Other) StartFeedApart()
    {
        Start(nodes: 0, seed: 1);
        var without = new NodeOptions { Feed = FeedKind.Recorded, Router = Options().Router, Solver = Options().Solver };
        _nodes =
        [
            new ChainNode("feed", Options(), _scheduler, _journal, _broker, NodeRoles.Feed),
            new ChainNode("other", without, _scheduler, _journal, _broker, ChainNode.All & ~NodeRoles.Feed),
        ];
        _started.AddRange(_nodes);
        return (_nodes[0], _nodes[1]);
    }

    [Fact]
    public void Nodes_that_follow_different_feeds_say_so_to_each_other()
    {
        Start(nodes: 2, seed: 1);
        _scheduler.RunFor(Moment);
        Assert.All(_nodes, node => Assert.Null(node.Node.Status.LastFault));

        Start(nodes: 1, seed: 1);
        var other = new ChainNode("other", Options(values: "So11111111111111111111111111111111111111112=1"), _scheduler, _journal, _broker);
        _started.Add(other);
        _scheduler.RunFor(Moment);
        Assert.StartsWith("feed: node other follows another market (recorded ", _nodes[0].Node.Status.LastFault, StringComparison.Ordinal);
        Assert.StartsWith("feed: node n1 follows another market (recorded ", other.Node.Status.LastFault, StringComparison.Ordinal);
        Assert.Equal(1, other.Node.Status.Faults);
    }

    public void Dispose()
    {
        foreach (var node in _started)
            node.Node.Dispose();
    }

    private ImmutableSortedDictionary<Markets.PoolId, string> OfOneNode()
    {
        Start(nodes: 1, seed: 1, Options(), inCluster: false);
        _scheduler.RunFor(MovingTape.Duration + Moment);
        var newest = Books.Newest(_journal);
        Assert.Equal(MovingTape.Pools, newest.Count);
        return newest;
    }

    private void Start(int nodes, ulong seed) => Start(nodes, seed, Options(), inCluster: true);

    private void Start(int nodes, ulong seed, NodeOptions options, bool inCluster)
    {
        _scheduler = new SimulationScheduler(seed, new SimulationOptions { MaxDeliveryDelay = TimeSpan.FromMilliseconds(3) });
        _journal = new InMemoryJournal(_scheduler.Time, TimeSpan.FromMilliseconds(2));
        _broker = inCluster ? new InProcessBroker(_scheduler.Time) : null;
        _nodes = [.. Enumerable.Range(1, nodes).Select(node => new ChainNode($"n{node}", options, _scheduler, _journal, _broker))];
        _started.AddRange(_nodes);
    }

    private ChainNode Feeding() => Assert.Single(_nodes, node => node.IsFeeding);

    private NodeOptions Options(DriveOptions? drive = null, string? values = null) => new()
    {
        Feed = FeedKind.Recorded,
        Drive = drive ?? new DriveOptions(),
        Solana = new SolanaOptions { Tape = _tape, Values = values ?? MovingTape.Values },
        Router = new RouterOptions { MinInterval = TimeSpan.FromMilliseconds(100), CheckInterval = TimeSpan.FromSeconds(30) },
        Solver = new SolverOptions { WorkerThreads = 1 },
    };
}
