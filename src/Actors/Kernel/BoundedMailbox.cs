using System.Diagnostics.CodeAnalysis;

namespace QTrade.Actors.Kernel;

/// <summary>Holds so many messages. Senders that found it full are told in their order when there is room again.</summary>
internal sealed class BoundedMailbox(TimeProvider time, int capacity) : Mailbox(time)
{
    private readonly Queue<object> _messages = new();
    private readonly Queue<CreditWaiter> _waiting = new();

    /// <summary>Each taken message gives one credit, so that not every waiting sender comes back for the same place.</summary>
    internal override CreditWaiter? TakeCredit()
    {
        EnterGate();
        var waiter = _messages.Count < capacity && _waiting.TryDequeue(out var first) ? first : null;
        ExitGate();
        return waiter;
    }

    private protected override AddResult Add(object item, CreditWaiter? waiter)
    {
        if (_messages.Count >= capacity && item is not Envelope { Owed: true })
        {
            if (waiter is not null && !IsWaiting(waiter.Sender))
                _waiting.Enqueue(waiter);
            return AddResult.Full;
        }

        _messages.Enqueue(item);
        return AddResult.Added;
    }

    private protected override bool Take([NotNullWhen(true)] out object? item)
    {
        EnterGate();
        _messages.TryDequeue(out item);
        ExitGate();
        return item is not null;
    }

    /// <summary>A sender waits once, however often it was refused, so no more wait than there are senders.</summary>
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
