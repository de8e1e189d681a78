using System.Collections.Immutable;
using QTrade.Actors.Journal;

namespace QTrade.Node.Tests.Cluster;

/// <summary>One node's way to the journal that all share: it can be cut, or left without answers. What was sent before is committed all the same.</summary>
internal sealed class CutJournal(IJournal journal) : IJournal
{
    private const string Gone = "the database is gone";

    private readonly List<AppendRequest> _unanswered = [];
    private bool _hangs;

    public long LastOrdinal => Reached.LastOrdinal;

    public ImmutableArray<LostEvents> Lost => journal.Lost;

    /// <summary>Whether nothing can be read and every append is refused.</summary>
    public bool IsCut { get; set; }

    /// <summary>Cut, and the append that comes next has no answer before the journal is reached again: it may take effect by then.</summary>
    public void Hang() => (IsCut, _hangs) = (true, true);

    /// <summary>It is reached again.</summary>
    public void Mend()
    {
        (IsCut, _hangs) = (false, false);
        foreach (var request in _unanswered)
            journal.Append(request);
        _unanswered.Clear();
    }

    public void Append(AppendRequest request)
    {
        if (!IsCut)
        {
            journal.Append(request);
            return;
        }

        if (_hangs)
            _unanswered.Add(request);
        else
            request.Complete(AppendStatus.Broken, Gone);
        _hangs = false;
    }

    public void SaveSnapshot(StoredSnapshot snapshot)
    {
        if (!IsCut)
            journal.SaveSnapshot(snapshot);
    }

    public StoredSnapshot? ReadSnapshot(string persistenceId) => Reached.ReadSnapshot(persistenceId);

    public IEnumerable<StoredEvent> Read(string persistenceId, long afterSequenceNumber) => Reached.Read(persistenceId, afterSequenceNumber);

    public IEnumerable<StoredEvent> ReadAll(long afterOrdinal) => Reached.ReadAll(afterOrdinal);

    public long HighestSequenceNumber(string persistenceId) => Reached.HighestSequenceNumber(persistenceId);

    public IEnumerable<string> QuietSince(string prefix, long ordinal) => Reached.QuietSince(prefix, ordinal);

    public long EventsBeyondSnapshots(string prefix) => Reached.EventsBeyondSnapshots(prefix);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private IJournal Reached => IsCut ? throw new IOException(Gone) : journal;
}
