namespace QTrade.Node.Journal.Copying;

/// <summary>How much was copied.</summary>
internal sealed record JournalCopied(long Entities, long Events, long Snapshots);
