using QTrade.Actors.Journal;

namespace QTrade.Actors.EventSourcing;

/// <summary>The fold of one entity, whatever its types.</summary>
internal interface IEntityFold
{
    /// <summary>The last event folded.</summary>
    long SequenceNumber { get; }

    /// <summary>Whether the entity has no more events and nothing to tell: it need not be kept.</summary>
    bool IsOver { get; }

    RecoveredEntity Result { get; }

    void Fold(in StoredEvent stored);

    /// <summary>Says up to where the entity's events went; what is missing up to there is put in quarantine.</summary>
    void EndAt(long sequenceNumber);
}
