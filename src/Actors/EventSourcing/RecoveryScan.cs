using System.Collections.Concurrent;
using QTrade.Actors.Journal;

namespace QTrade.Actors.EventSourcing;

/// <summary>
/// Recovers the entities of a whole node by reading the journal once, in its order, instead of once per entity. Kinds of entities
/// are told apart by how their persistence ids begin; the longest match decides.
/// </summary>
public sealed class RecoveryScan
{
    private readonly List<(string Prefix, Func<string, StoredEvent, IJournal, IEntityFold> Begin)> _kinds = [];

    /// <summary>Adds a kind of entity.</summary>
    /// <param name="prefix">How their persistence ids begin, for instance <c>pool/</c>; a whole id for a single entity.</param>
    /// <param name="initial">The state of an entity before its first event, by its persistence id.</param>
    /// <param name="apply">The state after an event.</param>
    /// <param name="codec">The wire form of the events.</param>
    /// <param name="snapshots">The wire form of snapshots, read only where the journal no longer has all of an entity's events.</param>
    /// <param name="isOver">Tells a state after which an entity has no more events: it is let go of at once.</param>
    public RecoveryScan Add<TEvent, TState>(
        string prefix,
        Func<string, TState> initial,
        Func<TState, TEvent, TState> apply,
        IEventCodec<TEvent> codec,
        IEventCodec<TState>? snapshots = null,
        Func<TState, bool>? isOver = null)
        where TState : notnull
    {
        _kinds.Add((prefix, (persistenceId, first, journal) =>
        {
            var fold = new EntityFold<TEvent, TState>(persistenceId, initial(persistenceId), apply, codec, journal, snapshots, isOver);
            if (first.SequenceNumber > 1)
                fold.Begin();
            return fold;
        }));
        return this;
    }

    /// <summary>Reads the journal. Must not run beside writers of the entities it recovers.</summary>
    public RecoveredEntities Run(IJournal journal)
    {
        var folds = new Dictionary<string, IEntityFold>();
        var unclaimed = new Dictionary<string, QuarantinedEvent>();
        var events = 0L;
        var lastOrdinal = 0L;
        foreach (var stored in journal.ReadAll(0))
        {
            events++;
            lastOrdinal = stored.Ordinal;
            if (!folds.TryGetValue(stored.PersistenceId, out var fold))
            {
                if (Begin(stored, journal) is not { } begun)
                {
                    Claim(unclaimed, stored);
                    continue;
                }

                folds.Add(stored.PersistenceId, fold = begun);
            }

            fold.Fold(stored);
            if (fold.IsOver)
                folds.Remove(stored.PersistenceId);
        }

        foreach (var lost in journal.Lost)
        {
            if (folds.TryGetValue(lost.PersistenceId, out var fold))
                fold.EndAt(lost.ToSequenceNumber);
        }

        var entities = new ConcurrentDictionary<string, RecoveredEntity>(
            folds.Select(entity => KeyValuePair.Create(entity.Key, entity.Value.Result)));
        return new RecoveredEntities(
            entities, events, lastOrdinal, [.. unclaimed.Values.OrderBy(entity => entity.PersistenceId, StringComparer.Ordinal)]);
    }

    private static void Claim(Dictionary<string, QuarantinedEvent> unclaimed, in StoredEvent stored) =>
        unclaimed[stored.PersistenceId] = unclaimed.TryGetValue(stored.PersistenceId, out var range)
            ? range with { LastSequenceNumber = stored.SequenceNumber }
            : new QuarantinedEvent(
                stored.PersistenceId, stored.SequenceNumber, stored.SequenceNumber, null, 0, "no kind of entity has this persistence id");

    private IEntityFold? Begin(in StoredEvent first, IJournal journal)
    {
        var longest = -1;
        Func<string, StoredEvent, IJournal, IEntityFold>? begin = null;
        foreach (var kind in _kinds)
        {
            if (kind.Prefix.Length > longest && first.PersistenceId.StartsWith(kind.Prefix, StringComparison.Ordinal))
                (longest, begin) = (kind.Prefix.Length, kind.Begin);
        }

        return begin?.Invoke(first.PersistenceId, first, journal);
    }
}
