using QTrade.Actors.EventSourcing;
using QTrade.Actors.Journal;

namespace QTrade.Actors;

/// <summary>What an actor system works with.</summary>
public sealed record ActorSystemOptions
{
    /// <summary>Where event-sourced actors keep their events; null keeps nothing.</summary>
    public IJournal? Journal { get; init; }

    /// <summary>Entities already read in one scan of the journal; what is not among them is read when its actor starts.</summary>
    public RecoveredEntities Recovered { get; init; } = RecoveredEntities.None;

    /// <summary>Is told of failures and stops.</summary>
    public IActorObserver? Observer { get; init; }

    /// <summary>How many entities are read from the journal at once.</summary>
    public int RecoveryConcurrency { get; init; } = 4;

    /// <summary>How many entities may wait to be read; one more is tried again after its supervision's backoff.</summary>
    public int RecoveryQueueCapacity { get; init; } = 100_000;

    /// <summary>How much input and output of actors may be under way; more fails at once.</summary>
    public int IoCapacity { get; init; } = 1_024;
}
