namespace QTrade.Actors.Kernel;

/// <summary>The order of simulated events: by time, then by the sender's path, then by number.</summary>
internal readonly struct EventKey(long time, ActorPath sender, long sequence)
{
    internal static IComparer<EventKey> Order { get; } = Comparer<EventKey>.Create(static (x, y) => x.CompareTo(y));

    internal long Time { get; } = time;

    private ActorPath Sender { get; } = sender;

    private long Sequence { get; } = sequence;

    private int CompareTo(in EventKey other)
    {
        var order = Time.CompareTo(other.Time);
        if (order == 0 && !ReferenceEquals(Sender.Value, other.Sender.Value))
            order = string.CompareOrdinal(Sender.Value, other.Sender.Value);
        return order != 0 ? order : Sequence.CompareTo(other.Sequence);
    }
}
