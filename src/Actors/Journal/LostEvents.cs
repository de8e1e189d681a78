namespace QTrade.Actors.Journal;

/// <summary>Events of one entity that were durable and cannot be read back.</summary>
public sealed record LostEvents(string PersistenceId, long FromSequenceNumber, long ToSequenceNumber)
{
    /// <inheritdoc/>
    public override string ToString() => FromSequenceNumber == ToSequenceNumber
        ? $"{PersistenceId} {FromSequenceNumber}"
        : $"{PersistenceId} {FromSequenceNumber}..{ToSequenceNumber}";
}
