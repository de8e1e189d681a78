using QTrade.Actors;
using QTrade.Messages.Wire;

namespace QTrade.Broker.InProcess;

/// <summary>What stands between transports of one process, with the broker's behaviour and nothing kept beyond the process.</summary>
/// <param name="time">A clock that deliveries are events of, as in a simulation; null: each consumer has a loop of its own on other threads.</param>
public sealed class InProcessBroker(TimeProvider? time = null)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, MessageQueue> _queues = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<MessageQueue>> _fans = new(StringComparer.Ordinal);
    private long _published;

    internal TimeProvider? Time => time;

    /// <summary>How many messages wait on a hop of one receiver.</summary>
    public int Waiting(Hop hop)
    {
        lock (_gate)
            return _queues.GetValueOrDefault(hop.Name)?.Waiting ?? 0;
    }

    internal PublishEnding Publish(Hop to, EncodedMessage message, string from, TraceContext? trace)
    {
        lock (_gate)
        {
            var number = ++_published;
            if (to.IsFanOut)
            {
                foreach (var queue in FanOf(to))
                    queue.TryAdd(new StoredMessage(number, message, from, trace));
                return PublishEnding.Confirmed;
            }

            if (to.Kind == HopKind.Worker && !_queues.ContainsKey(to.Name))
                return PublishEnding.NoReceiver;
            return QueueOf(to.Name, to).TryAdd(new StoredMessage(number, message, from, trace)) ? PublishEnding.Confirmed : PublishEnding.Full;
        }
    }

    internal void Join(InProcessSubscription consumer)
    {
        lock (_gate)
        {
            consumer.Queue = QueueOf(QueueName(consumer), consumer.Hop);
            if (consumer.Hop.IsFanOut && !FanOf(consumer.Hop).Contains(consumer.Queue))
                FanOf(consumer.Hop).Add(consumer.Queue);
            consumer.Queue.Join(consumer);
        }
    }

    /// <summary>Nothing more goes to the consumer.</summary>
    internal void Leave(InProcessSubscription consumer)
    {
        lock (_gate)
        {
            consumer.Queue.Leave(consumer);
            RemoveIfTemporary(consumer);
        }
    }

    internal void End(InProcessSubscription consumer, StoredMessage message, DeliveryEnding ending)
    {
        lock (_gate)
        {
            if (!consumer.Held.Remove(message))
                return;
            if (ending == DeliveryEnding.Returned)
                consumer.Queue.Return(message);
            else if (ending == DeliveryEnding.Refused)
                QueueOf(Hop.Dead.Name, Hop.Dead).TryAdd(message with { Number = ++_published });
            consumer.Queue.Dispatch();
        }
    }

    /// <summary>A message that came back too often stands behind what was published since, and counts from none.</summary>
    internal void Renew(InProcessSubscription consumer, StoredMessage message)
    {
        lock (_gate)
        {
            if (!consumer.Held.Remove(message))
                return;
            consumer.Queue.Renew(message with { Number = ++_published, Returns = 0 });
            consumer.Queue.Dispatch();
        }
    }

    /// <summary>Everything that the consumer holds goes back.</summary>
    internal void ReturnAll(InProcessSubscription consumer)
    {
        lock (_gate)
        {
            foreach (var message in consumer.Held)
                consumer.Queue.Return(message);
            consumer.Held.Clear();
            consumer.Queue.Dispatch();
        }
    }

    internal bool Holds(InProcessSubscription consumer, StoredMessage message)
    {
        lock (_gate)
            return consumer.Held.Contains(message);
    }

    internal int CountUnended(InProcessSubscription consumer)
    {
        lock (_gate)
            return consumer.Held.Count;
    }

    private static string QueueName(InProcessSubscription consumer) => consumer.Hop.Kind switch
    {
        HopKind.FanOut => $"{consumer.Hop.Name}/{consumer.Node}/{consumer.Number}",
        HopKind.DurableFanOut => $"{consumer.Hop.Name}/{consumer.Node}",
        _ => consumer.Hop.Name,
    };

    private MessageQueue QueueOf(string name, Hop hop)
    {
        if (!_queues.TryGetValue(name, out var queue))
            _queues.Add(name, queue = new MessageQueue(hop));
        return queue;
    }

    private List<MessageQueue> FanOf(Hop hop)
    {
        if (!_fans.TryGetValue(hop.Name, out var fan))
            _fans.Add(hop.Name, fan = []);
        return fan;
    }

    private void RemoveIfTemporary(InProcessSubscription consumer)
    {
        if (consumer.Hop.Kind is not (HopKind.FanOut or HopKind.Worker) || consumer.Queue.HasConsumers)
            return;
        _queues.Remove(QueueName(consumer));
        if (consumer.Hop.IsFanOut)
            FanOf(consumer.Hop).Remove(consumer.Queue);
    }
}
