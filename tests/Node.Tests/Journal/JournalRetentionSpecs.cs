using QTrade.Actors.Journal;
using QTrade.Node.Journal;
using QTrade.Shared.Journal;

namespace QTrade.Node.Tests.Journal;

public sealed class JournalRetentionSpecs : IDisposable
{
    private static readonly TimeSpan Retain = TimeSpan.FromDays(7);

    private readonly JournalFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Old_events_behind_the_snapshot_go_and_the_rest_stays()
    {
        await using SqliteJournal journal = Open();
        await AppendAsync(journal, "with", 1, "1", "2", "3");
        await AppendAsync(journal, "without", 1, "1", "2");
        journal.SaveSnapshot(new StoredSnapshot("with", 2, AppendProbe.Event("state")));
        _folder.Time.Advance(Retain + TimeSpan.FromSeconds(1));
        await AppendAsync(journal, "with", 4, "4");

        Assert.Equal(2, await journal.TrimAsync());

        Assert.Equal(["3", "4"], journal.Read("with", 0).Select(AppendProbe.Text));
        Assert.Equal(["1", "2"], journal.Read("without", 0).Select(AppendProbe.Text));
        Assert.Equal(["3", "1", "2", "4"], journal.ReadAll(0).Select(AppendProbe.Text));
        Assert.Equal(2, journal.Metrics.Trimmed);
        Assert.Empty(journal.Losses);
        Assert.Equal(0, await journal.TrimAsync());
    }

    [Fact]
    public async Task Young_events_stay_while_there_is_room()
    {
        await using SqliteJournal journal = Open();
        await AppendAsync(journal, "a", 1, "1", "2", "3");
        journal.SaveSnapshot(new StoredSnapshot("a", 3, AppendProbe.Event("state")));
        _folder.Time.Advance(Retain);
        await AppendAsync(journal, "b", 1, "behind the snapshot");

        Assert.Equal(0, await journal.TrimAsync());
    }

    [Fact]
    public async Task Entity_whose_events_are_all_gone_keeps_its_sequence_and_the_journal_its_order()
    {
        await using (SqliteJournal journal = Open())
        {
            await AppendAsync(journal, "a", 1, "1", "2", "3");
            journal.SaveSnapshot(new StoredSnapshot("a", 3, AppendProbe.Event("state")));
            await AppendAsync(journal, "a", 4, "4");
            journal.SaveSnapshot(new StoredSnapshot("a", 4, AppendProbe.Event("state")));
            _folder.Time.Advance(2 * Retain);
            await journal.DisposeAsync();
        }

        await using SqliteJournal again = Open();
        Assert.Equal(4, await again.TrimAsync());
        await again.DisposeAsync();

        await using SqliteJournal trimmed = Open();
        Assert.Empty(trimmed.ReadAll(0));
        Assert.Empty(trimmed.Read("a", 0));
        Assert.Equal(4, trimmed.HighestSequenceNumber("a"));
        Assert.Equal(4, trimmed.ReadSnapshot("a")?.SequenceNumber);
        await AppendAsync(trimmed, "a", 5, "5");
        Assert.Equal(5, trimmed.ReadAll(0).Single().Ordinal);
    }

    [Fact]
    public async Task Journal_over_its_size_drops_the_oldest_and_gives_their_room_back()
    {
        const int Events = 800;
        await using SqliteJournal journal = Open(new SqliteJournalOptions { Folder = _folder.Path, LogRoomBytes = 0, Retain = Retain, MaxSizeBytes = 2 << 20 });
        string text = new('x', 8_000);
        for (int i = 1; i <= Events; i++) await AppendAsync(journal, "a", i, text);
        journal.SaveSnapshot(new StoredSnapshot("a", Events, AppendProbe.Event("state")));
        await AppendAsync(journal, "b", 1, "behind the snapshot");

        int trimmed = await journal.TrimAsync();

        Assert.InRange(trimmed, Events / 2, Events - 1);
        Assert.Equal(Events, journal.Read("a", 0).Last().SequenceNumber);
        Assert.Equal(trimmed + 1, journal.Read("a", 0).First().SequenceNumber);
        await journal.DisposeAsync();
        Assert.InRange(new FileInfo(_folder.File).Length, 1 << 20, 4 << 20);
    }

    [Fact]
    public async Task Events_behind_a_damaged_snapshot_stay()
    {
        await using SqliteJournal journal = Open();
        await AppendAsync(journal, "a", 1, "1", "2");
        journal.SaveSnapshot(new StoredSnapshot("a", 2, AppendProbe.Event("state")));
        await AppendAsync(journal, "b", 1, "behind the snapshot");
        _folder.Execute("UPDATE snapshots SET state = x'00'");
        _folder.Time.Advance(2 * Retain);

        Assert.Equal(0, await journal.TrimAsync());
        Assert.Null(journal.ReadSnapshot("a"));
        Assert.Equal(["1", "2"], journal.Read("a", 0).Select(AppendProbe.Text));
    }

    private SqliteJournal Open(SqliteJournalOptions? options = null) =>
        _folder.Open(options ?? new SqliteJournalOptions { Folder = _folder.Path, LogRoomBytes = 0, Retain = Retain });

    private static async Task AppendAsync(SqliteJournal journal, string entity, long first, params string[] texts)
    {
        AppendProbe probe = AppendProbe.Of(entity, first, texts);
        journal.Append(probe);
        Assert.Equal(AppendStatus.Committed, await probe.Ended);
    }
}
