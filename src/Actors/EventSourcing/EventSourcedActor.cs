using System.Collections.Immutable;
using QTrade.Actors.Journal;
using QTrade.Actors.Kernel;

namespace QTrade.Actors.EventSourcing;

/// <summary>
/// An actor whose state is what its events make of it. A message is decided into events and effects; the events are written, then
/// applied, and only then are the effects carried out. While the write is in flight no message is handled. Where the system has
/// no journal, events are applied at once and kept nowhere.
/// </summary>
public abstract class EventSourcedActor<TMessage, TEvent, TState> : Actor<TMessage>, IEventSourced
    where TMessage : class
    where TState : notnull
{
    private Effects<TEvent> _effects = null!;
    private EntityAppend? _append;
    private TState _state = default!;
    private bool _restored;
    private long _snapshotSequenceNumber;

    /// <summary>Whose events these are in the journal. Constant.</summary>
    public abstract string PersistenceId { get; }

    /// <summary>The sequence number of the last durable event, 0 if there is none; an event persisted now gets the next.</summary>
    protected long SequenceNumber { get; private set; }

    /// <summary>The state after all durable events.</summary>
    protected TState State => _state;

    /// <summary>What of its events could not be used when it was recovered; the state goes on without them.</summary>
    protected ImmutableArray<QuarantinedEvent> Unreadable { get; private set; } = [];

    /// <summary>The state before the first event. Constant.</summary>
    protected abstract TState Initial { get; }

    /// <summary>The wire form of the events.</summary>
    protected abstract IEventCodec<TEvent> Codec { get; }

    /// <summary>The wire form of snapshots; null where none are kept.</summary>
    protected virtual IEventCodec<TState>? SnapshotCodec => null;

    /// <summary>A snapshot is kept after so many events.</summary>
    protected virtual int SnapshotEvery => 1_000;

    /// <summary>What happens when a stored event cannot be read.</summary>
    protected virtual UnreadableEventRule OnUnreadableEvent => UnreadableEventRule.SkipEvent;

    /// <summary>The state after an event. Pure: reads nothing but its arguments; it also runs off the actor's turn.</summary>
    public abstract TState Apply(TState state, TEvent @event);

    /// <summary>What a message leads to in a state.</summary>
    public abstract void Decide(TState state, TMessage message, Effects<TEvent> effects);

    /// <summary>Called once the state is recovered, before the first message. May persist.</summary>
    public virtual void OnRecovered(TState state, Effects<TEvent> effects)
    {
    }

    /// <summary>
    /// Called when events were not written: nothing of their handler happened and the state is as before. After
    /// <see cref="AppendStatus.Conflict"/> the actor stops. May not persist.
    /// </summary>
    public virtual void OnPersistFailed(AppendStatus status, string error, Effects<TEvent> effects)
    {
    }

    public sealed override void Handle(TMessage message, Effects effects) => Decide(_state, message, _effects);

    public sealed override void OnStart(Effects effects)
    {
        if (!_restored)
            _state = Initial;
        _restored = true;
        OnRecovered(_state, _effects);
    }

    internal sealed override Effects CreateEffects(ActorCell cell) => _effects = new Effects<TEvent>(cell);

    internal sealed override IEventSourced EventSourced => this;

    UnreadableEventRule IEventSourced.OnUnreadableEvent => OnUnreadableEvent;

    bool IEventSourced.HasEvents => _effects.Events.Count > 0;

    RecoveredEntity IEventSourced.Recover(IJournal journal)
    {
        var fold = new EntityFold<TEvent, TState>(PersistenceId, Initial, Apply, Codec, journal, SnapshotCodec);
        // Before the events: one that another writer adds while they are read is not lost, and fences this one.
        var highest = journal.HighestSequenceNumber(PersistenceId);
        fold.Begin();
        foreach (var stored in journal.Read(PersistenceId, fold.SequenceNumber))
            fold.Fold(stored);
        fold.EndAt(highest);
        return fold.Result;
    }

    void IEventSourced.Restore(RecoveredEntity entity)
    {
        _state = (TState)entity.State;
        _restored = true;
        SequenceNumber = entity.SequenceNumber;
        _snapshotSequenceNumber = entity.SnapshotSequenceNumber;
        Unreadable = entity.Quarantined;
    }

    AppendRequest IEventSourced.PrepareAppend(ActorCell cell)
    {
        _append ??= new EntityAppend(cell, PersistenceId);
        _append.Begin(SequenceNumber + 1);
        foreach (var @event in _effects.Events)
            _append.Add(Codec.Encode(@event));
        return _append;
    }

    void IEventSourced.Commit()
    {
        foreach (var @event in _effects.Events)
            _state = Apply(_state, @event);
        SequenceNumber += _effects.Events.Count;
        _effects.Events.Clear();
    }

    void IEventSourced.KeepSnapshot(IJournal journal)
    {
        if (SnapshotCodec is not { } snapshots || SequenceNumber - _snapshotSequenceNumber < SnapshotEvery)
            return;
        // One that cannot be encoded is not tried again before as many events more.
        _snapshotSequenceNumber = SequenceNumber;
        journal.SaveSnapshot(new StoredSnapshot(PersistenceId, SequenceNumber, snapshots.Encode(_state)));
    }

    void IEventSourced.Refuse(AppendStatus status, string error)
    {
        _effects.Closed = true;
        try
        {
            OnPersistFailed(status, error, _effects);
        }
        finally
        {
            _effects.Closed = false;
        }
    }
}
