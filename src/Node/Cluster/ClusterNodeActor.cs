using QTrade.Actors;
using QTrade.Actors.Journal;
using QTrade.Actors.Supervision;
using QTrade.Broker;
using QTrade.Messages;
using QTrade.Messages.Cluster;
using QTrade.Messages.Execution;
using QTrade.Messages.Pools;
using QTrade.Messages.Registry;
using QTrade.Messages.Routing;
using QTrade.Node.Actors;
using QTrade.Node.Feeds;
using QTrade.Node.Simulation;
using QTrade.Trading.Cluster;

namespace QTrade.Node.Cluster;

/// <summary>
/// The first actor of a node in a cluster: makes the actors of the node's roles, announces the node, deals with its shards, and acts as feed and
/// router while it is its turn. What it sends to other nodes goes over the broker; every rule of who may do what is the broker's single consumer
/// together with the journal's unique key.
/// </summary>
public sealed class ClusterNodeActor : Actor<INodeMessage>
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

    private static readonly TimeSpan RecoverAgainAfter = TimeSpan.FromSeconds(1);

    private readonly ClusterSetup _setup;
    private readonly ClusterLink _link;
    private readonly ClusterView _view = new();
    private readonly ShardHandover _handover;
    private readonly JournalWatch _journal = new();
    private readonly Turn _feedTurn = new(Hop.Feed);
    private readonly Turn _routerTurn = new(Hop.Router);
    private readonly List<ActorRef<IRouterMessage>> _optimizers = [];
    private readonly HashSet<TradeId> _settled = [];
    private readonly Queue<TradeId> _settledOrder = new();
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
                if (_handover.Refused(refused.Shard, _setup.Now()) is { } order)
                    effects.Send<IShardMessage>(_shards!, new ShardOrdered(order));
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

    /// <summary>What a person or a tool says to this node.</summary>
    private void Steer(INodeMessage message, Effects effects)
    {
        switch (message)
        {
            case AskRouter { Question: GetMarket get }:
                effects.Send<IRouterMessage>(_market, get);
                break;
            case AskRouter ask when _router is { } router:
                effects.Send(router, ask.Question);
                break;
            case CommandExecutor command:
                Carry(command, effects);
                break;
            case CommandRisk command:
                if (_riskOrders.Count < OrdersMax)
                    _riskOrders.Add((command, _setup.Now()));
                // What came later would come behind what was ordered since.
                var self = Self;
                effects.Send<ISenderMessage>(_control, new SendOver(Hop.Router, command.Command)
                {
                    Until = effects.Now + OrderTriedFor,
                    Ended = ending =>
                    {
                        if (ending != PublishEnding.Confirmed)
                            self.Tell(new OrderGivenUp(command.Command, ending));
                    },
                });
                break;
            case ChangeRegistry change when _registry is not null:
                Register(OrderOf(change.Command), effects);
                if (change.ReplyTo is { } orderer)
                    effects.Send(orderer, new ChangeOrdered(PublishEnding.Confirmed));
                break;
            case ChangeRegistry change:
                // Whoever is the feed registers it. What came later would come behind what was ordered since.
                var askedBy = change.ReplyTo;
                effects.Send<ISenderMessage>(_sender, new SendOver(Hop.Feed, OrderOf(change.Command))
                {
                    Until = effects.Now + OrderTriedFor,
                    Ended = ending => askedBy?.Tell(new ChangeOrdered(ending)),
                });
                break;
            case ObserveFromOutside observed:
                // No chain tells it again.
                effects.Send<ISenderMessage>(_sender, Observation(observed.Observation) with { MustArrive = true });
                break;
            case AskRouter:
                _setup.Metrics.Fault("node", message.GetType().Name, $"{message.GetType().Name}: the role that it is for is another node's");
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(message), message.GetType().Name, "not a message of the node");
        }
    }

    private static IMessage OrderOf(IRegistryMessage change) => change switch
    {
        ChangeToken token => token.Command,
        ChangePool pool => pool.Command,
        _ => throw new ArgumentOutOfRangeException(nameof(change), change.GetType().Name, "nothing that a registry is told from elsewhere"),
    };

    /// <summary>
    /// A command goes to the one that executes, in its place among the solutions, and stays with the broker until it is durable in the journal.
    /// </summary>
    private void Carry(CommandExecutor order, Effects effects)
    {
        var (self, command) = (Self, order.Command);
        if (_orders.Count < OrdersMax)
            _orders.Add(new Order(command, order.ReplyTo));
        var isHalt = command is SetTradingState { State: TradingState.Halted };
        effects.Send<ISenderMessage>(_control, new SendOver(Hop.Results, command)
        {
            MustArrive = isHalt,
            // What came later would come behind what was ordered since.
            Until = isHalt ? null : effects.Now + OrderTriedFor,
            Ended = ending =>
            {
                if (ending == PublishEnding.Confirmed)
                    self.Tell(new OrderArrived(command));
                else if (!isHalt)
                    self.Tell(new OrderGivenUp(command, ending));
            },
        });
    }

    /// <summary>Whoever ordered is told, and nothing is kept of it: it does not arrive later.</summary>
    private void GiveUp(OrderGivenUp given, Effects effects)
    {
        var ended = new ExecutorCommandEnded(null, null) { NotTaken = given.Ending };
        foreach (var order in _orders.Where(order => ReferenceEquals(order.Command, given.Command)))
        {
            if (order.ReplyTo is { } asker)
                effects.Send(asker, ended);
        }

        foreach (var (order, _) in _riskOrders.Where(order => ReferenceEquals(order.Command.Command, given.Command)))
            effects.Send(order.ReplyTo, ended);
        _orders.RemoveAll(order => ReferenceEquals(order.Command, given.Command));
        _riskOrders.RemoveAll(order => ReferenceEquals(order.Command.Command, given.Command));
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

    /// <summary>This node itself need not hold a halt that is durable or on its way to whoever executes.</summary>
    private void Release(Order order)
    {
        if (order.Command is SetTradingState halt)
            _setup.Halt.Durable(halt);
    }

    private void ForgetOrders(TimeSpan now)
    {
        if (_journal.IsAside)
        {
            // Nothing is begun here, and whoever executes next has it from the broker: it must not be written again once this node executes anew.
            foreach (var order in _orders.Where(order => order.ArrivedAt is not null))
                Release(order);
        }

        foreach (var order in _orders.Where(IsOver))
            Release(order);
        _orders.RemoveAll(IsOver);
        _riskOrders.RemoveAll(order => now - order.At > OrderForgottenAfter);

        bool IsOver(Order order) => now - order.ArrivedAt > OrderForgottenAfter;
    }

    private void StartPools(Effects effects)
    {
        var self = Self;
        var publisher = _publisher.Adapt<IRouterMessage>(change => new MarketSaid(change));
        var subscribers = new MarketSubscribers(publisher, null);
        var shards = _shards = effects.Spawn(
            new Props<IShardMessage>(() => new ShardsActor(
                _link, (id, configuration) => new PoolActor(id, configuration, subscribers, _setup.Metrics, _setup.Health), _publisher, self, _setup.Metrics)),
            "pools");
        effects.Send<IMarketMessage>(_listener, new MarketTarget("pools", (change, to) =>
        {
            if (change is IPoolConfigurationEvent configured)
                to.Send<IShardMessage>(shards, new PoolConfigurationHeard(configured));
        }));
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

    private void StandBy(Turn turn, Effects effects)
    {
        var (self, hop, number, transport) = (Self, turn.Hop, ++_subscriptions, _link.Transport);
        turn.Subscribed = number;
        turn.Subscription = null;
        effects.RunAsync<ISubscription, INodeMessage>(
            cancellation => transport.SubscribeAsync(hop, UnendedMax, delivery => self.Tell(new TurnDelivered(hop, number, delivery, transport.Status.Connects)), cancellation),
            Self,
            subscription => new TurnSubscribed(hop, number, subscription),
            _ => new TurnSubscribed(hop, number, null));
        AskTurn(turn, effects);
    }

    private void AskTurn(Turn turn, Effects effects) => effects.Send<ISenderMessage>(
        _sender, new SendOver(turn.Hop, new TakeTurn(_link.Node, _link.Incarnation)) { Key = $"turn {turn.Hop.Name}", MustArrive = true });

    private Turn TurnOf(Hop hop) => hop == Hop.Feed ? _feedTurn : _routerTurn;

    private void Begin(TurnSubscribed subscribed, Effects effects)
    {
        var turn = TurnOf(subscribed.Hop);
        if (turn.Subscribed == subscribed.Subscribed && !_leaving)
            turn.Subscription = subscribed.Subscription;
        else
            End(subscribed.Subscription, effects);
    }

    private void Take(TurnDelivered delivered, Effects effects)
    {
        var (turn, delivery) = (TurnOf(delivered.Hop), delivered.Delivery);
        // It goes back with its subscription, which ends: returned by itself it would come again at once.
        if (turn.Subscribed != delivered.Subscribed || _leaving)
            return;

        // What came over a lost connection has gone to whoever has the turn by now.
        if (delivered.Connects != _link.Transport.Status.Connects)
            return;
        turn.Connects = delivered.Connects;
        turn.UnsureSince = null;
        if (!turn.IsMine)
        {
            turn.IsMine = true;
            if (turn == _routerTurn)
                StartRouter(effects);
            else
                Recover(effects);
        }

        switch (delivery.Message)
        {
            case TakeTurn:
                turn.Token?.Ack();
                (turn.Token, turn.TokenSince) = (delivery, _setup.Now());
                return;
            case RegisterToken or IPoolConfigurationMessage when turn == _feedTurn && _registry is null:
                _unregistered.Add(delivery);
                return;
            case RegisterToken or IPoolConfigurationMessage when turn == _feedTurn:
                Register(delivery.Message, effects);
                break;
            case TradeOutcome outcome when turn == _feedTurn && _feed is null:
                // No more than may be unended; what was acknowledged before the chain is there would never move it.
                _unsettled.Add((outcome, delivery));
                return;
            case TradeOutcome outcome when turn == _feedTurn:
                Settle(outcome, effects);
                break;
            case OptimizerReady { Optimizer: var name } when !Hop.IsWorker(name):
            case GetWholeSnapshot { Optimizer: var asker } when !Hop.IsWorker(asker):
                delivery.Refuse("an optimizer without a name that can be reached");
                return;
            case IRiskCommand command when turn == _routerTurn:
                if (_risk is { } risk)
                    effects.Send<IRiskMessage>(risk, new RiskAsked(command));
                break;
            case GetWholeSnapshot get when turn == _routerTurn:
                if (_offers.Tell(get) is { } whole)
                    Give(get.Optimizer, whole, effects);
                break;
            case TapeCutEnded ended when turn == _feedTurn:
                if (_feed is { } feed)
                    effects.Send<IFeedMessage>(feed, new TapeCutOver(ended.Tape, ended.Number));
                break;
            case IRouterMessage message when turn == _routerTurn && message is OptimizerReady or SnapshotSolved or SnapshotFailed or TradeOutcome or TapeCut:
                if (message is OptimizerReady said)
                    _offers.Hear(said);
                if (_router is { } router)
                    effects.Send(router, message);
                break;
            default:
                delivery.Refuse($"{delivery.Message.GetType().Name} is nothing that a {turn.Hop.Name} is told");
                return;
        }

        delivery.Ack();
    }

    /// <summary>A token that is held for long is exchanged for a new one; a turn that the broker may have given to another ends.</summary>
    private void Keep(Turn turn, TimeSpan now, Effects effects)
    {
        if (!turn.IsMine)
            return;
        if (turn.Token is not null && now - turn.TokenSince > TokenRenewedAfter)
        {
            turn.TokenSince = now;
            AskTurn(turn, effects);
        }

        if (turn.Connects == _link.Transport.Status.Connects && _link.Transport.Status.Connected)
            return;
        turn.UnsureSince ??= now;
        if (now - turn.UnsureSince > UnsureFor && turn.Actors.Count > 0)
        {
            foreach (var actor in turn.Actors)
                effects.Stop(actor);
        }
    }

    private void StartRouter(Effects effects)
    {
        var (self, number) = (Self, _routerTurn.Subscribed);
        var executor = _sender.Adapt<IExecutorMessage>(message => message is ExecuteSolution solution
            ? new SendOver(Hop.Results, solution) { MustArrive = true }
            : NothingToSend.Instance);
        _offers = new SnapshotOffers(RouterSetup.RemoteLease);
        ActorRef<IRouterMessage>? router = null;
        router = _router = effects.Spawn(
            Once<IRouterMessage>(() => new RouterActor(_setup.Router(executor, self, OptimizerAt))), $"router-{number}");
        var executors = _control.Adapt<IExecutorMessage>(message => new SendOver(Hop.Nodes, ((RiskHeard)message).Answer));
        var risk = _risk = effects.Spawn(Once<IRiskMessage>(() => _setup.CreateRisk(executors)), $"risk-{number}");
        _routerTurn.Actors.AddRange([router, risk]);
        if (_setup.FollowsChain)
            _routerTurn.Actors.Add(effects.Spawn(
                Once<FeedTermLook>(() => new FeedTermReader((read, to) => to.Send<IRouterMessage>(router, read))), $"read-term-{number}"));
        effects.Watch<INodeMessage>(router, Self, new TurnLost(Hop.Router, number));
        effects.Watch<INodeMessage>(risk, Self, new TurnLost(Hop.Router, number));
        effects.Send<IMarketMessage>(_listener, new MarketTarget("router", (change, to) =>
        {
            if (change is IRouterMessage heard)
                to.Send(router, heard);
        }));
        effects.Send<IRouterMessage>(router, new BeginRouting(_setup.Market.Pools.Length));
        Announce(effects);

        ActorRef<IOptimizerMessage> OptimizerAt(string name) => self.Adapt<IOptimizerMessage>(message => new WorkGiven(name, ((SolveWork)message).Snapshot));
    }

    /// <summary>To one optimizer's own queue. The lease covers its loss.</summary>
    private void Give(string optimizer, IMessage work, Effects effects)
    {
        _setup.Board.Offers = new OfferStatus(_offers.Changes, _offers.Whole, _offers.Asked);
        var router = _router;
        effects.Send<ISenderMessage>(_sender, new SendOver(Hop.Solve(optimizer), work)
        {
            Ended = ending =>
            {
                if (ending == PublishEnding.NoReceiver)
                    router?.Tell(new OptimizerGone(optimizer));
            },
        });
    }

    private void Recover(Effects effects)
    {
        var (recover, number) = (_setup.Recover, _feedTurn.Subscribed);
        effects.RunAsync<NodeRecovery, INodeMessage>(
            recover,
            Self,
            recovery => new ChainRecovered(number, recovery, null),
            failure => new ChainRecovered(number, null, failure.Reason));
    }

    private void StartFeed(ChainRecovered recovered, Effects effects)
    {
        if (recovered.Subscribed != _feedTurn.Subscribed || _leaving)
            return;
        if (recovered.Recovery is not { } recovery)
        {
            _setup.Metrics.Fault("feed", "recovery", $"feed: the journal could not be read ({recovered.Error}); it is read again");
            _setup.Health.Failed(AppendStatus.Broken, recovered.Error ?? "it could not be read");
            effects.Schedule<INodeMessage>($"recover-{recovered.Subscribed}", RecoverAgainAfter, Self, new RecoverAgain(recovered.Subscribed));
            return;
        }

        if (!_setup.FollowsChain)
        {
            StartFeed(recovery, 0, effects);
            return;
        }

        _recovered = recovery;
        var (begun, number) = (Self.Adapt<FeedStarted>(started => new FeedTermBegun(recovered.Subscribed, started.Term)), recovered.Subscribed);
        var term = effects.Spawn(Once<FeedTermLook>(() => new FeedTermActor(_link.Node, begun, _setup.Health)), $"term-{number}");
        _feedTurn.Actors.Add(term);
        effects.Watch<INodeMessage>(term, Self, new TurnLost(Hop.Feed, number));
    }

    private void StartFeed(NodeRecovery recovery, long term, Effects effects)
    {
        _recovered = null;
        var (self, number, mustArrive) = (Self, _feedTurn.Subscribed, _setup.FollowsChain);
        var pools = _sender.Adapt<IPoolMessage>(
            message => message is ObserveReserves observed ? Observation(observed) with { MustArrive = mustArrive } : NothingToSend.Instance);
        var told = 0L;
        var subscribers = new MarketSubscribers(
            _publisher.Adapt<IRouterMessage>(change => new MarketSaid(change switch
            {
                TrustFrom trust => trust with { Term = term, Number = Interlocked.Increment(ref told) },
                SlotObserved observed => observed with { Term = term },
                _ => change,
            })),
            null);
        var registry = _registry = effects.Spawn(
            Once<IRegistryMessage>(() => new RegistryActor(
                (id, owner) => new TokenActor(id, subscribers, owner, _setup.Metrics, _setup.Health),
                (id, owner) => new PoolConfigurationActor(id, subscribers, pools, owner, _setup.Metrics, _setup.Health),
                self)),
            $"registry-{number}");
        var router = _sender.Adapt<IRouterMessage>(message => new SendOver(Hop.Router, message) { Key = "tape: cut" });
        var feed = _feed = effects.Spawn(
            Once(() => _setup.CreateFeed(recovery, new FeedParts(pools, registry, subscribers, _setup.FeedMetrics, router) { Stood = recovery.Slots })), $"feed-{number}");
        _feedTurn.Actors.AddRange([registry, feed]);
        effects.Watch<INodeMessage>(feed, Self, new TurnLost(Hop.Feed, number));
        effects.Watch<INodeMessage>(registry, Self, new TurnLost(Hop.Feed, number));
        // What persons changed since this node started, and before, stands whatever its market file says; that a pool is retired is told again to all.
        effects.Send<IRegistryMessage>(registry, new RegisterMarket(
            recovery.Operate(_setup.Market), [.. recovery.Operated.Where(pool => pool.Retired).Select(pool => pool.Pool!.Id)]));
        foreach (var delivery in _unregistered)
        {
            Register(delivery.Message, effects);
            delivery.Ack();
        }

        _unregistered.Clear();
        foreach (var (outcome, delivery) in _unsettled)
        {
            Settle(outcome, effects);
            delivery.Ack();
        }

        _unsettled.Clear();
        Announce(effects);
    }

    /// <summary>A simulated feed hears of it too: what persons add lives on its chain at once. A chain that is followed has what it has.</summary>
    private void Register(IMessage order, Effects effects)
    {
        if (order is RegisterToken token)
        {
            if (_feed is { } feed && !_setup.FollowsChain)
                effects.Send<IFeedMessage>(feed, new TokenOnChain(token.Token));
            effects.Send<IRegistryMessage>(_registry!, new ChangeToken(token));
        }
        else
            effects.Send<IRegistryMessage>(_registry!, new ChangePool((IPoolConfigurationMessage)order, _setup.FollowsChain ? null : _feed));
    }

    /// <summary>What begins a turn is told once: one that fails gives the turn back, and whoever takes it begins anew.</summary>
    private static Props<TMessage> Once<TMessage>(Func<Actor<TMessage>> create)
        where TMessage : class => new(create) { Supervision = SupervisionPolicy.Stop };

    private static SendOver Observation(ObserveReserves observed) =>
        new(Hop.Pools(Shards.Of(observed.PoolId)), observed) { Key = observed.PoolId.Value };

    /// <summary>An outcome moves the chain once, however often it is told.</summary>
    private void Settle(TradeOutcome outcome, Effects effects)
    {
        if (!_settled.Add(outcome.TradeId))
            return;
        _settledOrder.Enqueue(outcome.TradeId);
        if (_settledOrder.Count > SettledMax)
            _settled.Remove(_settledOrder.Dequeue());
        if (_feed is { } feed)
            effects.Send<IFeedMessage>(feed, new SettleOnChain(outcome));
    }

    /// <summary>What acted has stopped: fenced by the journal, or by order. Unless the node leaves it stands by again.</summary>
    private void Lose(TurnLost lost, Effects effects)
    {
        var turn = TurnOf(lost.Hop);
        if (turn.Subscribed != lost.Subscribed)
            return;
        foreach (var actor in turn.Actors)
            effects.Stop(actor);
        GiveBack(turn, effects);
        if (_leaving)
            EndDrainIfLeft(effects);
        else
            StandBy(turn, effects);
    }

    /// <summary>Nobody acts here any more; what was delivered and not ended goes to the next.</summary>
    private void GiveBack(Turn turn, Effects effects)
    {
        if (turn == _routerTurn)
        {
            (_router, _risk) = (null, null);
            effects.Send<IMarketMessage>(_listener, new MarketTarget("router", null));
        }
        else
        {
            (_feed, _registry, _recovered) = (null, null, null);
            _unsettled.Clear();
            _unregistered.Clear();
            effects.Send<IMarketMessage>(_publisher, new TrustForgotten());
        }

        turn.Actors.Clear();
        (turn.IsMine, turn.Token, turn.UnsureSince) = (false, null, null);
        End(turn.Subscription, effects);
        turn.Subscription = null;
    }

    private void End(ISubscription? subscription, Effects effects)
    {
        if (subscription is null)
            return;
        effects.RunAsync<string, INodeMessage>(
            async _ =>
            {
                await subscription.DisposeAsync().ConfigureAwait(false);
                return "";
            },
            Self,
            _ => new EndedInPassing(),
            _ => new EndedInPassing());
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
