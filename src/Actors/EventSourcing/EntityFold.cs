using QTrade.Actors.Journal;

namespace QTrade.Actors.EventSourcing;

/// <summary>
/// Folds the stored events of one entity into its state. A gap is bridged by a snapshot of behind it; where there is none the gap, or an
/// event that cannot be read or applied, is put in quarantine and passed over.
/// </summary>
internal sealed class EntityFold<TEvent, TState>(
    string persistenceId,
    TState initial,
    Func<TState, TEvent, TState> apply,
    IEventCodec<TEvent> codec,
    IJournal? journal = null,
    IEventCodec<TState>? snapshots = null,
    Func<TState, bool>? isOver = null) : IEntityFold
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

    /// <summary>Begins from the newest snapshot, if there is one; one that cannot be read is put in quarantine.</summary>
    internal void Begin()
    {
        if (snapshots is null || journal?.ReadSnapshot(persistenceId) is not { } snapshot)
            return;
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
        if (stored.SequenceNumber <= _sequenceNumber)
            return;
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
        if (sequenceNumber > _sequenceNumber)
            Bridge();
        if (sequenceNumber <= _sequenceNumber)
            return;
        (_quarantined ??= []).Add(new QuarantinedEvent(
            persistenceId, _sequenceNumber + 1, sequenceNumber, null, 0, "missing from the journal"));
        _sequenceNumber = sequenceNumber;
    }

    /// <summary>Goes on from a later snapshot, which holds what the missing events came to.</summary>
    private void Bridge()
    {
        if (snapshots is not null && journal?.ReadSnapshot(persistenceId) is { } snapshot && snapshot.SequenceNumber > _sequenceNumber
            && snapshots.TryDecode(snapshot.State, out var state, out _))
            (_state, _sequenceNumber, _snapshotSequenceNumber) = (state, snapshot.SequenceNumber, snapshot.SequenceNumber);
    }

    private void Quarantine(long sequenceNumber, in EventData data, string reason) => (_quarantined ??= []).Add(
        new QuarantinedEvent(persistenceId, sequenceNumber, sequenceNumber, data.Manifest, data.Version, reason));
}
