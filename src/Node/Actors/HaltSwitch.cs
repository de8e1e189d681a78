using QTrade.Messages.Execution;
using QTrade.Trading.Execution;

namespace QTrade.Node.Actors;

/// <summary>
/// A halt that holds from the moment it is ordered: before the executor's mailbox, its journal or a fault of either could hold it up. It lies
/// outside the actor, so that a restart of the actor finds it, and stands until the halt is durable. Used from any thread.
/// </summary>
public sealed class HaltSwitch
{
    private Order? _ordered;
    private long _orders;
    private bool _standing;

    /// <summary>How many halts were ordered so far.</summary>
    public long Orders => Volatile.Read(ref _orders);

    /// <summary>The halt that is not yet durable, if it is among the first so many that were ordered; null for none.</summary>
    public SetTradingState? Ordered(long among = long.MaxValue) => Volatile.Read(ref _ordered) is { } order && order.Number <= among ? order.Halt : null;

    /// <summary>Whether the executor's durable state is a halt, as it last told.</summary>
    public bool IsStanding
    {
        get => Volatile.Read(ref _standing);
        set => Volatile.Write(ref _standing, value);
    }

    /// <summary>Whether a halt was ordered or is durable: no trade is intended any more.</summary>
    public bool IsInForce => IsStanding || Ordered() is not null;

    /// <summary>From now on nothing is traded. A later order replaces an earlier one.</summary>
    /// <returns>How many halts were ordered with it.</returns>
    public long Halt(SetTradingState halt)
    {
        var number = Interlocked.Increment(ref _orders);
        Volatile.Write(ref _ordered, new Order(halt, number));
        return number;
    }

    /// <summary>That order is durable, or was lifted by a durable event; one that came since stands.</summary>
    public void Durable(SetTradingState halt)
    {
        if (Volatile.Read(ref _ordered) is { } order && ReferenceEquals(order.Halt, halt))
            Interlocked.CompareExchange(ref _ordered, null, order);
    }

    /// <summary>The state to act on: halted where a halt is ordered.</summary>
    public ExecutorState InForce(ExecutorState state) => Ordered() is not { } halt ? state : state with
    {
        TradingState = TradingState.Halted,
        StateReason = new TradingStateReason(halt.Reason, halt.Detail) { By = halt.By },
    };

    private sealed record Order(SetTradingState Halt, long Number);
}
