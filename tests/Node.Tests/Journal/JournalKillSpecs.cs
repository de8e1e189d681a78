using System.Diagnostics;
using System.Globalization;
using QTrade.Actors.Journal;
using QTrade.Node.Journal;
using QTrade.Shared.Journal;

namespace QTrade.Node.Tests.Journal;

public sealed class JournalKillSpecs : IDisposable
{
    private readonly JournalFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(50)]
    [InlineData(400)]
    public async Task Process_killed_at_any_moment_keeps_every_event_it_was_told_is_durable(int reports)
    {
        long told = RunAndKill(reports);

        await using SqliteJournal journal = _folder.Open();

        StoredEvent[] stored = [.. journal.ReadAll(0)];
        Assert.True(stored.Length >= told, $"{told} events were durable, {stored.Length} are there");
        Assert.Equal(0, stored.Length % JournalWriterProcess.EventsPerAppend);
        foreach (IGrouping<string, StoredEvent> entity in stored.GroupBy(one => one.PersistenceId))
            Assert.Equal(Enumerable.Range(1, entity.Count()).Select(i => (long)i), entity.Select(one => one.SequenceNumber));
        Assert.Empty(journal.Losses);

        AppendProbe next = AppendProbe.Of(stored[0].PersistenceId, journal.HighestSequenceNumber(stored[0].PersistenceId) + 1, "next");
        journal.Append(next);
        Assert.Equal(AppendStatus.Committed, await next.Ended);
    }

    [Fact]
    public async Task Process_that_looks_into_a_running_journal_and_leaves_takes_nothing_away()
    {
        var options = new SqliteJournalOptions { Folder = _folder.Path };
        await using SqliteJournal journal = _folder.Open(options);
        AppendProbe first = AppendProbe.Of("a", 1, "1");
        journal.Append(first);
        Assert.Equal(AppendStatus.Committed, await first.Ended);

        using (Process process = OwnProcess.Start(JournalLookProcess.Verb, _folder.File))
        {
            await process.WaitForExitAsync();
            Assert.Equal(0, process.ExitCode);
        }

        // The last to leave a database deletes its log: the process must not have taken itself for the last.
        Assert.True(File.Exists(_folder.File + "-wal"));
        AppendProbe second = AppendProbe.Of("a", 2, "2");
        journal.Append(second);
        Assert.Equal(AppendStatus.Committed, await second.Ended);
        Assert.Equal(2, _folder.ReadInt64("SELECT count(*) FROM events"));
    }

    /// <summary>Lets a process write until it reported that often, and kills it while it goes on.</summary>
    /// <returns>Events that it last reported as durable.</returns>
    private long RunAndKill(int reports)
    {
        using Process process = OwnProcess.Start(JournalWriterProcess.Verb, _folder.Path);
        long told = 0;
        for (int i = 0; i < reports; i++)
            told = long.Parse(process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("the writer ended by itself"), CultureInfo.InvariantCulture);
        process.Kill();
        process.WaitForExit();
        return told;
    }
}
