namespace QTrade.Actors.Journal;

/// <summary>Events of one entity to be made durable together or not at all.</summary>
public abstract class AppendRequest
{
    /// <summary>The entity whose events these are.</summary>
    public abstract string PersistenceId { get; }

    /// <summary>Sequence number of the first event; the entity's last durable event has the one before.</summary>
    public abstract long FirstSequenceNumber { get; }

    /// <summary>How many events, at least one.</summary>
    public abstract int Count { get; }

    /// <summary>The event at <paramref name="index"/>, 0 up to <see cref="Count"/> exclusive.</summary>
    public abstract EventData this[int index] { get; }

    /// <summary>Called once by the journal, on the journal's thread, after the commit or the refusal. Returns at once and never throws.</summary>
    /// <param name="status">How it ended.</param>
    /// <param name="error">One line that says why, where it did not commit.</param>
    public abstract void Complete(AppendStatus status, string? error);
}
