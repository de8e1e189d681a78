using QTrade.Actors;
using QTrade.Actors.Journal;
using QTrade.Actors.Supervision;
using QTrade.Broker;
using QTrade.Markets;
using QTrade.Messages.Execution;
using QTrade.Messages.Pools;
using QTrade.Messages.Routing;
using QTrade.Node.Feeds;
using QTrade.Node.Simulation;

namespace QTrade.Node.Actors;

/// <summary>
/// The node's first actor: makes all others, has the market registered, then lets feed and router begin. A failure in router, executor, registry
/// or feed restarts all of them from the journal, which is read anew: start-up and recovery are one path. A pool that fails restarts alone.
/// </summary>
/// <param name="setup">What the node is made of.</param>
/// <param name="recovered">What the journal told when the process started; null after a restart within it, as it tells more by then.</param>
public sealed class NodeActor(NodeSetup setup, NodeRecovery? recovered) : Actor<INodeMessage>
{
    private const string DrainTimer = "drain";
    private const string RecoverTimer = "recover";

    private static readonly TimeSpan RecoverAgainAfter = TimeSpan.FromSeconds(1);

    private ActorRef<IExecutorMessage> _executor = null!;
    private ActorRef<IRouterMessage> _router = null!;
    private ActorRef<IPoolMessage> _pools = null!;
    private ActorRef<IRegistryMessage> _registry = null!;
    private ActorRef<IFeedMessage> _feed = null!;
    private ActorRef<IRiskMessage> _risk = null!;
    private ActorRef<NodeDrained>? _drainedTo;
    private Market? _market;
    private bool _hasLeft;

    public override void OnStart(Effects effects)
    {
        if (recovered is not null)
            Begin(recovered, effects);
        else
            Recover(effects);
    }

    public override void Handle(INodeMessage message, Effects effects)
    {
        switch (message)
        {
            // Nothing runs: what was in flight is in the journal, and nothing of it is begun.
            case DrainNode drain when _market is null:
                _hasLeft = true;
                effects.Send(drain.ReplyTo, new NodeDrained(Clean: false));
                break;
            case NodeRecovered or RecoverNode when _hasLeft:
                break;
            case NodeRecovered { Recovery: { } recovery }:
                Begin(recovery, effects);
                effects.Unstash();
                break;
            case NodeRecovered failed:
                setup.Metrics.Fault("node", "recovery", $"node: the journal could not be read ({failed.Error}); it is read again");
                setup.Health.Failed(AppendStatus.Broken, failed.Error ?? "it could not be read");
                effects.Schedule<INodeMessage>(RecoverTimer, RecoverAgainAfter, Self, new RecoverNode());
                break;
            case RecoverNode:
                Recover(effects);
                break;
            case var _ when _market is null:
                effects.Stash();
                break;
            default:
                Handle(message, _market, effects);
                break;
        }
    }

    private void Recover(Effects effects) => effects.RunAsync<NodeRecovery, INodeMessage>(
        setup.Recover, Self, recovery => new NodeRecovered(recovery, null), failure => new NodeRecovered(null, failure.Reason));

    private void Begin(NodeRecovery recovery, Effects effects)
    {
        // What makes the children lives as long as they do: it holds nothing else of what was recovered.
        var (self, unfinished, slots) = (Self, recovery.UnfinishedTrades, recovery.Slots);
        _executor = effects.Spawn(Child(() => setup.CreateExecutor(unfinished, _router, _feed, _risk)), "executor");
        _risk = effects.Spawn(Child(() => setup.CreateRisk(_executor)), "risk");
        _router = effects.Spawn(Child(() => new RouterActor(setup.Router(_executor, self))), "router");
        var subscribers = new MarketSubscribers(_router, _executor);
        _pools = effects.Spawn(
            Child<IPoolMessage>(() => new PoolsActor(
                (id, configuration) => new PoolActor(id, configuration, subscribers, setup.Metrics, setup.Health), setup.Metrics)),
            "pools");
        _registry = effects.Spawn(
            Child<IRegistryMessage>(() => new RegistryActor(
                (id, registry) => new TokenActor(id, subscribers, registry, setup.Metrics, setup.Health),
                (id, registry) => new PoolConfigurationActor(id, subscribers, _pools, registry, setup.Metrics, setup.Health),
                self)),
            "registry");
        _feed = effects.Spawn(
            Child(() => setup.CreateFeed(new FeedParts(_pools, _registry, subscribers, setup.Feed, _router) { Stood = slots })), "feed");
        var register = setup.Register(recovery);
        _market = register.Market;
        effects.Send<IRegistryMessage>(_registry, register);
    }

    private void Handle(INodeMessage message, Market market, Effects effects)
    {
        switch (message)
        {
            case MarketRegistered:
                effects.Send<IFeedMessage>(_feed, new StartFeed());
                effects.Send<IRouterMessage>(_router, new BeginRouting(market.Pools.Length));
                break;
            case ObserveFromOutside observed:
                effects.Send<IPoolMessage>(_pools, observed.Observation);
                break;
            case ChangeRegistry change:
                if (setup.IsSimulated && change.Command is ChangeToken token)
                    effects.Send<IFeedMessage>(_feed, new TokenOnChain(token.Command.Token));
                effects.Send(_registry, setup.IsSimulated && change.Command is ChangePool pool ? pool with { Feed = _feed } : change.Command);
                if (change.ReplyTo is { } orderer)
                    effects.Send(orderer, new ChangeOrdered(PublishEnding.Confirmed));
                break;
            case CommandExecutor command:
                effects.Send<IExecutorMessage>(_executor, new SteerExecutor(command.Command, command.HaltsBefore, command.ReplyTo));
                break;
            case CommandRisk command:
                effects.Send<IRiskMessage>(_risk, new RiskAsked(command.Command, command.ReplyTo));
                break;
            case AskRouter ask:
                effects.Send(_router, ask.Question);
                break;
            case DrainNode drain:
                Drain(drain, effects);
                break;
            case TapeEnded ended:
                effects.Send<IFeedMessage>(_feed, new TapeCutOver(ended.Tape, ended.Number));
                break;
            case RouterDrained:
                EndDrain(clean: true, effects);
                break;
            case DrainOverdue:
                EndDrain(clean: false, effects);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(message), message.GetType().Name, "not a message of the node");
        }
    }

    private void Drain(DrainNode drain, Effects effects)
    {
        _drainedTo = drain.ReplyTo;
        effects.Send<IFeedMessage>(_feed, new StopFeed());
        effects.Send<IRouterMessage>(_router, new DrainRouter());
        effects.Schedule<INodeMessage>(DrainTimer, drain.Patience, Self, new DrainOverdue());
    }

    private void EndDrain(bool clean, Effects effects)
    {
        if (_drainedTo is not { } to)
            return;
        _drainedTo = null;
        effects.CancelTimer(DrainTimer);
        effects.Send(to, new NodeDrained(clean));
    }

    private static Props<TMessage> Child<TMessage>(Func<Actor<TMessage>> create)
        where TMessage : class => new(create) { Supervision = SupervisionPolicy.Escalate };
}
