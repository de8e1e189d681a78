using System.Text;
using QTrade.Actors.Journal;

namespace QTrade.Shared.Journal;

/// <summary>An append whose end can be awaited.</summary>
public sealed class AppendProbe(string persistenceId, long firstSequenceNumber, params EventData[] events) : AppendRequest
{
    private readonly TaskCompletionSource<AppendStatus> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _completions;

    /// <summary>An append of one event per text.</summary>
    public static AppendProbe Of(string persistenceId, long firstSequenceNumber, params string[] texts) =>
        new(persistenceId, firstSequenceNumber, [.. texts.Select(Event)]);

    /// <summary>An event that carries the text.</summary>
    public static EventData Event(string text) => new("spec.text", 1, Encoding.UTF8.GetBytes(text));

    /// <summary>The text that the event carries.</summary>
    public static string Text(StoredEvent stored) => Encoding.UTF8.GetString(stored.Data.Payload.Span);

    /// <summary>How it ended. Fails where the journal keeps silent.</summary>
    public Task<AppendStatus> Ended => _ended.Task.WaitAsync(TimeSpan.FromSeconds(60));

    /// <summary>The reason, where it did not commit.</summary>
    public string? Error { get; private set; }

    /// <summary>How often it was completed.</summary>
    public int Completions => Volatile.Read(ref _completions);

    /// <inheritdoc/>
    public override string PersistenceId => persistenceId;

    /// <inheritdoc/>
    public override long FirstSequenceNumber => firstSequenceNumber;

    /// <inheritdoc/>
    public override int Count => events.Length;

    /// <inheritdoc/>
    public override EventData this[int index] => events[index];

    /// <inheritdoc/>
    public override void Complete(AppendStatus status, string? error)
    {
        Interlocked.Increment(ref _completions);
        Error = error;
        _ended.TrySetResult(status);
    }
}
