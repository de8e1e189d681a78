using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace QTrade.Actors.EventSourcing;

/// <summary>What one scan of the journal recovered. Each entity is handed to its actor once; a later restart reads the journal.</summary>
public sealed class RecoveredEntities
{
    private readonly ConcurrentDictionary<string, RecoveredEntity> _entities;

    internal RecoveredEntities(
        ConcurrentDictionary<string, RecoveredEntity> entities, long events, long before, long lastOrdinal, ImmutableArray<QuarantinedEvent> unclaimed)
    {
        _entities = entities;
        Events = events;
        Before = before;
        LastOrdinal = lastOrdinal;
        Unclaimed = unclaimed;
    }

    /// <summary>Nothing was scanned.</summary>
    public static RecoveredEntities None { get; } = new(new ConcurrentDictionary<string, RecoveredEntity>(), 0, 0, 0, []);

    /// <summary>How many events were read.</summary>
    public long Events { get; }

    /// <summary>
    /// The ordinal behind which the journal was read in order, 0 for all of it: of entities that come to an end, one whose events all lie
    /// before it is not here.
    /// </summary>
    public long Before { get; }

    /// <summary>The ordinal of the last event read, 0 if there was none.</summary>
    public long LastOrdinal { get; }

    /// <summary>Events of entities that no rule claimed: each such entity once, with the range read.</summary>
    public ImmutableArray<QuarantinedEvent> Unclaimed { get; }

    /// <summary>The entities not handed out yet, by their ids in ordinal order.</summary>
    public ImmutableArray<string> PersistenceIds => [.. _entities.Keys.Order(StringComparer.Ordinal)];

    /// <summary>The state of an entity, without taking it.</summary>
    public RecoveredEntity? Peek(string persistenceId) => _entities.GetValueOrDefault(persistenceId);

    internal RecoveredEntity? Take(string persistenceId) => _entities.TryRemove(persistenceId, out var entity) ? entity : null;
}
