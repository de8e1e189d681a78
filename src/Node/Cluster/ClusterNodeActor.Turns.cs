using QTrade.Actors;
using QTrade.Actors.Journal;
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

/// <summary>Which node feeds and which one routes: turns are asked for, taken, kept, given back and lost.</summary>
public sealed partial class ClusterNodeActor
{
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

    private static SendOver Observation(ObserveReserves observed) =>
        new(Hop.Pools(Shards.Of(observed.PoolId)), observed) { Key = observed.PoolId.Value };

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
}
