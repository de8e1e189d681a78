using QTrade.Actors.Journal;

namespace QTrade.Actors.EventSourcing;

/// <summary>The fold of one entity, whatever its types.</summary>
internal interface IEntityFold
{
    /// <summary>The last event folded.</summary>
    long SequenceNumber { get; }

    RecoveredEntity Result { get; }

    void Fold(in StoredEvent stored);
}
