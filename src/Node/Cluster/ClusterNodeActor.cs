using QTrade.Actors;
using QTrade.Actors.Supervision;
using QTrade.Broker;
using QTrade.Messages.Cluster;
using QTrade.Messages.Execution;
using QTrade.Messages.Registry;
using QTrade.Messages.Routing;
using QTrade.Node.Actors;
using QTrade.Node.Feeds;
using QTrade.Node.Simulation;
using QTrade.Trading.Cluster;
using QTrade.Trading.Execution;

namespace QTrade.Node.Cluster;

/// <summary>
/// The first actor of a node in a cluster: makes the actors of the node's roles, announces the node, deals with its shards, and acts as feed and
/// router while it is its turn. What it sends to other nodes goes over the broker; every rule of who may do what is the broker's single consumer
/// together with the journal's unique key.
/// </summary>
public sealed partial class ClusterNodeActor : Actor<INodeMessage>
{
    /// <summary>Deliveries of a turn's hop that may be unended.</summary>
    public const int UnendedMax = 200;

    /// <summary>Trades remembered as settled on the simulated chain.</summary>
    public const int SettledMax = 10_000;

    /// <summary>Commands for the executor that nobody has said to be done yet.</summary>
    public const int OrdersMax = 1_000;

    /// <summary>Nodes of another feed that are told of.</summary>
    public const int StrangeMax = 256;

    private const string TickTimer = "tick";
    private const string DrainTimer = "drain";

    // A broker takes a delivery back that is held for half an hour.
    private static readonly TimeSpan TokenRenewedAfter = TimeSpan.FromMinutes(10);

    // A connection that was lost gives a turn back; whoever is not told that it is still his stops by then.
    private static readonly TimeSpan UnsureFor = TimeSpan.FromSeconds(1);

    // Whoever ordered was answered long before, and whoever executes has had it from the broker.
    private static readonly TimeSpan OrderForgottenAfter = TimeSpan.FromSeconds(10);

    /// <summary>How long what a person ordered is offered to the broker, unless it is a halt: given up before whoever ordered stops waiting, who then knows of it.</summary>
    internal static readonly TimeSpan OrderTriedFor = TimeSpan.FromSeconds(4);

    /// <summary>How long at most it is waited before shards are taken anew that were lost again and again.</summary>
    internal static readonly TimeSpan PoolsWaitMax = TimeSpan.FromMinutes(1);

    /// <summary>Shards that were held for so long are not lost for the reason of the last time.</summary>
    internal static readonly TimeSpan PoolsHeldFor = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan RecoverAgainAfter = TimeSpan.FromSeconds(1);

    private readonly ClusterSetup _setup;
    private readonly ClusterLink _link;
    private readonly ClusterView _view = new();
    private readonly ShardHandover _handover;
    private readonly JournalWatch _journal = new();
    private readonly Turn _feedTurn = new(Hop.Feed);
    private readonly Turn _routerTurn = new(Hop.Router);
    private readonly List<ActorRef<IRouterMessage>> _optimizers = [];
    private readonly RecentTrades _settled = new(SettledMax);
    private readonly List<Order> _orders = [];
    private readonly List<(CommandRisk Command, TimeSpan At)> _riskOrders = [];
    private readonly List<(TradeOutcome Outcome, Delivery Delivery)> _unsettled = [];
    private readonly List<Delivery> _unregistered = [];
    private readonly HashSet<(string Node, long Incarnation)> _strange = [];
    private ActorRef<ISenderMessage> _sender = null!;
    private ActorRef<ISenderMessage> _control = null!;
    private ActorRef<IMarketMessage> _publisher = null!;
    private ActorRef<IMarketMessage> _listener = null!;
    private ActorRef<IRouterMessage> _market = null!;
    private ActorRef<IShardMessage>? _shards;
    private ActorRef<IExecutorGateMessage>? _gate;
    private ActorRef<IRouterMessage>? _router;
    private ActorRef<IRiskMessage>? _risk;
    private SnapshotOffers _offers = new(RouterSetup.RemoteLease);
    private ActorRef<IRegistryMessage>? _registry;
    private ActorRef<IFeedMessage>? _feed;
    private NodeRecovery? _recovered;
    private ActorRef<NodeDrained>? _drainedTo;
    private long _subscriptions;
    private long _announced;
    private long _connects;

    /// <summary>Since when there is what holds the shards, or since when there is none.</summary>
    private TimeSpan _poolsSince;

