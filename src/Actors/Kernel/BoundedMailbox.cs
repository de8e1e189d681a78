using System.Diagnostics.CodeAnalysis;

namespace QTrade.Actors.Kernel;

/// <summary>A ring of fixed capacity. Senders that found it full are told in their order when there is room again.</summary>
internal sealed class BoundedMailbox(TimeProvider time, int capacity) : Mailbox(time)
{
    private readonly object?[] _ring = new object?[capacity];
    private readonly Queue<CreditWaiter> _waiting = new();
    private int _first;
    private int _count;

    /// <summary>Each taken message gives one credit, so that not every waiting sender comes back for the same place.</summary>
    internal override CreditWaiter? TakeCredit()
    {
        EnterGate();
        var waiter = _count < capacity && _waiting.TryDequeue(out var first) ? first : null;
        ExitGate();
        return waiter;
    }

    private protected override AddResult Add(object item, CreditWaiter? waiter)
    {
        // A timer's message and the completion of own work come from the actor itself and are bounded by what it started.
        if (_count == capacity)
        {
            if (waiter is not null && !IsWaiting(waiter.Sender))
                _waiting.Enqueue(waiter);
            return AddResult.Full;
        }

        _ring[(_first + _count) % capacity] = item;
        _count++;
        return AddResult.Added;
    }

    private protected override bool Take([NotNullWhen(true)] out object? item)
    {
        item = null;
        EnterGate();
        if (_count > 0)
        {
            item = _ring[_first];
            _ring[_first] = null;
            _first = (_first + 1) % capacity;
            _count--;
        }

        ExitGate();
        return item is not null;
    }

    private bool IsWaiting(ActorRef sender)
    {
        foreach (var waiter in _waiting)
        {
            if (ReferenceEquals(waiter.Sender, sender))
                return true;
        }

        return false;
    }
}
