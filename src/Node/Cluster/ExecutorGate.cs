using QTrade.Actors;
using QTrade.Broker;
using QTrade.Markets;
using QTrade.Messages;
using QTrade.Messages.Execution;
using QTrade.Messages.Pools;
using QTrade.Messages.Routing;
using QTrade.Node.Actors;
using QTrade.Node.Simulation;

namespace QTrade.Node.Cluster;

/// <summary>
/// Stands between the hop of results and the executor: the first solution that is delivered has the executor recover, since of all nodes only the
/// active one gets any; a solution is acknowledged once the outcomes of all its routes are durable and on their way to the router.
/// </summary>
public sealed class ExecutorGate : Actor<IExecutorGateMessage>
{
    /// <summary>Solutions unacknowledged at most: more than may be outstanding, so that what a new router repeats fits too.</summary>
    public const int UnendedMax = 500;

    private const string WholeTimer = "whole";
    internal const string TargetName = "executor";

    private static readonly TimeSpan WholePatience = TimeSpan.FromSeconds(3);

    private readonly ClusterLink _link;
    private readonly int _pools;
    private readonly ActorRef<ISenderMessage> _sender;
    private readonly ActorRef<IMarketMessage> _listener;
    private readonly Func<ActorRef<IRouterMessage>, ActorRef<IFeedMessage>, ExecutorActor> _create;
    private readonly List<Waiting> _deliveries = [];
    private readonly HashSet<PoolId> _seen = [];
    private ActorRef<IExecutorMessage>? _executor;
    private long _executors;
    private long _epoch;

    /// <param name="link">The cluster.</param>
    /// <param name="pools">Pools of the whole market.</param>
    /// <param name="sender">Publishes outcomes.</param>
    /// <param name="listener">Tells the market.</param>
    /// <param name="create">Makes the executor from whom it tells outcomes and fills.</param>
    public ExecutorGate(
        ClusterLink link,
        int pools,
        ActorRef<ISenderMessage> sender,
        ActorRef<IMarketMessage> listener,
        Func<ActorRef<IRouterMessage>, ActorRef<IFeedMessage>, ExecutorActor> create) =>
        (_link, _pools, _sender, _listener, _create) = (link, pools, sender, listener, create);

    public override void OnStart(Effects effects)
    {
        var self = Self;
        effects.RunAsync<ISubscription, IExecutorGateMessage>(
            cancellation => _link.Transport.SubscribeAsync(Hop.Results, UnendedMax, delivery => self.Tell(new ResultDelivered(delivery)), cancellation),
            Self,
            _ => new MarketWhole(),
            _ => new MarketWhole());
    }

    public override void Handle(IExecutorGateMessage message, Effects effects)
    {
        switch (message)
        {
            case ResultDelivered { Delivery: { Message: ExecuteSolution solution } delivery }:
                Take(solution, delivery, effects);
                break;
            case ResultDelivered delivered:
                delivered.Delivery.Refuse($"{delivered.Delivery.Message.GetType().Name} is no solution");
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
            case ExecutorSteered steered:
                Recover(effects);
                effects.Send<IExecutorMessage>(_executor!, steered.Message);
                break;
            case ExecutorLost:
                Lose(effects);
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

    private void Recover(Effects effects)
    {
        if (_executor is not null)
            return;
        var self = Self;
        var router = Self.Adapt<IRouterMessage>(message => new OutcomeSaid((TradeOutcome)message));
        var feed = _sender.Adapt<IFeedMessage>(message => message is SettleOnChain settled
            ? new SendOver(Hop.Feed, settled.Outcome) { MustArrive = true }
            : NothingToSend.Instance);
        var executor = _executor = effects.Spawn(new Props<IExecutorMessage>(() => _create(router, feed)), $"executor-{++_executors}");
        effects.Watch<IExecutorGateMessage>(executor, Self, new ExecutorLost());
        _seen.Clear();
        effects.Send<IMarketMessage>(_listener, new MarketTarget(TargetName, (change, to) => to.Send<IExecutorGateMessage>(self, new MarketHeard(change))));
        effects.Schedule<IExecutorGateMessage>(WholeTimer, WholePatience, Self, new MarketWhole());
    }

    private void Hear(IMessage change, Effects effects)
    {
        if (_executor is not { } executor || change is not IExecutorMessage heard)
            return;
        effects.Send(executor, heard);
        if (change is ReservesChanged changed && _seen.Add(changed.PoolId) && _seen.Count == _pools)
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

    /// <summary>What it held comes again, to whoever executes now.</summary>
    private void Lose(Effects effects)
    {
        _executor = null;
        effects.Send<IMarketMessage>(_listener, new MarketTarget(TargetName, null));
        foreach (var waiting in _deliveries)
            waiting.Delivery.Return();
        _deliveries.Clear();
    }

    private sealed record Waiting(SnapshotId Snapshot, HashSet<int> Routes, Delivery Delivery);
}
