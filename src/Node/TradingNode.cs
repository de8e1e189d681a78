using System.Collections.Immutable;
using QTrade.Actors;
using QTrade.Actors.Scheduling;
using QTrade.Actors.Work;
using QTrade.Markets;
using QTrade.Messages.Cluster;
using QTrade.Messages.Execution;
using QTrade.Messages.Pools;
using QTrade.Messages.Routing;
using QTrade.Node.Actors;
using QTrade.Node.Admin;
using QTrade.Node.Cluster;
using QTrade.Node.Configuration;
using QTrade.Node.Feeds;
using QTrade.Node.Simulation;
using QTrade.Trading.Cluster;
using QTrade.Trading.Execution;
using QTrade.Trading.Routing;

namespace QTrade.Node;

/// <summary>
/// One running node: recovered from its journal, put together from its actors, the same under threads and a journal on disk as in
/// virtual time with a journal in memory.
/// </summary>
public sealed class TradingNode : IDisposable
{
    /// <summary>How long a stop waits for what is in flight.</summary>
    public static readonly TimeSpan DrainPatience = TimeSpan.FromSeconds(5);

    /// <summary>How long a stop waits after that for actors to stop: one whose events the journal does not answer stops only once it does.</summary>
    public static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(2);

    private const int DrainAnswerFactor = 2;

    // Of a node without a cluster there is one.
    private const string SingleName = "node";
    // What a decision leads to is done by then, and the next snapshot is not handed out yet.
    private const double RestPart = 0.6;

    private readonly TradingNodeSetup _setup;
    private readonly ActorSystem _system;
    private readonly ActorRef<INodeMessage> _node;
    private readonly StatusBoard _board = new();
    private readonly HaltSwitch _halt = new();
    private readonly ControlLease _control = new();
    private readonly FeedMetrics _feed = new();
    private readonly NodeMetrics _metrics;
    private readonly JournalHealth _health;
    private readonly long _startedAt;
    private readonly RestCollector? _rest;
    private SimulatedChain? _chain;
    private readonly Market _fileMarket;

    private TradingNode(TradingNodeSetup setup, NodeRecovery recovery)
    {
        _fileMarket = setup.Market;
        // A feed that follows a chain finds its pools by itself.
        if (!FollowsChain(setup))
            setup = setup with { Market = recovery.Operate(setup.Market) };
        if (setup.Scheduler is ThreadPoolScheduler)
        {
            var rest = _rest = RestCollector.OfProcess(setup.Scheduler.Time, setup.Options.Router.MinInterval * RestPart);
            var decided = setup.Decided;
            setup = setup with
            {
                Decided = decision =>
                {
                    decided(decision);
                    rest.Decided();
                },
            };
        }

        _setup = setup;
        Recovery = recovery;
        _startedAt = setup.Scheduler.Time.GetTimestamp();
        _metrics = new NodeMetrics(line => setup.Log.Fault(line));
        if (recovery.Unreadable.Describe() is { } unreadable)
            _metrics.Fault("journal", "unreadable", unreadable);
        _health = new JournalHealth(line => setup.Log.JournalHealthChanged(line));
        _system = new ActorSystem(setup.Scheduler, new ActorSystemOptions
        {
            Journal = setup.Journal,
            Recovered = recovery.Entities,
            Observer = new NodeObserver(_metrics, _health),
        });
        var solvers = _system.CreateWorkPool("solver", setup.SolverThreads);
        _node = _system.Spawn(
            setup.Cluster is { } link ? new Props<INodeMessage>(() => new ClusterNodeActor(ClusterSetup(link, solvers))) : Whole(setup, recovery, solvers),
            "node");
    }

    /// <summary>What the start recovered.</summary>
    public NodeRecovery Recovery { get; }

    /// <summary>What the node is and has done, now.</summary>
    public NodeStatus Status => NodeStatusOf.Now(
        _setup, _system, _board, _halt, _feed, _metrics, _health, Recovery, _setup.Scheduler.Time.GetElapsedTime(_startedAt));

    /// <summary>The last decision; null before the first of this run.</summary>
    public LastDecisionStatus? LastDecision => _board.Router.Last;

