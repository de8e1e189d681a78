using System.Collections.Immutable;

namespace QTrade.Actors.EventSourcing;

/// <summary>An entity as its stored events leave it.</summary>
/// <param name="PersistenceId">Which entity.</param>
/// <param name="State">Its state; the type is the entity's.</param>
/// <param name="SequenceNumber">Its last event, 0 if it has none.</param>
/// <param name="SnapshotSequenceNumber">The event of the snapshot it began from, 0 for none.</param>
/// <param name="Quarantined">What of it could not be used.</param>
public sealed record RecoveredEntity(
    string PersistenceId, object State, long SequenceNumber, long SnapshotSequenceNumber, ImmutableArray<QuarantinedEvent> Quarantined);
