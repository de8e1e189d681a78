using QTrade.Actors.Journal;

namespace QTrade.Actors.EventSourcing;

/// <summary>
/// Folds the stored events of one entity into its state. A gap, or an event that cannot be read or applied, is put in quarantine and
/// passed over.
/// </summary>
internal sealed class EntityFold<TEvent, TState>(
    string persistenceId, TState initial, Func<TState, TEvent, TState> apply, IEventCodec<TEvent> codec, Func<TState, bool>? isOver = null) : IEntityFold
    where TState : notnull
{
    private TState _state = initial;
    private long _sequenceNumber;
    private long _snapshotSequenceNumber;
    private List<QuarantinedEvent>? _quarantined;

    public long SequenceNumber => _sequenceNumber;

    public bool IsOver => isOver is not null && _quarantined is null && isOver(_state);

    public RecoveredEntity Result =>
        new(persistenceId, _state, _sequenceNumber, _snapshotSequenceNumber, _quarantined is null ? [] : [.. _quarantined]);

    /// <summary>Begins from a snapshot; one that cannot be read is put in quarantine.</summary>
    internal void Begin(in StoredSnapshot snapshot, IEventCodec<TState> snapshots)
    {
        if (snapshots.TryDecode(snapshot.State, out var state, out var reason))
        {
            _state = state;
            _sequenceNumber = snapshot.SequenceNumber;
            _snapshotSequenceNumber = snapshot.SequenceNumber;
            return;
        }

        Quarantine(snapshot.SequenceNumber, snapshot.State, "snapshot: " + reason);
    }

    public void Fold(in StoredEvent stored)
    {
        if (stored.SequenceNumber <= _sequenceNumber)
            return;
        EndAt(stored.SequenceNumber - 1);
        _sequenceNumber = stored.SequenceNumber;
        try
        {
            if (codec.TryDecode(stored.Data, out var decoded, out var reason))
                _state = apply(_state, decoded);
            else
                Quarantine(stored.SequenceNumber, stored.Data, reason);
        }
#pragma warning disable CA1031 // One event that decoding or applying trips over must not keep a node from starting.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            Quarantine(stored.SequenceNumber, stored.Data, $"{failure.GetType().Name}: {failure.Message}");
        }
    }

    public void EndAt(long sequenceNumber)
    {
        if (sequenceNumber <= _sequenceNumber)
            return;
        (_quarantined ??= []).Add(new QuarantinedEvent(
            persistenceId, _sequenceNumber + 1, sequenceNumber, null, 0, "missing from the journal"));
        _sequenceNumber = sequenceNumber;
    }

    private void Quarantine(long sequenceNumber, in EventData data, string reason) => (_quarantined ??= []).Add(
        new QuarantinedEvent(persistenceId, sequenceNumber, sequenceNumber, data.Manifest, data.Version, reason));
}