    /// <summary>The last messages that nobody handled, one line each.</summary>
    public IReadOnlyList<string> DeadLetters => [.. _system.DeadLetters.Listed.Select(letter => $"{letter.MessageType} for {letter.Recipient}: {letter.Reason}")];

    /// <summary>The executor's durable state as it last showed it.</summary>
    public ExecutorState Executor => _board.Executor;

    /// <summary>The nodes of the cluster as this one hears them; null before it listened, and where there is no cluster.</summary>
    public NodesHeard? Nodes => _board.Nodes;

    /// <summary>Of the roles that one node of a cluster at a time acts in, those that this one acts in.</summary>
    public NodeRoles Acting => _setup.Cluster is null ? NodeAdmin.Roles : _board.Acting;

    /// <summary>Whether this node is the one that acts in a role now.</summary>
    public bool Acts(NodeRoles role) => (Acting & role) == role;

    /// <summary>Whether an executor of this node has shown its state.</summary>
    internal bool HasExecuted => _board.IsExecutorShown;

    /// <summary>Every actor, parents before children, in the order of their paths.</summary>
    public ImmutableArray<ActorReport> Actors => _system.Hierarchy();

    /// <summary>What it runs on.</summary>
    internal TradingNodeSetup Setup => _setup;

    /// <summary>Why the journal does not write; null while it does.</summary>
    public string? JournalFault => _health.Fault;

    /// <summary>The router's durable state as it last showed it.</summary>
    public RouterState Router => _board.Router.State;

    /// <summary>Recovers the node from its journal and starts it.</summary>
    public static TradingNode Start(TradingNodeSetup setup) =>
        new(setup, setup.Cluster is null ? Read(setup) : NodeRecovery.None);

    /// <summary>Takes in an observation that does not come from the node's own feed.</summary>
    public void Observe(ObserveReserves observation) => _node.Tell(new ObserveFromOutside(observation));

    /// <summary>Changes a token or a pool while the node runs.</summary>
    public void Change(IRegistryMessage command) => _node.Tell(new ChangeRegistry(command));

    /// <summary>Changes a token or a pool while the node runs, and tells whether that is ordered: that it is done is seen in the market.</summary>
    /// <exception cref="TimeoutException">Nothing was heard in time.</exception>
    public Task<ChangeOrdered> ChangeAsync(IRegistryMessage command, TimeSpan patience, CancellationToken cancellationToken = default) =>
        _node.AskAsync<ChangeOrdered>(replyTo => new ChangeRegistry(command, replyTo), _setup.Scheduler.Time, patience, cancellationToken);

    /// <summary>Changes trading state or limits.</summary>
    public void Command(IExecutorCommand command) => _node.Tell(new CommandExecutor(command, _halt.Orders));

    /// <summary>
    /// Halts trading before it returns, whatever mailbox and journal are at, and then has the halt made durable.
    /// </summary>
    /// <exception cref="TimeoutException">Nothing was heard in time of its being durable. The halt holds and is written as soon as it can be.</exception>
    public Task<ExecutorCommandEnded> HaltAsync(SetTradingState halt, TimeSpan patience, CancellationToken cancellationToken = default)
    {
        _halt.Halt(halt);
        return SteerAsync(halt, patience, cancellationToken);
    }

    /// <summary>Changes trading state or limits, and tells what became of it once it is durable.</summary>
    /// <exception cref="TimeoutException">Nothing was heard in time.</exception>
    public Task<ExecutorCommandEnded> SteerAsync(IExecutorCommand command, TimeSpan patience, CancellationToken cancellationToken = default)
    {
        var halts = _halt.Orders;
        return _node.AskAsync<ExecutorCommandEnded>(
            replyTo => new CommandExecutor(command, halts, replyTo), _setup.Scheduler.Time, patience, cancellationToken);
    }

    /// <summary>Sets the loss limit that all executors share, and tells what became of it once it is durable.</summary>
    /// <exception cref="TimeoutException">Nothing was heard in time.</exception>
    public Task<ExecutorCommandEnded> SetSharedLossAsync(SetSharedLoss command, TimeSpan patience, CancellationToken cancellationToken = default) =>
        _node.AskAsync<ExecutorCommandEnded>(replyTo => new CommandRisk(command, replyTo), _setup.Scheduler.Time, patience, cancellationToken);

