using System.Collections.Immutable;
using QTrade.Actors.Journal;
using QTrade.Messages;

namespace QTrade.Node.Tests.EndToEnd;

/// <summary>A journal that, while it holds, keeps back what is written of trades, as an executor would whose venue does not answer.</summary>
internal sealed class HeldJournal(IJournal journal) : IJournal
{
    private const string Gone = "the database is gone";

    private readonly Queue<AppendRequest> _held = new();
    private bool _holds;

    public long LastOrdinal => IsUnreadable ? throw new IOException(Gone) : journal.LastOrdinal;

    public ImmutableArray<LostEvents> Lost => journal.Lost;

    /// <summary>Whether the journal is out of reach: nothing of an entity can be read, and every append is refused.</summary>
    public bool IsGone { get; set; }

    /// <summary>Whether it cannot be scanned.</summary>
    public bool IsUnreadable { get; set; }

    /// <summary>Whether the router's events alone are refused.</summary>
    public bool RefusesRouter { get; set; }

    /// <summary>Whether the executor's events alone are refused.</summary>
    public bool RefusesExecutor { get; set; }

    /// <summary>How many more appends of the router are written before its events are refused.</summary>
    public int RouterAppendsLeft { get; set; } = int.MaxValue;

    /// <summary>How many more appends of trades are written before they are kept back.</summary>
    public int TradeAppendsLeft { get; set; } = int.MaxValue;

    /// <summary>How many more appends of trades are written before they are refused.</summary>
    public int TradeAppendsTaken { get; set; } = int.MaxValue;

    /// <summary>So many of the next events of trades are written by another executor, just before the node's own.</summary>
    public int WrittenByAnother { get; set; }

    /// <summary>From now on no trade's event is written.</summary>
    public void Hold() => _holds = true;

    /// <summary>What was kept back is written, in its order, and so is what comes.</summary>
    public void Release()
    {
        _holds = false;
        while (_held.TryDequeue(out var request))
            Append(request);
    }

    public void Append(AppendRequest request)
    {
        if (IsGone)
            request.Complete(AppendStatus.Broken, Gone);
        else if (request.PersistenceId == PersistenceIds.Router && (RefusesRouter || RouterAppendsLeft-- <= 0))
            request.Complete(AppendStatus.Broken, Gone);
        else if (request.PersistenceId == PersistenceIds.Executor && RefusesExecutor)
            request.Complete(AppendStatus.Broken, Gone);
        else if (IsOfTrade(request) && TradeAppendsTaken-- <= 0)
            request.Complete(AppendStatus.Full, "no room");
        else if (WrittenByAnother > 0 && IsOfTrade(request))
            WriteByAnother(request);
        else if (IsOfTrade(request) && (_holds || TradeAppendsLeft-- <= 0))
            _held.Enqueue(request);
        else
            journal.Append(request);
    }

    public void SaveSnapshot(StoredSnapshot snapshot) => journal.SaveSnapshot(snapshot);

    public StoredSnapshot? ReadSnapshot(string persistenceId) => Reached.ReadSnapshot(persistenceId);

    public IEnumerable<StoredEvent> Read(string persistenceId, long afterSequenceNumber) => Reached.Read(persistenceId, afterSequenceNumber);

    public IEnumerable<StoredEvent> ReadAll(long afterOrdinal) => journal.ReadAll(afterOrdinal);

    public long HighestSequenceNumber(string persistenceId) => Reached.HighestSequenceNumber(persistenceId);

    public IEnumerable<string> QuietSince(string prefix, long ordinal) => journal.QuietSince(prefix, ordinal);

    public long EventsBeyondSnapshots(string prefix) => journal.EventsBeyondSnapshots(prefix);

    public ValueTask DisposeAsync() => journal.DisposeAsync();

    private static bool IsOfTrade(AppendRequest request) => request.PersistenceId.StartsWith("trade/", StringComparison.Ordinal);

    private void WriteByAnother(AppendRequest request)
    {
        WrittenByAnother--;
        journal.Append(new ForeignAppend(request));
    }

    private IJournal Reached => IsGone ? throw new IOException(Gone) : journal;

    /// <summary>The same events from another writer: whoever asked finds them there.</summary>
    private sealed class ForeignAppend(AppendRequest asked) : AppendRequest
    {
        public override string PersistenceId => asked.PersistenceId;

        public override long FirstSequenceNumber => asked.FirstSequenceNumber;

        public override int Count => asked.Count;

        public override EventData this[int index] => asked[index];

        public override void Complete(AppendStatus status, string? error) =>
            asked.Complete(status == AppendStatus.Committed ? AppendStatus.Conflict : status, error ?? "another writer has that number");
    }
}
