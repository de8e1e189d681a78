namespace QTrade.Actors.EventSourcing;

/// <summary>What an entity does when one of its stored events cannot be read. The event is in quarantine either way.</summary>
public enum UnreadableEventRule
{
    /// <summary>Goes on without it: right where a later event replaces an earlier one.</summary>
    SkipEvent,

    /// <summary>Does not start: right where a missing event could repeat an effect.</summary>
    StopActor,
}
