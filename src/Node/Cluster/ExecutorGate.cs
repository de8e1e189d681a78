using QTrade.Actors;
using QTrade.Actors.Supervision;
using QTrade.Broker;
using QTrade.Markets;
using QTrade.Messages;
using QTrade.Messages.Cluster;
using QTrade.Messages.Execution;
using QTrade.Messages.Pools;
using QTrade.Messages.Routing;
using QTrade.Node.Actors;
using QTrade.Node.Simulation;
using QTrade.Trading.Cluster;
using QTrade.Trading.Execution;

namespace QTrade.Node.Cluster;

/// <summary>
/// Stands between the hop of results and the executor: the first solution that is delivered has the executor recover, since of all nodes only the
/// active one gets any; a solution is acknowledged once the outcomes of all its routes are durable and on their way to the router. Orders come the same
/// way: a halt holds before any mailbox, each is written in its place by the one who executes, acknowledged once it is durable, and told to all.
/// </summary>
public sealed class ExecutorGate : Actor<IExecutorGateMessage>
{
    /// <summary>Solutions unacknowledged at most: more than may be outstanding, so that what a new router repeats fits too.</summary>
    public const int UnendedMax = 500;

    /// <summary>Executors that may end one after the other while a halt is ordered and not durable: then this node executes no more, rather than for ever begin what cannot be halted.</summary>
    public const int UnhaltedMax = 10;

    private const string WholeTimer = "whole";
    private const string ControlTimer = "control";
    internal const string TargetName = "executor";

    /// <summary>How long a market that is not yet whole is waited for: the pools of a node that is gone may be without an owner for longer, and the others trade on.</summary>
    public static readonly TimeSpan WholePatience = TimeSpan.FromMilliseconds(1500);

    private static readonly TimeSpan AgainAfter = TimeSpan.FromSeconds(1);

    private readonly ClusterSetup _setup;
    private readonly ClusterLink _link;
    private readonly ActorRef<ISenderMessage> _sender;
    private readonly ActorRef<ISenderMessage> _control;
    private readonly ActorRef<IMarketMessage> _listener;
    private readonly List<Waiting> _deliveries = [];
    private readonly List<Delivery> _obeying = [];
    private readonly HashSet<PoolId> _seen = [];
    private ActorRef<IExecutorMessage>? _executor;
    private ActorRef<FeedTermLook>? _term;
    private ISubscription? _subscription;
    private long _subscribed;
    private long _executors;
    private long _epoch;
    private long _connects;
    private long _haltsBefore;
    private long _told;
    private long _again;
    private SetTradingState? _brought;
    private long _broughtOver;
    private int _unhalted;
    private bool _isGivenUp;

    /// <param name="setup">What the node is made of.</param>
    /// <param name="sender">Publishes outcomes.</param>
    /// <param name="control">Publishes what is in force.</param>
    /// <param name="listener">Tells the market.</param>
    public ExecutorGate(ClusterSetup setup, ActorRef<ISenderMessage> sender, ActorRef<ISenderMessage> control, ActorRef<IMarketMessage> listener) =>
        (_setup, _link, _sender, _control, _listener) = (setup, setup.Link, sender, control, listener);

    public override void OnStart(Effects effects)
    {
        Subscribe(effects);
        effects.ScheduleRepeatedly<IExecutorGateMessage>(ControlTimer, ClusterTiming.ControlEvery, Self, ControlTold.Instance);
    }

    private void Subscribe(Effects effects)
    {
        var (self, halt, transport, number) = (Self, _setup.Halt, _link.Transport, ++_subscribed);
        effects.RunAsync<ISubscription, IExecutorGateMessage>(
            cancellation => transport.SubscribeAsync(
                Hop.Results,
                UnendedMax,
                delivery =>
                {
                    var halts = delivery.Message is not SetTradingState { State: TradingState.Halted } order ? 0
                        : halt.Ordered() is { } known && (ControlOrders.AreSame(order, known) || known.At > order.At) ? halt.Orders
                        : halt.Halt(order);
                    self.Tell(new ResultDelivered(delivery, transport.Status.Connects, number, halts));
                },
                cancellation),
            Self,
            subscription => new ResultsSubscribed(number, subscription),
            _ => new ResultsSubscribed(number, null));
    }

