using QTrade.Actors.Journal;

namespace QTrade.Node.Cluster;

/// <summary>
/// Asks a journal whether it writes, and leaves nothing in it: no event has this number, so that a journal that goes as far as its commit finds a conflict.
/// </summary>
internal sealed class JournalTrial : AppendRequest
{
    // Whoever waits for it is told on the journal's turn, and only has a message sent.
    private readonly TaskCompletionSource<bool> _ended = new();

    private JournalTrial()
    {
    }

    public override string PersistenceId => "trial";

    public override long FirstSequenceNumber => long.MaxValue;

    public override int Count => 1;

    public override EventData this[int index] => throw new InvalidOperationException("a trial has no event");

    /// <summary>Whether the journal writes. As late as the journal answers.</summary>
    public static Task<bool> WritesAsync(IJournal journal)
    {
        var trial = new JournalTrial();
        journal.Append(trial);
        return trial._ended.Task;
    }

    public override void Complete(AppendStatus status, string? error) =>
        _ended.TrySetResult(status is AppendStatus.Committed or AppendStatus.Conflict);
}
