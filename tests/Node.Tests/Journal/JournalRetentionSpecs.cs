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
    public async Task Old_events_behind_the_snapshot_go_but_the_newest_of_them_and_the_rest_stay()
    {
        await using SqliteJournal journal = Open();
        await AppendAsync(journal, "with", 1, "1", "2", "3", "4");
        await AppendAsync(journal, "without", 1, "1", "2");
        journal.SaveSnapshot(new StoredSnapshot("with", 3, AppendProbe.Event("state")));
        _folder.Time.Advance(Retain + TimeSpan.FromSeconds(1));
        await AppendAsync(journal, "with", 5, "5");

        Assert.Equal(2, await journal.TrimAsync());

        Assert.Equal(["3", "4", "5"], journal.Read("with", 0).Select(AppendProbe.Text));
        Assert.Equal(["1", "2"], journal.Read("without", 0).Select(AppendProbe.Text));
        Assert.Equal(["3", "4", "1", "2", "5"], journal.ReadAll(0).Select(AppendProbe.Text));
        Assert.Equal(2, journal.Metrics.Trimmed);
        Assert.Empty(journal.Losses);
        Assert.Equal(0, await journal.TrimAsync());
    }

    [Fact]
    public async Task An_event_stays_as_long_as_the_one_that_replaced_it_is_young()
    {
        await using SqliteJournal journal = Open();
        await AppendAsync(journal, "a", 1, "long in force");
        _folder.Time.Advance(2 * Retain);
        await AppendAsync(journal, "a", 2, "2");
        journal.SaveSnapshot(new StoredSnapshot("a", 2, AppendProbe.Event("state")));
        await AppendAsync(journal, "b", 1, "behind the snapshot");

        Assert.Equal(0, await journal.TrimAsync());

        _folder.Time.Advance(Retain + TimeSpan.FromSeconds(1));
        Assert.Equal(1, await journal.TrimAsync());
        Assert.Equal(["2"], journal.Read("a", 0).Select(AppendProbe.Text));
    }

    [Fact]
    public async Task An_entity_that_is_over_is_forgotten_whole_and_its_key_is_not_given_again()
    {
        await using SqliteJournal journal = Open(Finishing());
        await AppendAsync(journal, "trade/1", 1, "intent");
        await AppendAsync(journal, "trade/2", 1, "intent");
        await AppendAsync(journal, new AppendProbe("trade/1", 2, Final));
        await AppendAsync(journal, new AppendProbe("trade/3", 1, Final));
        _folder.Time.Advance(Retain + TimeSpan.FromSeconds(1));

        Assert.Equal(2, await journal.TrimAsync());

        Assert.Equal(0, journal.HighestSequenceNumber("trade/1"));
        Assert.Empty(journal.Read("trade/1", 0));
        Assert.Equal(["trade/2", "trade/3"], journal.ReadAll(0).Select(stored => stored.PersistenceId));
        Assert.Equal(2, _folder.ReadInt64("SELECT count(*) FROM heads"));
        Assert.Equal(2, _folder.ReadInt64("SELECT count(*) FROM entities"));
        await AppendAsync(journal, "trade/1", 1, "anew");
        Assert.Equal("trade/1", journal.ReadAll(0).Last().PersistenceId);
        Assert.Equal(1, await journal.TrimAsync());
        Assert.Equal(0, journal.HighestSequenceNumber("trade/3"));
        Assert.Empty(journal.Losses);
    }

    [Fact]
    public async Task An_entity_that_is_over_is_remembered_for_a_while_however_large_the_journal()
    {
        SqliteJournalOptions options = Finishing();
        await using SqliteJournal journal = Open(options);
        for (int i = 0; i < 400; i++) await AppendAsync(journal, new AppendProbe($"trade/{i}", 1, Final));

        Assert.Equal(0, await journal.TrimAsync());

        _folder.Time.Advance(options.FinishedRetainMin + TimeSpan.FromSeconds(1));
        Assert.InRange(await journal.TrimAsync(), 100, 399);
        Assert.Equal(0, journal.HighestSequenceNumber("trade/0"));
        Assert.Equal(1, journal.HighestSequenceNumber("trade/399"));
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
    public async Task Entity_whose_events_are_gone_keeps_its_last_and_its_sequence_and_the_journal_its_order()
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
        Assert.Equal(3, await again.TrimAsync());
        await again.DisposeAsync();

        await using SqliteJournal trimmed = Open();
        Assert.Equal(["4"], trimmed.ReadAll(0).Select(AppendProbe.Text));
        Assert.Equal(["4"], trimmed.Read("a", 0).Select(AppendProbe.Text));
        Assert.Equal(4, trimmed.HighestSequenceNumber("a"));
        Assert.Equal(4, trimmed.ReadSnapshot("a")?.SequenceNumber);
        await AppendAsync(trimmed, "a", 5, "5");
        Assert.Equal(5, trimmed.ReadAll(0).Last().Ordinal);
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

    private static EventData Final => new("spec.final", 1, new byte[8_000]);

    private SqliteJournalOptions Finishing() => new()
    {
        Folder = _folder.Path, LogRoomBytes = 0, Retain = Retain, MaxSizeBytes = 2 << 20, FinalManifests = ["spec.final"],
    };

    private static Task AppendAsync(SqliteJournal journal, string entity, long first, params string[] texts) =>
        AppendAsync(journal, AppendProbe.Of(entity, first, texts));

    private static async Task AppendAsync(SqliteJournal journal, AppendProbe probe)
    {
        journal.Append(probe);
        Assert.Equal(AppendStatus.Committed, await probe.Ended);
    }
}
