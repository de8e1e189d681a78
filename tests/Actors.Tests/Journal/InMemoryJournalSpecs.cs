using QTrade.Actors.Journal;
using QTrade.Shared.Actors;
using QTrade.Shared.Journal;

namespace QTrade.Actors.Tests.Journal;

public sealed class InMemoryJournalSpecs
{
    private static readonly TimeSpan Latency = TimeSpan.FromMilliseconds(4);

    private readonly ManualClock _clock = new();

    [Fact]
    public void Appends_of_one_commit_latency_are_one_group()
    {
        var journal = new InMemoryJournal(_clock, Latency);
        var first = AppendProbe.Of("a", 1, "1");
        var second = AppendProbe.Of("b", 1, "2");

        journal.Append(first);
        _clock.Advance(Latency / 2);
        journal.Append(second);
        Assert.Equal((0, 0, 0), (journal.Count, first.Completions, second.Completions));
        _clock.Advance(Latency / 2);

        Assert.Equal((2, 1, 1), (journal.Count, first.Completions, second.Completions));
        Assert.Equal(1, journal.Commits);
    }

    [Fact]
    public void A_crash_loses_what_is_not_committed_and_completes_nothing()
    {
        var journal = new InMemoryJournal(_clock, Latency);
        journal.Append(AppendProbe.Of("a", 1, "durable"));
        _clock.Advance(Latency);
        var lost = AppendProbe.Of("a", 2, "lost");
        journal.Append(lost);

        var found = journal.Crash(_clock);
        _clock.Advance(Latency);

        Assert.Equal(0, lost.Completions);
        Assert.Equal(["durable"], found.ReadAll(0).Select(AppendProbe.Text));
    }

    [Theory]
    [InlineData(JournalFault.Full, AppendStatus.Full)]
    [InlineData(JournalFault.Broken, AppendStatus.Broken)]
    public async Task A_fault_refuses_appends_until_it_is_taken_back(JournalFault fault, AppendStatus status)
    {
        var journal = new InMemoryJournal(_clock, Latency) { Fault = fault };
        var refused = AppendProbe.Of("a", 1, "refused");
        journal.Append(refused);
        _clock.Advance(Latency);

        Assert.Equal(status, await refused.Ended);
        Assert.NotNull(refused.Error);
        journal.Fault = JournalFault.None;
        var written = AppendProbe.Of("a", 1, "written");
        journal.Append(written);
        _clock.Advance(Latency);

        Assert.Equal(AppendStatus.Committed, await written.Ended);
    }
}