    /// <summary>How long after it was lost the shards are taken anew; zero before the first time.</summary>
    private TimeSpan _poolsWait;
    private bool _leaving;
    private bool _isTrying;

    public ClusterNodeActor(ClusterSetup setup)
    {
        (_setup, _link) = (setup, setup.Link);
        _handover = new ShardHandover(setup.Link.Node, setup.Now());
    }

    /// <summary>Without the broker nobody acts.</summary>
    private NodeRoles Acting => !_link.Transport.Status.Connected || _leaving ? NodeRoles.None
        : (_feed is null ? NodeRoles.None : NodeRoles.Feed)
            | (_router is null ? NodeRoles.None : NodeRoles.Router)
            | (_setup.Board.IsExecuting ? NodeRoles.Executor : NodeRoles.None);

    private bool Has(NodeRoles role) => (_link.Roles & role) != 0;

    public override void OnStart(Effects effects)
    {
        var self = Self;
        _sender = effects.Spawn(new Props<ISenderMessage>(() => new HopSender(_link.Transport, _setup.Metrics)), "sender");
        // A halt and the node's announcements wait behind no observation.
        _control = effects.Spawn(new Props<ISenderMessage>(() => new HopSender(_link.Transport, _setup.Metrics)), "control");
        _publisher = effects.Spawn(new Props<IMarketMessage>(() => new MarketPublisher(_link)), "publisher");
        _listener = effects.Spawn(new Props<IMarketMessage>(() => new MarketListener(_sender)), "listener");
        var market = _market = effects.Spawn(new Props<IRouterMessage>(() => new HeardMarketActor(_setup.Market.Units, _setup.Board)), "market");
        effects.Send<IMarketMessage>(_listener, new MarketTarget("market", (change, to) =>
        {
            if (change is IRouterMessage heard)
                to.Send(market, heard);
        }));
        var listener = _listener;
        Subscribe(Hop.Nodes, delivery => self.Tell(new NodeSaid(delivery)), effects);
        Subscribe(Hop.Market, delivery => listener.Tell(new MarketDelivered(delivery)), effects);
        if (Has(NodeRoles.Pools))
            StartPools(effects);
        if (Has(NodeRoles.Optimizer))
            StartOptimizers(effects);
        if (Has(NodeRoles.Executor))
            _gate = effects.Spawn(
                new Props<IExecutorGateMessage>(() => new ExecutorGate(_setup, _sender, _control, _listener)), "executor");
        if (Has(NodeRoles.Router))
            StandBy(_routerTurn, effects);
        if (Has(NodeRoles.Feed))
            StandBy(_feedTurn, effects);
        effects.ScheduleRepeatedly<INodeMessage>(TickTimer, ClusterTiming.AnnounceEvery, Self, ClusterTick.Instance);
    }

    public override void Handle(INodeMessage message, Effects effects)
    {
        switch (message)
        {
            case ClusterTick:
                Tick(effects);
                break;
            case NodeSaid said:
                Hear(said.Delivery, effects);
                break;
            case TurnSubscribed subscribed:
                Begin(subscribed, effects);
                break;
            case TurnDelivered delivered:
                Take(delivered, effects);
                break;
            case TurnLost lost:
                Lose(lost, effects);
                break;
            case ChainRecovered recovered:
                StartFeed(recovered, effects);
                break;
            case FeedTermBegun begun when begun.Subscribed == _feedTurn.Subscribed && !_leaving && _recovered is { } recovery:
                StartFeed(recovery, begun.Term, effects);
                break;
            case FeedTermBegun:
                break;
            case RecoverAgain again when again.Subscribed == _feedTurn.Subscribed && _feedTurn.IsMine && !_leaving:
                Recover(effects);
                break;
            case RecoverAgain:
                break;
            case MarketRegistered:
                if (_feed is { } feed)
                    effects.Send<IFeedMessage>(feed, new StartFeed());
                break;
            case ShardDrained drained:
                _handover.Drained(drained.Shard);
                Announce(effects);
                EndDrainIfLeft(effects);
                break;
            case ShardRefused refused:
                if (_shards is { } refusing && _handover.Refused(refused.Shard, _setup.Now()) is { } order)
                    effects.Send<IShardMessage>(refusing, new ShardOrdered(order));
                break;
            case ShardsLost lost when lost.Shards == _shards:
                LosePools(effects);
                break;
            case ShardsLost:
                // Made before this actor was made anew, which stopped it.
                break;
            case JournalTried tried:
                _isTrying = false;
                if (tried.Writes)
                    _setup.Health.Succeeded(tried.BegunAt);
                break;
            case DrainNode drain:
                Leave(drain, effects);
                break;
            case DrainOverdue:
                EndDrain(clean: false, effects);
                break;
            case OrderArrived arrived:
                foreach (var carried in _orders.Where(carried => ReferenceEquals(carried.Command, arrived.Command)))
                    carried.ArrivedAt ??= _setup.Now();
                break;
            case OrderGivenUp given:
                GiveUp(given, effects);
                break;
            case WorkGiven given:
                Give(given.Optimizer, _offers.Tell(given.Optimizer, given.Work), effects);
                break;
            case TapeEnded ended:
                effects.Send<ISenderMessage>(_sender, new SendOver(Hop.Feed, new TapeCutEnded(ended.Tape, ended.Number)) { Key = "tape: ended" });
                break;
            case EndedInPassing or RouterDrained:
                break;
            default:
                Steer(message, effects);
                break;
        }
    }

