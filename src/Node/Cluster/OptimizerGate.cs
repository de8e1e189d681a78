using QTrade.Actors;
using QTrade.Broker;
using QTrade.Messages;
using QTrade.Messages.Cluster;
using QTrade.Messages.Routing;
using QTrade.Node.Actors;
using QTrade.Trading.Cluster;

namespace QTrade.Node.Cluster;

/// <summary>
/// Stands before an optimizer as its router: passes on what it says to the cluster's router, whichever node that is on, and says again that it is
/// idle, since a router that began meanwhile has not heard it.
/// </summary>
public sealed class OptimizerGate : Actor<IRouterMessage>
{
    private const string ReadyTimer = "ready";

    private static readonly TimeSpan ReadyEvery = TimeSpan.FromMilliseconds(250);

    private readonly ClusterLink _link;
    private readonly string _name;
    private readonly ActorRef<ISenderMessage> _sender;
    private readonly Func<ActorRef<IRouterMessage>, OptimizerActor> _create;
    private readonly OfferedSnapshots _offered;
    private ActorRef<IOptimizerMessage>? _optimizer;
    private bool _idle;
    private bool _leaving;

    /// <param name="link">The cluster.</param>
    /// <param name="name">The optimizer's name, unique in the cluster.</param>
    /// <param name="sender">Publishes to the router.</param>
    /// <param name="create">Makes the optimizer from its router.</param>
    public OptimizerGate(ClusterLink link, string name, ActorRef<ISenderMessage> sender, Func<ActorRef<IRouterMessage>, OptimizerActor> create) =>
        (_link, _name, _sender, _create, _offered) = (link, name, sender, create, new OfferedSnapshots(name));

    public override void OnStart(Effects effects)
    {
        var self = Self;
        effects.RunAsync<ISubscription, IRouterMessage>(
            cancellation => _link.Transport.SubscribeAsync(Hop.Solve(_name), 1, delivery => self.Tell(new WorkDelivered(delivery)), cancellation),
            Self,
            _ => new WorkSubscribed(),
            _ => new WorkSubscribed());
    }

    public override void Handle(IRouterMessage message, Effects effects)
    {
        switch (message)
        {
            case WorkSubscribed:
                _optimizer = effects.Spawn(new Props<IOptimizerMessage>(() => _create(Self)), _name);
                effects.ScheduleRepeatedly<IRouterMessage>(ReadyTimer, ReadyEvery, Self, StillReady.Instance);
                effects.Unstash();
                break;
            case WorkDelivered when _optimizer is null:
                // The broker delivers before it says that it does: what an optimizer of that name was given earlier.
                effects.Stash();
                break;
            case WorkDelivered { Delivery: { Message: SolveSnapshot work } delivery }:
                delivery.Ack();
                Solve(work, effects);
                break;
            case WorkDelivered { Delivery: { Message: OfferSnapshot offer } delivery }:
                delivery.Ack();
                if (_offered.Take(offer, out var offered) is { } get)
                    Say(get, null, effects);
                if (offered is not null)
                    Solve(offered, effects);
                break;
            case WorkDelivered delivered:
                delivered.Delivery.Refuse($"{delivered.Delivery.Message.GetType().Name} is no snapshot to solve");
                break;
            case StillReady:
                if (_idle && !_leaving)
                    SayReady(effects);
                break;
            case DrainRouter:
                _leaving = true;
                break;
            case OptimizerReady:
                _idle = true;
                if (!_leaving)
                    SayReady(effects);
                break;
            case IRouterCommand answer:
                Say(answer, null, effects);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(message), message.GetType().Name, "not a message of an optimizer's gate");
        }
    }

    /// <summary>Acknowledged already: the lease covers its loss.</summary>
    private void Solve(SolveSnapshot work, Effects effects)
    {
        _idle = false;
        effects.Send<IOptimizerMessage>(_optimizer!, new SolveWork(work));
    }

    private void SayReady(Effects effects) => Say(new OptimizerReady(_name) { TakesOffers = true }, $"ready {_name}", effects);

    private void Say(IMessage message, string? key, Effects effects) =>
        effects.Send<ISenderMessage>(_sender, new SendOver(Hop.Router, message) { Key = key, MustArrive = key is null });
}
