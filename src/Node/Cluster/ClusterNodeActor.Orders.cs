using QTrade.Actors;
using QTrade.Broker;
using QTrade.Messages;
using QTrade.Messages.Execution;
using QTrade.Messages.Registry;
using QTrade.Messages.Routing;
using QTrade.Node.Actors;
using QTrade.Node.Simulation;

namespace QTrade.Node.Cluster;

/// <summary>Orders that a person or the control of the cluster gave: carried on, told of, given up.</summary>
public sealed partial class ClusterNodeActor
{
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
}