    /// <summary>Who executes says what is durable. What was ordered here and is in force now is done.</summary>
    private void Hear(ControlHeartbeat told, string from, Effects effects)
    {
        _setup.Board.Control = from == _link.Node ? null : told;
        foreach (var order in _orders.Where(IsEnded))
        {
            Release(order);
            if (order.ReplyTo is { } asker)
                effects.Send(asker, new ExecutorCommandEnded(RefusalOf(order), null));
        }

        _orders.RemoveAll(IsEnded);

        // Limits that were in force before are ordered anew to be in force again: before the order arrived, that they are says nothing.
        bool IsEnded(Order order) =>
            (ControlOrders.IsInForce(order.Command, told) && (order.Command is not SetRiskLimits || order.ArrivedAt is not null)) || RefusalOf(order) is not null;

        string? RefusalOf(Order order) => told.Refused is { } refused && ControlOrders.IsRefused(order.Command, refused) ? refused.Why : null;
    }

    private void StartPools(Effects effects)
    {
        var self = Self;
        _poolsSince = _setup.Now();
        var publisher = _publisher.Adapt<IRouterMessage>(change => new MarketSaid(change));
        var subscribers = new MarketSubscribers(publisher, null);
        var shards = _shards = effects.Spawn(
            Once<IShardMessage>(() => new ShardsActor(
                _link, (id, configuration) => new PoolActor(id, configuration, subscribers, _setup.Metrics, _setup.Health), _publisher, self, _setup.Metrics, _setup.Now)),
            "pools");
        effects.Watch<INodeMessage>(shards, Self, new ShardsLost(shards));
        effects.Send<IMarketMessage>(_listener, new MarketTarget("pools", (change, to) =>
        {
            if (change is IPoolConfigurationEvent configured)
                to.Send<IShardMessage>(shards, new PoolConfigurationHeard(configured));
        }));
    }

    /// <summary>
    /// What held the shards has failed: they are given up as a whole and taken anew, here or elsewhere. It is gone by the time that this node may take them. What fails
    /// again at what comes again waits longer each time, and is dealt to no other node meanwhile: what ends this one's would end that one's too.
    /// </summary>
    private void LosePools(Effects effects)
    {
        var now = _setup.Now();
        _poolsWait = _poolsWait == TimeSpan.Zero || now - _poolsSince >= PoolsHeldFor ? ShardHandover.DroppedFor
            : _poolsWait + _poolsWait < PoolsWaitMax ? _poolsWait + _poolsWait
            : PoolsWaitMax;
        (_shards, _poolsSince) = (null, now);
        foreach (var shard in _handover.Held.ToImmutableArray())
            _handover.Refused(shard, now);
        effects.Send<IMarketMessage>(_listener, new MarketTarget("pools", null));
        Announce(effects);
        EndDrainIfLeft(effects);
    }

    private void StartOptimizers(Effects effects)
    {
        foreach (var name in _setup.Optimizers)
            _optimizers.Add(effects.Spawn(
                new Props<IRouterMessage>(() => new OptimizerGate(_link, name, _sender, router => _setup.CreateOptimizer(name, router))), name));
    }

