namespace QTrade.Node.Journal;

/// <summary>What a group commit made durable.</summary>
/// <param name="Events">Events of the appends that did not conflict.</param>
/// <param name="Bytes">Bytes of their payloads.</param>
/// <param name="Pages">Pages written for them, 0 where the store does not tell.</param>
internal readonly record struct GroupWritten(long Events, long Bytes, int Pages);
