using QTrade.Actors.Journal;
using QTrade.Messages.Routing;
using QTrade.Messages.Wire;

namespace QTrade.Node.Tests.Replay;

/// <summary>A journal as a program wrote it whose solves began from the prices of their start alone.</summary>
internal sealed class EarlierJournal(IJournal journal) : IJournal
{
    public void Append(AppendRequest request) => journal.Append(request);

    public void SaveSnapshot(StoredSnapshot snapshot) => journal.SaveSnapshot(snapshot);

    public StoredSnapshot? ReadSnapshot(string persistenceId) => journal.ReadSnapshot(persistenceId);

    public IEnumerable<StoredEvent> Read(string persistenceId, long afterSequenceNumber) => journal.Read(persistenceId, afterSequenceNumber).Select(Before);

    public IEnumerable<StoredEvent> ReadAll(long afterOrdinal) => journal.ReadAll(afterOrdinal).Select(Before);

    public long HighestSequenceNumber(string persistenceId) => journal.HighestSequenceNumber(persistenceId);

    public ValueTask DisposeAsync() => journal.DisposeAsync();

    private static StoredEvent Before(StoredEvent stored)
    {
        var data = stored.Data;
        if (!MessageCodec.TryDecode(data.Manifest, data.Version, data.Payload.Span, out var message, out _) || message is not SnapshotHandedOut handedOut)
            return stored;
        var encoded = MessageCodec.Encode(handedOut with { StartsWithTrades = false });
        return stored with { Data = data with { Version = encoded.Version, Payload = encoded.Bytes } };
    }
}