    private void Tick(Effects effects)
    {
        var now = _setup.Now();
        LookAtJournal(now, effects);
        Announce(effects);
        foreach (var gone in _view.Look(now))
            TellGone(gone, effects);
        _setup.Board.Nodes = new NodesHeard(_view.All, now);
        if (_link.Transport.Status.Connects is var connects && connects != _connects)
        {
            // What was said meanwhile is missed, and no number betrays it as long as nothing more is said.
            if (_connects > 0)
                effects.Send<IMarketMessage>(_listener, new MarketAsked());
            _connects = connects;
        }

        if (_shards is null && Has(NodeRoles.Pools) && !_leaving && now - _poolsSince >= _poolsWait)
            StartPools(effects);
        if (_shards is { } shards)
        {
            foreach (var order in _handover.Look(_view, now))
                effects.Send<IShardMessage>(shards, new ShardOrdered(order));
            EndDrainIfLeft(effects);
        }

        ForgetOrders(now);
        Keep(_feedTurn, now, effects);
        Keep(_routerTurn, now, effects);
    }

    /// <summary>What needs the journal is given back while this node's is not reached: others may reach theirs. Solving needs none.</summary>
    private void LookAtJournal(TimeSpan now, Effects effects)
    {
        if (_leaving)
            return;
        if (_journal.Look(_setup.Health.IsBroken, now))
        {
            if (_journal.IsAside)
                StandAside(effects);
            else
                StandIn(effects);
        }

        if (_isTrying || !_journal.IsTrialDue(now))
            return;
        _isTrying = true;
        var (trial, begunAt) = (_setup.TryJournal, _setup.Health.Refusals);
        effects.RunAsync<bool, INodeMessage>(_ => trial(), Self, writes => new JournalTried(writes, begunAt), _ => new JournalTried(false, begunAt));
    }

    /// <summary>
    /// Nothing waits for what the journal has not answered: the broker gives it all to others. What acted here stops as soon as it is answered, fenced as
    /// one that was paused.
    /// </summary>
    private void StandAside(Effects effects)
    {
        foreach (var turn in new[] { _feedTurn, _routerTurn })
        {
            foreach (var actor in turn.Actors)
                effects.Stop(actor);
            GiveBack(turn, effects);
            turn.Subscribed = ++_subscriptions;
        }

        if (_gate is { } gate)
            effects.Send<IExecutorGateMessage>(gate, new ExecutorAside(true));
        foreach (var order in _handover.StandAside())
            effects.Send<IShardMessage>(_shards!, new ShardOrdered(order));
    }

    private void StandIn(Effects effects)
    {
        if (Has(NodeRoles.Router))
            StandBy(_routerTurn, effects);
        if (Has(NodeRoles.Feed))
            StandBy(_feedTurn, effects);
        if (_gate is { } gate)
            effects.Send<IExecutorGateMessage>(gate, new ExecutorAside(false));
        _handover.StandIn();
    }

    private void Announce(Effects effects)
    {
        _setup.Control.Say(++_announced, _setup.Now());
        _setup.Board.Acting = Acting;
        effects.Send<ISenderMessage>(_control, new SendOver(Hop.Nodes, new NodeAnnouncement(
            _link.Node, _link.Incarnation, _announced, _journal.IsAside ? _link.Roles & NodeRoles.Optimizer : _link.Roles, _link.Version, _handover.Held, _handover.Released, 0, _link.AdminAddress, _leaving)
        {
            Acting = _setup.Board.Acting,
            Feed = _link.Feed,
        }) { Key = "announce" });
    }

    private void Hear(Delivery delivery, Effects effects)
    {
        switch (delivery.Message)
        {
            case NodeAnnouncement announced:
                var before = _view[announced.Node]?.Announced;
                if (_view.Hear(announced, _setup.Now()) && before is not null
                    && (before.Incarnation != announced.Incarnation || (announced.IsLeaving && !before.IsLeaving)))
                    TellGone(announced.Node, effects);
                if (FeedNames.Differ(announced.Feed, _link.Feed) && _strange.Count < StrangeMax && _strange.Add((announced.Node, announced.Incarnation)))
                    _setup.Metrics.Fault("feed", announced.Node, Strange(announced));
                if (announced.Node == _link.Node && announced.Incarnation == _link.Incarnation)
                    _setup.Control.Hear(announced.Number);
                break;
            case ControlHeartbeat told:
                Hear(told, delivery.From, effects);
                break;
            case RiskSliceLeased or RiskSliceReported or RiskLossTold or RiskRefused or RiskTold:
                if (delivery.Message is RiskTold risk)
                    Hear(risk, effects);
                if (_gate is { } gate)
                    effects.Send<IExecutorGateMessage>(gate, new RiskSaid(delivery.Message));
                break;
            case GetMarketState get when get.Node.Length == 0 || get.Node == _link.Node:
                effects.Send<IMarketMessage>(_publisher, new MarketAsked());
                break;
            case GetMarketState:
                break;
            default:
                delivery.Refuse($"{delivery.Message.GetType().Name} is nothing that nodes say to all");
                return;
        }

        delivery.Ack();
    }