    /// <summary>The executor's limits in force, wherever it acts; null where none was heard of yet.</summary>
    public RiskLimits? Limits => _board.Control is { } told ? told.Limits : _board.IsExecutorShown ? _board.Executor.Limits : null;

    /// <summary>How the loss limit that executors share stands, as was last told; null before.</summary>
    public RiskTold? Risk => _board.Risk;

    /// <summary>The market as the router sees it; in a cluster as this node hears it.</summary>
    /// <exception cref="TimeoutException">The router did not answer in time.</exception>
    public Task<MarketShown> MarketAsync(TimeSpan patience, CancellationToken cancellationToken = default) =>
        _node.AskAsync<MarketShown>(replyTo => new AskRouter(new GetMarket(replyTo)), _setup.Scheduler.Time, patience, cancellationToken);

    /// <summary>Has a snapshot of the market as it is solved, as soon as min-interval allows.</summary>
    /// <exception cref="TimeoutException">It was not decided in time.</exception>
    public Task<SolvedNow> SolveAsync(TimeSpan patience, CancellationToken cancellationToken = default) =>
        _node.AskAsync<SolvedNow>(replyTo => new AskRouter(new SolveNow(replyTo)), _setup.Scheduler.Time, patience, cancellationToken);

    /// <summary>
    /// Takes in nothing more, waits for what is in flight, and stops every actor, within <see cref="DrainPatience"/>, or twice that where
    /// the node's actor does not answer, and <see cref="StopPatience"/>. What is left in flight is in the journal and goes on at the next start. The journal stays open.
    /// </summary>
    /// <returns>Whether nothing was left in flight.</returns>
    public async Task<bool> StopAsync(CancellationToken cancellationToken = default)
    {
        var clean = await DrainAsync(cancellationToken).ConfigureAwait(false);
        return await StopActorsAsync().ConfigureAwait(false) && clean;
    }

