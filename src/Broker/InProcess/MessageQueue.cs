namespace QTrade.Broker.InProcess;

/// <summary>Messages that wait, and who takes them: always the first of the consumers. Used inside the broker's gate.</summary>
internal sealed class MessageQueue(Hop hop)
{
    private readonly LinkedList<StoredMessage> _waiting = [];
    private readonly List<InProcessSubscription> _consumers = [];

    public int Waiting => _waiting.Count;

    public bool HasConsumers => _consumers.Count > 0;

    /// <summary>Adds a message. A hop of one receiver refuses what is too much, others and the dead letters lose their oldest.</summary>
    public bool TryAdd(StoredMessage message)
    {
        if (_waiting.Count >= hop.LengthMax)
        {
            if (!hop.IsFanOut && hop != Hop.Dead)
                return false;
            _waiting.RemoveFirst();
        }

        _waiting.AddLast(message);
        Dispatch();
        return true;
    }

    public void Join(InProcessSubscription consumer)
    {
        _consumers.Add(consumer);
        Dispatch();
    }

    public void Leave(InProcessSubscription consumer)
    {
        _consumers.Remove(consumer);
        Dispatch();
    }

    /// <summary>Puts a message back to its place in the order.</summary>
    public void Return(StoredMessage message)
    {
        message.Redelivered = true;
        message.Returns++;
        var after = _waiting.First;
        while (after is not null && after.Value.Number < message.Number)
            after = after.Next;
        if (after is null)
            _waiting.AddLast(message);
        else
            _waiting.AddBefore(after, message);
    }

    /// <summary>Puts a message behind all others. It was on the queue before, so that there is room for it.</summary>
    public void Renew(StoredMessage message) => _waiting.AddLast(message);

    /// <summary>Hands out as much as the first consumer takes.</summary>
    public void Dispatch()
    {
        while (_waiting.First is { } first && _consumers.Count > 0 && _consumers[0].TryTake(first.Value))
            _waiting.RemoveFirst();
    }
}