    public override void Handle(IExecutorGateMessage message, Effects effects)
    {
        switch (message)
        {
            case ResultsSubscribed subscribed when subscribed.Subscribed == _subscribed:
                _subscription = subscribed.Subscription;
                break;
            case ResultsSubscribed late:
                End(late.Subscription, effects);
                break;
            case ResultsEnded:
                break;
            case ExecutorAside { IsAside: true }:
                StandAside(effects);
                break;
            case ExecutorAside:
                if (!_isGivenUp)
                    Subscribe(effects);
                break;
            case ResultDelivered delivered when delivered.Connects != _link.Transport.Status.Connects || delivered.Subscribed != _subscribed:
                Disown(delivered.Delivery);
                break;
            case ResultDelivered { Delivery: { IsShownOnly: true, Message: var content } }:
                EndIfReplaced(effects);
                if (content is SetTradingState { State: TradingState.Halted } shown)
                    _ = Hold(shown, 0);
                break;
            case ResultDelivered { Delivery: { Message: ExecuteSolution solution } delivery }:
                Take(solution, delivery, effects);
                break;
            case ResultDelivered { Delivery: { Message: SetTradingState or SetRiskLimits } delivery } ordered:
                Obey((IExecutorCommand)delivery.Message, delivery, ordered.Halts, effects);
                break;
            case ResultDelivered delivered:
                delivered.Delivery.Refuse($"{delivered.Delivery.Message.GetType().Name} is nothing to execute or obey");
                break;
            case OutcomeSaid said:
                Tell(said.Outcome, effects);
                break;
            case OutcomeArrived arrived:
                End(arrived.Outcome);
                break;
            case MarketHeard heard:
                Hear(heard.Change, effects);
                break;
            case MarketWhole:
                if (_executor is { } executor)
                    effects.Send<IExecutorMessage>(executor, new BeginExecuting());
                break;
            case RiskSaid said:
                if (_executor is { } leasing)
                    effects.Send<IExecutorMessage>(leasing, new RiskHeard(said.Answer));
                break;
            case OrderObeyed obeyed:
                Obeyed(obeyed, effects);
                break;
            case ControlTold:
                EndIfReplaced(effects);
                if (_executor is not null && _setup.Board.IsExecutorShown)
                    Tell(ControlOrders.Tell(_setup.Board.Executor, _link.Incarnation, ++_told), "control", effects);
                break;
            case ExecutorLost lost when lost.Executor == _executor:
                var unwritten = _setup.Halt.Ordered();
                _unhalted = unwritten is null ? 0 : _unhalted + 1;
                if (unwritten is null || _unhalted < UnhaltedMax)
                    Lose(effects);
                else
                    GiveUp(unwritten, effects);
                break;
            case ExecutorLost:
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(message), message.GetType().Name, "not a message of an executor's gate");
        }
    }

    private void Take(ExecuteSolution solution, Delivery delivery, Effects effects)
    {
        Recover(effects);
        if (solution.Epoch > _epoch)
        {
            _epoch = solution.Epoch;
            // What an older router published is published again by the one that replaced it.
            foreach (var older in _deliveries)
                older.Delivery.Ack();
            _deliveries.Clear();
        }
        else if (solution.Epoch < _epoch)
        {
            delivery.Ack();
            return;
        }

        var routes = solution.Routes.Select(route => route.Index).ToHashSet();
        if (routes.Count == 0)
        {
            delivery.Ack();
            return;
        }

        _deliveries.Add(new Waiting(solution.SnapshotId, routes, delivery));
        effects.Send<IExecutorMessage>(_executor!, solution);
    }

    /// <summary>An order in its place: a resumption lifts the halts before it, and no other.</summary>
    private void Obey(IExecutorCommand command, Delivery delivery, long halts, Effects effects)
    {
        Recover(effects);
        if (command is SetTradingState { State: TradingState.Halted } halt)
        {
            halts = Hold(halt, halts);
            if (_setup.Halt.Ordered() is { } ordered && ControlOrders.AreSame(ordered, halt))
                command = ordered;
            _haltsBefore = Math.Max(_haltsBefore, halts);
        }

        if (!_obeying.Contains(delivery))
            _obeying.Add(delivery);
        effects.Send<IExecutorMessage>(
            _executor!, new SteerExecutor(command, _haltsBefore, Self.Adapt<ExecutorCommandEnded>(ended => new OrderObeyed(delivery, command, ended))));
    }

    private void Obeyed(OrderObeyed obeyed, Effects effects)
    {
        if (!_obeying.Contains(obeyed.Delivery))
            return;
        if (obeyed.Ended.NotWritten is not null)
        {
            effects.Schedule<IExecutorGateMessage>($"again-{++_again}", AgainAfter, Self, new ResultDelivered(obeyed.Delivery, _connects, _subscribed, 0));
            return;
        }

        _obeying.Remove(obeyed.Delivery);
        obeyed.Delivery.Ack();
        _unhalted = 0;
        var stands = ControlOrders.Tell(_setup.Board.Executor, _link.Incarnation, ++_told);
        Tell(
            obeyed.Ended.Refusal is { } refusal ? stands with { Refused = ControlOrders.Refuse(obeyed.Command, refusal) } : ControlOrders.Tell(stands, obeyed.Command),
            null,
            effects);
    }

    private void Tell(ControlHeartbeat told, string? key, Effects effects) =>
        effects.Send<ISenderMessage>(_control, new SendOver(Hop.Nodes, told) { Key = key });

    /// <summary>
    /// With its connection an executor has lost the turn, and another may have halted since: the next delivery has a new one recover.
    /// </summary>
    private void EndIfReplaced(Effects effects)
    {
        var connects = _link.Transport.Status.Connects;
        if (_broughtOver != connects)
            DisownBrought();
        if (_executor is not { } executor || connects == _connects)
            return;
        effects.Stop(executor);
        foreach (var order in _obeying)
            Disown(order);
        Lose(effects);
    }

    /// <summary>
    /// A halt that came over a lost connection comes again, to whoever executes: that one writes it, and nobody would tell this node that it was lifted.
    /// One that was given at this node stays.
    /// </summary>
    private void Disown(Delivery delivery)
    {
        if (delivery.Message is SetTradingState { State: TradingState.Halted } halt)
            _setup.Halt.Durable(halt);
    }

    /// <summary>Of the halts that came from the broker the one that holds here, as of this connection: it may be shown before it comes, and come again.</summary>
    /// <returns>How many halts were ordered with it, where it holds from now on; else what was given.</returns>
    private long Hold(SetTradingState halt, long halts)
    {
        if (_setup.Halt.Ordered() is null)
            halts = _setup.Halt.Halt(halt);
        if (ReferenceEquals(_setup.Halt.Ordered(), halt))
            (_brought, _broughtOver) = (halt, _link.Transport.Status.Connects);
        return halts;
    }

    private void DisownBrought()
    {
        if (_brought is { } brought)
            _setup.Halt.Durable(brought);
        _brought = null;
    }

    private void Recover(Effects effects)
    {
        EndIfReplaced(effects);
        if (_executor is not null)
            return;
        _connects = _link.Transport.Status.Connects;
        var self = Self;
        var router = Self.Adapt<IRouterMessage>(message => new OutcomeSaid((TradeOutcome)message));
        var feed = _sender.Adapt<IFeedMessage>(message => message is SettleOnChain settled
            ? new SendOver(Hop.Feed, settled.Outcome) { MustArrive = true }
            : NothingToSend.Instance);
        var risk = _control.Adapt<IRiskMessage>(message => RiskCommand(((RiskAsked)message).Command));
        // It is told once that the market is whole: of one that fails the deliveries go back, and the next of them has a new one recover.
        var executor = _executor = effects.Spawn(
            new Props<IExecutorMessage>(() => _setup.CreateExecutor(router, feed, risk)) { Supervision = SupervisionPolicy.Stop }, $"executor-{++_executors}");
        effects.Watch<IExecutorGateMessage>(executor, Self, new ExecutorLost(executor));
        if (_setup.FollowsChain)
            _term = effects.Spawn(
                new Props<FeedTermLook>(() => new FeedTermReader((read, to) => to.Send<IExecutorMessage>(executor, read))) { Supervision = SupervisionPolicy.Stop },
                $"read-term-{_executors}");
        _setup.Board.IsExecuting = true;
        _seen.Clear();
        effects.Send<IMarketMessage>(_listener, new MarketTarget(TargetName, (change, to) => to.Send<IExecutorGateMessage>(self, new MarketHeard(change))));
        effects.Schedule<IExecutorGateMessage>(WholeTimer, WholePatience, Self, new MarketWhole());
    }

    /// <summary>What is repeated until it is answered may be lost; that trading was resumed may not.</summary>
    private static SendOver RiskCommand(IRiskCommand command) => command is ResetRisk
        ? new SendOver(Hop.Router, command) { MustArrive = true }
        : new SendOver(Hop.Router, command) { Key = "risk" };

    private void Hear(IMessage change, Effects effects)
    {
        if (_executor is not { } executor || change is not IExecutorMessage heard)
            return;
        effects.Send(executor, heard);
        if (change is ReservesChanged changed && _seen.Add(changed.PoolId) && _seen.Count == _setup.Market.Pools.Length)
            effects.Send<IExecutorMessage>(executor, new BeginExecuting());
    }

    private void Tell(TradeOutcome outcome, Effects effects)
    {
        var self = Self;
        effects.Send<ISenderMessage>(_sender, new SendOver(Hop.Router, outcome)
        {
            MustArrive = true,
            Ended = ending =>
            {
                if (ending == PublishEnding.Confirmed)
                    self.Tell(new OutcomeArrived(outcome));
            },
        });
    }

    private void End(TradeOutcome outcome)
    {
        foreach (var waiting in _deliveries)
        {
            if (waiting.Snapshot == outcome.SnapshotId)
                waiting.Routes.Remove(outcome.RouteIndex);
            if (waiting.Routes.Count == 0)
                waiting.Delivery.Ack();
        }

        _deliveries.RemoveAll(waiting => waiting.Routes.Count == 0);
    }

    /// <summary>
    /// Nothing that this node's journal does not answer is waited for: all that was delivered goes, with its subscription, to whoever executes next. A halt among
    /// it is that one's to write, as over a lost connection.
    /// </summary>
    private void StandAside(Effects effects)
    {
        _subscribed++;
        if (_executor is { } executor)
            effects.Stop(executor);
        foreach (var order in _obeying)
            Disown(order);
        DisownBrought();
        _obeying.Clear();
        _deliveries.Clear();
        Forget(effects);
        End(_subscription, effects);
        _subscription = null;
    }

    /// <summary>
    /// Whatever ends executors that are to write a halt: they trade nothing meanwhile, and would be begun for ever. What was delivered goes to the next, who may be
    /// able to; where nobody is, nobody executes.
    /// </summary>
    private void GiveUp(SetTradingState halt, Effects effects)
    {
        _setup.Metrics.Fault(
            "executor",
            "unhalted",
            $"executor: {UnhaltedMax} executors ended one after the other before the halt of {halt.At:u} ({new TradingStateReason(halt.Reason, halt.Detail) { By = halt.By }.Describe()}) was written: this node executes nothing until it is started anew");
        _isGivenUp = true;
        StandAside(effects);
    }

    private void Forget(Effects effects)
    {
        if (_term is { } term)
            effects.Stop(term);
        (_executor, _term) = (null, null);
        _setup.Board.IsExecuting = false;
        _setup.Board.Unleased = null;
        effects.Send<IMarketMessage>(_listener, new MarketTarget(TargetName, null));
    }

    private void End(ISubscription? subscription, Effects effects)
    {
        if (subscription is null)
            return;
        effects.RunAsync<string, IExecutorGateMessage>(
            async _ =>
            {
                await subscription.DisposeAsync().ConfigureAwait(false);
                return "";
            },
            Self,
            _ => new ResultsEnded(),
            _ => new ResultsEnded());
    }

    /// <summary>What it held comes again, to whoever executes now.</summary>
    private void Lose(Effects effects)
    {
        Forget(effects);
        foreach (var waiting in _deliveries)
            waiting.Delivery.Return();
        _deliveries.Clear();
        foreach (var order in _obeying)
            order.Return();
        _obeying.Clear();
    }

    private sealed record Waiting(SnapshotId Snapshot, HashSet<int> Routes, Delivery Delivery);
}