    /// <summary>Takes in nothing more and waits for what is in flight, as long as <see cref="DrainPatience"/>.</summary>
    /// <returns>Whether nothing was left in flight.</returns>
    public async Task<bool> DrainAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            var drained = await _node.AskAsync<NodeDrained>(
                replyTo => new DrainNode(DrainPatience, replyTo),
                _setup.Scheduler.Time,
                DrainPatience * DrainAnswerFactor,
                cancellationToken).ConfigureAwait(false);
            return drained.Clean;
        }
        catch (TimeoutException)
        {
            _metrics.Fault("node", "drain", $"stop: no answer within {DrainPatience * DrainAnswerFactor}; what is in flight goes on at the next start");
            return false;
        }
    }

    /// <summary>Stops every actor, as long as <see cref="StopPatience"/>.</summary>
    /// <returns>Whether all have stopped; of those that have not, what waits for the journal ends with it.</returns>
    public async Task<bool> StopActorsAsync()
    {
        try
        {
            await _system.StopAsync().WaitAsync(StopPatience, _setup.Scheduler.Time).ConfigureAwait(false);
            return true;
        }
        catch (TimeoutException)
        {
            _metrics.Fault("node", "stop", $"stop: actors have not stopped after {StopPatience} and wait for the journal or are at their last message; the next start finds what they wrote as the journal has it");
            return false;
        }
    }

    /// <summary>Ends the node's threads. Actors are not drained: see <see cref="StopAsync"/>.</summary>
    public void Dispose()
    {
        _rest?.Dispose();
        _system.Dispose();
    }

    /// <summary>One node that does everything.</summary>
    private Props<INodeMessage> Whole(TradingNodeSetup setup, NodeRecovery recovery, WorkPool solvers)
    {
        NodeRecovery? atStart = recovery;
        Func<FeedParts, Actor<IFeedMessage>> createFeed = setup.Feed is { } chain ? chain.Create
            : FollowsTape(setup) ? SimulatedTape
            : Simulated(setup, Resume(setup, recovery, null));
        var node = new NodeSetup
        {
            Recover = Recover,
            // A live feed vouches for no pool before it has read it again, so none is to be retired.
            Register = recovered => FollowsChain(setup) ? new RegisterMarket(setup.Market, []) : new RegisterMarket(recovered.Operate(_fileMarket), recovered.Pools),
            IsSimulated = !FollowsChain(setup),
            CreateFeed = createFeed,
            Feed = _feed,
            Router = (executor, node) => SetupRouter(executor, node, solvers),
            CreateExecutor = (unfinished, router, feed, risk) => CreateExecutor(unfinished, router, feed, risk, SingleName, static () => true),
            CreateRisk = CreateRisk,
            Metrics = _metrics,
            Health = _health,
        };
        return new Props<INodeMessage>(() => new NodeActor(node, Interlocked.Exchange(ref atStart, null)));
    }

    // In virtual time nothing happens beside the run.
    private Task<NodeRecovery> Recover(CancellationToken cancellation) =>
        _setup.Scheduler is ThreadPoolScheduler ? Task.Run(() => Read(_setup), cancellation) : Task.FromResult(Read(_setup));

    private static NodeRecovery Read(TradingNodeSetup setup) =>
        NodeRecovery.Read(setup.Journal, setup.Options.Executor.ForRisk(), setup.Scheduler.Time);

    private ClusterSetup ClusterSetup(ClusterLink link, WorkPool solvers) => new()
    {
        Link = link,
        Market = _setup.Market,
        Now = Now,
        Recover = Recover,
        TryJournal = () => JournalTrial.WritesAsync(_setup.Journal),
        FollowsChain = FollowsChain(_setup),
        CreateFeed = (recovery, parts) => FollowsChain(_setup) ? _setup.Feed!.Create(parts)
            : FollowsTape(_setup) ? SimulatedTape(parts)
            : Simulated(_setup, _chain = Resume(_setup with { Market = recovery.Operate(_setup.Market) }, recovery, _chain))(parts),
        FeedMetrics = _feed,
        Router = (executor, node, optimizer) => SetupRouter(executor, node, solvers) with
        {
            Optimizers = [],
            RemoteOptimizer = optimizer,
            AwaitsFeedTerm = FollowsChain(_setup),
            Lease = RouterSetup.RemoteLease,
            Patience = ExecutorGate.WholePatience,
        },
        Optimizers = [.. Enumerable.Range(1, solvers.Options.Threads).Select(number => OptimizerName.Of(link.Node, number))],
        CreateOptimizer = (name, router) => new OptimizerActor(name, router, solvers, _setup.Solve, _metrics),
        CreateExecutor = (router, feed, risk) => CreateExecutor([], router, feed, risk, link.Node, () => _control.IsHeard(Now())),
        CreateRisk = CreateRisk,
        Halt = _halt,
        Control = _control,
        Board = _board,
        Metrics = _metrics,
        Health = _health,
    };

    private static Func<FeedParts, Actor<IFeedMessage>> Simulated(TradingNodeSetup setup, SimulatedChain chain)
    {
        var pace = new FeedPace(setup.Options.Simulation.Rate);
        return parts => new SimulatedFeedActor(chain, pace, parts.Pools, parts.Subscribers, parts.Metrics);
    }

    private static bool FollowsChain(TradingNodeSetup setup) => setup.Options.Feed != FeedKind.Simulated;

    private static TimeSpan? Silence(TradingNodeSetup setup) => setup.Options.Feed == FeedKind.Solana ? FeedHearing.ChainSilence : null;

    private static bool FollowsTape(TradingNodeSetup setup) => setup.Options.Drive.Kind == DriveKind.Tape;

    /// <summary>Of the file's market, whatever persons changed since: every draw of the chain depends on its pools and their order.</summary>
    private SimulatedTapeFeedActor SimulatedTape(FeedParts parts)
    {
        var (drive, chain) = (_setup.Options.Drive, _setup.Options.Simulation);
        return new(
            Chain(_setup with { Market = _fileMarket }), new FeedPace(chain.Rate), new TapeCutOptions(TapeNames.Of(_fileMarket, chain, drive), drive.CutEvery, drive.Cuts), parts);
    }

    private static SimulatedChain Chain(TradingNodeSetup setup) => new(setup.Market, new SimulatedChainOptions
    {
        Seed = setup.Options.Simulation.Seed,
        UpdatesPerSecond = setup.Options.Simulation.Rate,
        ValueDeviationPerSlot = setup.Options.Simulation.ValueDeviation,
        NoisePerFee = setup.Options.Simulation.NoisePerFee,
        NoiseFloor = setup.Options.Simulation.NoiseFloor,
    });

    /// <summary>
    /// The chain that lived in this process lives on: what it showed may still be on its way to the journal. Where another node's went on in its place,
    /// or where there was none, it goes on from the journal.
    /// </summary>
    private static SimulatedChain Resume(TradingNodeSetup setup, NodeRecovery recovery, SimulatedChain? lived)
    {
        var chain = lived ?? Chain(setup);
        if (lived is not null)
            TakeUp(setup.Market, lived);
        for (var pool = 0; pool < chain.PoolCount; pool++)
        {
            if (recovery.NewestOf(chain[pool].Id) is { } newest && (lived is null || chain.IsBehind(pool, newest.At[0])))
                chain.TryResume(pool, newest.Reserves, newest.At.NewestSlot, newest.Venue);
        }

        return chain;
    }

    /// <summary>What was added while another node's chain lived.</summary>
    private static void TakeUp(Market market, SimulatedChain lived)
    {
        var known = Enumerable.Range(0, lived.PoolCount).Select(pool => lived[pool].Id).ToHashSet();
        foreach (var token in market.Tokens)
            lived.Know(token);
        foreach (var pool in market.Pools.Where(pool => !known.Contains(pool.Id)))
            lived.Add(pool);
    }

    private RouterSetup SetupRouter(ActorRef<IExecutorMessage> executor, ActorRef<INodeMessage> node, WorkPool solvers) => new()
    {
        Options = _setup.Options.ForRouter(),
        Units = _setup.Market.Units,
        TrustsNothing = FollowsChain(_setup),
        Silence = Silence(_setup),
        Optimizers = [.. Enumerable.Range(1, solvers.Options.Threads).Select(number => $"optimizer-{number}")],
        CreateOptimizer = (name, router) => new OptimizerActor(name, router, solvers, _setup.Solve, _metrics),
        Lease = RouterSetup.LocalLease,
        Now = Now,
        Executor = executor,
        Node = node,
        Decided = _setup.Decided,
        Metrics = _metrics,
        Health = _health,
        Board = _board,
    };

    private RiskActor CreateRisk(ActorRef<IExecutorMessage> executors) => new(new RiskSetup
    {
        LossMax = _setup.Options.Executor.SharedLossMax(),
        Executors = executors,
        Metrics = _metrics,
        Health = _health,
    });

    private ExecutorActor CreateExecutor(
        ImmutableArray<TradeIntent> unfinished, ActorRef<IRouterMessage> router, ActorRef<IFeedMessage> feed, ActorRef<IRiskMessage> risk, string node, Func<bool> hearsControl) => new(new ExecutorSetup
    {
        Risk = risk,
        RiskSlice = _setup.Options.Executor.SharedLossMax() * RiskRules.SliceShare,
        Node = node,
        Now = Now,
        TrustsNothing = FollowsChain(_setup),
        AwaitsFeedTerm = FollowsChain(_setup) && _setup.Cluster is not null,
        Silence = Silence(_setup),
        Terms = new ExecutionTerms(_setup.Market.Units, _setup.Options.ForRouter().Solve.Routes),
        Limits = _setup.Options.Executor.ForRisk(),
        Router = router,
        Feed = feed,
        Unfinished = unfinished,
        Halt = _halt,
        HearsControl = hearsControl,
        Metrics = _metrics,
        Health = _health,
        Board = _board,
    });

    /// <summary>Time since the node started.</summary>
    private TimeSpan Now() => _setup.Scheduler.Time.GetElapsedTime(_startedAt);
}
