using QTrade.Actors.Journal;
using QTrade.Actors.Kernel;

namespace QTrade.Actors.EventSourcing;

/// <summary>What the kernel asks of an event-sourced actor, whatever its types.</summary>
internal interface IEventSourced
{
    string PersistenceId { get; }

    UnreadableEventRule OnUnreadableEvent { get; }

    /// <summary>Whether the last handler recorded events.</summary>
    bool HasEvents { get; }

    /// <summary>Reads the entity; called off the actor's turn.</summary>
    RecoveredEntity Recover(IJournal journal);

    /// <summary>Takes over what was read.</summary>
    void Restore(RecoveredEntity entity);

    /// <summary>The recorded events as a request. One is in flight at most, so it is reused.</summary>
    AppendRequest PrepareAppend(ActorCell cell);

    /// <summary>Applies the recorded events, which are durable.</summary>
    void Commit();

    /// <summary>Keeps a snapshot where one is due.</summary>
    void KeepSnapshot(IJournal journal);

    /// <summary>Forgets the recorded events, which were not written, and tells the actor.</summary>
    void Refuse(AppendStatus status, string error);
}
