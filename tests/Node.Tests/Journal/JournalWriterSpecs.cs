using Microsoft.Extensions.Logging.Abstractions;
using QTrade.Actors.Journal;
using QTrade.Node.Journal;
using QTrade.Shared.Actors;
using QTrade.Shared.Journal;

namespace QTrade.Node.Tests.Journal;

/// <summary>The writer over a store that does not answer for a while.</summary>
public sealed class JournalWriterSpecs : IDisposable
{
    private static readonly JournalBounds Bounds = new();

    private readonly ManualClock _clock = new();
    private readonly StuckStore _store = new();
    private readonly JournalWriter _writer;

    public JournalWriterSpecs() =>
        _writer = new JournalWriter(new JournalSite("somewhere", _clock, new JournalMetrics(), NullLogger.Instance, static _ => { }), _store, Bounds);

    [Fact]
    public async Task Whoever_waits_behind_a_commit_that_is_not_answered_is_refused_before_the_commit_is_given_up()
    {
        var first = AppendProbe.Of("one", 1, "a");
        _writer.Append(first);
        Assert.True(_store.Entered.Wait(TimeSpan.FromSeconds(60)));
        var behind = AppendProbe.Of("two", 1, "b");
        _writer.Append(behind);
        _clock.Advance(Bounds.AnswerWithin - TimeSpan.FromMilliseconds(1));
        Assert.Equal((0, 0), (first.Completions, behind.Completions));

        _clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(AppendStatus.Broken, await behind.Ended);
        Assert.Contains("has not been answered", behind.Error, StringComparison.Ordinal);
        Assert.Equal(0, first.Completions);

        // What comes later is refused at the next look, and what was under way stands.
        var later = AppendProbe.Of("three", 1, "c");
        _writer.Append(later);
        _clock.Advance(Bounds.AnswerWithin);
        Assert.Equal(AppendStatus.Broken, await later.Ended);
        _store.Answer.Set();
        Assert.Equal(AppendStatus.Committed, await first.Ended);
        var next = AppendProbe.Of("two", 1, "b");
        _writer.Append(next);
        Assert.Equal(AppendStatus.Committed, await next.Ended);
        Assert.Equal((1, 1, 1), (first.Completions, behind.Completions, later.Completions));
    }

    [Fact]
    public async Task One_that_is_closed_while_the_answer_to_a_commit_cannot_be_asked_for_ends_and_says_so()
    {
        var store = new DoubtfulStore();
        var writer = new JournalWriter(new JournalSite("somewhere", _clock, new JournalMetrics(), NullLogger.Instance, static _ => { }), store, Bounds);
        var inDoubt = AppendProbe.Of("one", 1, "a");
        writer.Append(inDoubt);
        Assert.True(store.Asked.Wait(TimeSpan.FromSeconds(60)));
        Assert.Equal(0, inDoubt.Completions);

        await Task.Run(writer.Dispose).WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Equal(AppendStatus.Broken, await inDoubt.Ended);
        Assert.Contains("closed before the answer", inDoubt.Error, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _store.Answer.Set();
        _writer.Dispose();
    }

    private sealed class StuckStore : IGroupStore
    {
        public ManualResetEventSlim Entered { get; } = new();

        public ManualResetEventSlim Answer { get; } = new();

        public GroupWritten Write(
            ReadOnlySpan<AppendRequest> appends, Span<bool> conflicts, IReadOnlyCollection<StoredSnapshot> snapshots, long time)
        {
            Entered.Set();
            Answer.Wait();
            conflicts.Clear();
            return new GroupWritten(appends.Length, 0, 0);
        }

        public void Undo(bool full)
        {
        }

        public GroupWritten? TookEffect() => null;

        public void Rest()
        {
        }

        public void Dispose()
        {
            Entered.Dispose();
            Answer.Dispose();
        }
    }

    /// <summary>The answer to every commit is lost, and whether it took effect cannot be asked for.</summary>
    private sealed class DoubtfulStore : IGroupStore
    {
        public ManualResetEventSlim Asked { get; } = new();

        public GroupWritten Write(
            ReadOnlySpan<AppendRequest> appends, Span<bool> conflicts, IReadOnlyCollection<StoredSnapshot> snapshots, long time) => throw new LostAnswerException();

        public void Undo(bool full)
        {
        }

        public GroupWritten? TookEffect()
        {
            Asked.Set();
            throw new LostAnswerException();
        }

        public void Rest()
        {
        }

        public void Dispose() => Asked.Dispose();
    }

    private sealed class LostAnswerException() : JournalStoreException("the server is gone")
    {
        public override bool IsFull => false;

        public override bool IsCorrupt => false;

        public override bool IsInDoubt => true;
    }
}
