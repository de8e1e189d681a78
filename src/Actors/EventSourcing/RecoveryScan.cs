using System.Collections.Concurrent;
using QTrade.Actors.Journal;

namespace QTrade.Actors.EventSourcing;

/// <summary>
/// Recovers the entities of a whole node by reading the journal once, in its order, instead of once per entity. Kinds of entities
/// are told apart by how their persistence ids begin; the longest match decides. Of a long journal only the end is read so: an entity
/// that has events before it is read from its snapshot on, so that a node that ran for weeks starts as fast as one that ran for minutes. Where
/// snapshots cover so little that this would take longer than all of the journal in its order, all of it is read.
/// </summary>
/// <param name="eventsMax">Events at the journal's end that are read in order.</param>
/// <param name="detour">What an event read by its entity costs, in events read in order; 0: no more than the end is ever read in order.</param>
public sealed class RecoveryScan(int eventsMax = RecoveryScan.DefaultEventsMax, int detour = RecoveryScan.DefaultDetour)
{
    /// <summary>What is read in about a second.</summary>
    public const int DefaultEventsMax = 500_000;

    /// <summary>As measured: an entity's events lie far apart, each on a page of its own.</summary>
    public const int DefaultDetour = 6;

    private readonly List<Kind> _kinds = [];

    /// <summary>Adds a kind of entity.</summary>
    /// <param name="prefix">How their persistence ids begin, for instance <c>pool/</c>; a whole id for a single entity.</param>
    /// <param name="initial">The state of an entity before its first event, by its persistence id.</param>
    /// <param name="apply">The state after an event.</param>
    /// <param name="codec">The wire form of the events.</param>
    /// <param name="snapshots">The wire form of snapshots, read only where the scan does not meet all of an entity's events.</param>
    /// <param name="isOver">Tells a state after which an entity has no more events: it is let go of at once, and looked for only in the
    /// journal's end.</param>
    public RecoveryScan Add<TEvent, TState>(
        string prefix,
        Func<string, TState> initial,
        Func<TState, TEvent, TState> apply,
        IEventCodec<TEvent> codec,
        IEventCodec<TState>? snapshots = null,
        Func<TState, bool>? isOver = null)
        where TState : notnull
    {
        _kinds.Add(new Kind(prefix, isOver is not null, (persistenceId, journal, fromSnapshot) =>
        {
            var fold = new EntityFold<TEvent, TState>(persistenceId, initial(persistenceId), apply, codec, journal, snapshots, isOver);
            if (fromSnapshot)
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
        var before = BeginOfEnd(journal);
        var events = before > 0 ? ReadQuiet(journal, before, folds) : 0;
        var lastOrdinal = before;
        foreach (var stored in journal.ReadAll(before))
        {
            events++;
            lastOrdinal = stored.Ordinal;
            if (!folds.TryGetValue(stored.PersistenceId, out var fold))
            {
                if (KindOf(stored.PersistenceId) is not { } kind)
                {
                    Claim(unclaimed, stored);
                    continue;
                }

                fold = kind.Begin(stored.PersistenceId, journal, stored.SequenceNumber > 1);
                if (before > 0)
                    events += CatchUp(fold, journal, stored.PersistenceId, stored.SequenceNumber - 1);
                folds.Add(stored.PersistenceId, fold);
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
            entities, events, before, lastOrdinal, [.. unclaimed.Values.OrderBy(entity => entity.PersistenceId, StringComparer.Ordinal)]);
    }

    /// <summary>The ordinal behind which the journal is read in order.</summary>
    private long BeginOfEnd(IJournal journal)
    {
        var before = Math.Max(0, journal.LastOrdinal - eventsMax);
        if (before == 0 || detour == 0)
            return before;
        var beyond = _kinds.Where(kind => !kind.Passing).Sum(kind => journal.EventsBeyondSnapshots(kind.Prefix));
        return before <= beyond * detour ? 0 : before;
    }

    private static void Claim(Dictionary<string, QuarantinedEvent> unclaimed, in StoredEvent stored) =>
        unclaimed[stored.PersistenceId] = unclaimed.TryGetValue(stored.PersistenceId, out var range)
            ? range with { LastSequenceNumber = stored.SequenceNumber }
            : new QuarantinedEvent(
                stored.PersistenceId, stored.SequenceNumber, stored.SequenceNumber, null, 0, "no kind of entity has this persistence id");

    /// <summary>Entities that have no event in the journal's end.</summary>
    private long ReadQuiet(IJournal journal, long before, Dictionary<string, IEntityFold> folds)
    {
        var events = 0L;
        foreach (var kind in _kinds.Where(kind => !kind.Passing))
        {
            foreach (var persistenceId in journal.QuietSince(kind.Prefix, before))
            {
                if (KindOf(persistenceId) != kind)
                    continue;
                var fold = kind.Begin(persistenceId, journal, true);
                events += CatchUp(fold, journal, persistenceId, long.MaxValue);
                folds.Add(persistenceId, fold);
            }
        }

        return events;
    }

    private static long CatchUp(IEntityFold fold, IJournal journal, string persistenceId, long lastSequenceNumber)
    {
        var events = 0L;
        if (fold.SequenceNumber >= lastSequenceNumber)
            return events;
        foreach (var stored in journal.Read(persistenceId, fold.SequenceNumber))
        {
            if (stored.SequenceNumber > lastSequenceNumber)
                break;
            fold.Fold(stored);
            events++;
        }

        return events;
    }

    private Kind? KindOf(string persistenceId)
    {
        Kind? longest = null;
        foreach (var kind in _kinds)
        {
            if (kind.Prefix.Length > (longest?.Prefix.Length ?? -1) && persistenceId.StartsWith(kind.Prefix, StringComparison.Ordinal))
                longest = kind;
        }

        return longest;
    }

    /// <param name="Prefix">How the persistence ids begin.</param>
    /// <param name="Passing">Whether its entities come to an end.</param>
    /// <param name="Begin">Begins a fold, from its snapshot where that is asked for.</param>
    private sealed record Kind(string Prefix, bool Passing, Func<string, IJournal, bool, IEntityFold> Begin);
}
