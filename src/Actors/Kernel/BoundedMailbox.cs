using System.Diagnostics.CodeAnalysis;

namespace QTrade.Actors.Kernel;

/// <summary>Holds so many messages. Senders that found it full are told in their order when there is room again.</summary>
internal sealed class BoundedMailbox(TimeProvider time, int capacity) : Mailbox(time)
{
    private readonly Queue<object> _messages = new();
    private readonly Queue<CreditWaiter> _waiting = new();
    private int _credits;

    internal override CreditWaiter? TakeCredit()
    {
        if (Volatile.Read(ref _credits) == 0)
            return null;
        EnterGate();
        _credits--;
        var waiter = _waiting.Dequeue();
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
        if (_messages.TryDequeue(out item))
            GrantCredit();
        ExitGate();
        return item is not null;
    }

    /// <summary>
    /// One credit for each place, so that not every waiting sender comes back for the same one; but all of them once nothing waits,
    /// or a sender that does not use its credit would leave the others waiting for ever.
    /// </summary>
    private void GrantCredit()
    {
        if (_messages.Count == 0)
            _credits = _waiting.Count;
        else if (_messages.Count < capacity && _credits < _waiting.Count)
            _credits++;
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
