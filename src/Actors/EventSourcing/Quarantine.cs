using System.Collections.Immutable;

namespace QTrade.Actors.EventSourcing;

/// <summary>Stored events that could not be used: all are counted, the first <see cref="ListedMax"/> are kept to be shown.</summary>
public sealed class Quarantine
{
    /// <summary>How many are kept.</summary>
    public const int ListedMax = 1_000;

    private readonly List<QuarantinedEvent> _listed = [];
    private long _count;

    /// <summary>How many there were.</summary>
    public long Count => Volatile.Read(ref _count);

    /// <summary>The first of them.</summary>
    public ImmutableArray<QuarantinedEvent> Listed
    {
        get
        {
            lock (_listed)
                return [.. _listed];
        }
    }

    internal void Add(ImmutableArray<QuarantinedEvent> events)
    {
        if (events.IsEmpty)
            return;
        lock (_listed)
        {
            _count += events.Length;
            _listed.AddRange(events.AsSpan()[..Math.Min(events.Length, ListedMax - _listed.Count)]);
        }
    }
}