    private string Strange(NodeAnnouncement other) =>
        $"feed: node {other.Node} follows another market ({other.Feed}) than this node ({_link.Feed}), and either may take the feed over: set qtrade.feed and qtrade.solana (pools, venues, pools-max, values, commitment, tape) alike on all nodes";

    /// <summary>What was ordered here is done once it is what stands.</summary>
    private void Hear(RiskTold told, Effects effects)
    {
        _setup.Board.Risk = told;
        foreach (var (order, _) in _riskOrders.Where(IsDone))
            effects.Send(order.ReplyTo, new ExecutorCommandEnded(null, null));
        _riskOrders.RemoveAll(IsDone);

        bool IsDone((CommandRisk Command, TimeSpan At) order) => told.IsOrdered && told.LossMax == order.Command.Command.LossMax;
    }

    private void TellGone(string node, Effects effects)
    {
        _offers.Gone(name => OptimizerName.IsOf(name, node));
        if (_router is { } router)
            effects.Send<IRouterMessage>(router, new NodeGone(node));
    }

    private void Subscribe(Hop hop, Action<Delivery> handle, Effects effects) => effects.RunAsync<ISubscription, INodeMessage>(
        cancellation => _link.Transport.SubscribeAsync(hop, 1_000, handle, cancellation), Self, _ => new EndedInPassing(), _ => new EndedInPassing());

    /// <summary>What begins a turn is told once: one that fails gives the turn back, and whoever takes it begins anew.</summary>
    private static Props<TMessage> Once<TMessage>(Func<Actor<TMessage>> create)
        where TMessage : class => new(create) { Supervision = SupervisionPolicy.Stop };

    /// <summary>An outcome moves the chain once, however often it is told.</summary>
    private void Settle(TradeOutcome outcome, Effects effects)
    {
        if (!_settled.Add(outcome.TradeId))
            return;
        if (_feed is { } feed)
            effects.Send<IFeedMessage>(feed, new SettleOnChain(outcome));
    }

    private void Leave(DrainNode drain, Effects effects)
    {
        _drainedTo = drain.ReplyTo;
        _leaving = true;
        effects.Schedule<INodeMessage>(DrainTimer, drain.Patience, Self, new DrainOverdue());
        foreach (var optimizer in _optimizers)
            effects.Send<IRouterMessage>(optimizer, new DrainRouter());
        if (_gate is { } gate)
            effects.Stop(gate);
        foreach (var turn in new[] { _feedTurn, _routerTurn })
        {
            if (turn.Actors.Count == 0)
                End(turn.Subscription, effects);
            foreach (var actor in turn.Actors)
                effects.Stop(actor);
        }

        effects.Send<IMarketMessage>(_listener, new MarketTarget(ExecutorGate.TargetName, null));
        _handover.Leave();
        Tick(effects);
        EndDrainIfLeft(effects);
    }

    private void EndDrainIfLeft(Effects effects)
    {
        if (_leaving && (_shards is null || _handover.HasLeft) && _feedTurn.Actors.Count == 0 && _routerTurn.Actors.Count == 0)
            EndDrain(clean: true, effects);
    }

    private void EndDrain(bool clean, Effects effects)
    {
        if (_drainedTo is not { } to)
            return;
        _drainedTo = null;
        effects.CancelTimer(DrainTimer);
        effects.Send(to, new NodeDrained(clean));
    }

    /// <summary>A command given at this node.</summary>
    private sealed class Order(IExecutorCommand command, ActorRef<ExecutorCommandEnded>? replyTo)
    {
        public IExecutorCommand Command => command;

        public ActorRef<ExecutorCommandEnded>? ReplyTo => replyTo;

        /// <summary>When the broker had it; null before.</summary>
        public TimeSpan? ArrivedAt { get; set; }
    }
}
