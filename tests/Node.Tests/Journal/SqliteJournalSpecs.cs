using QTrade.Actors.Journal;
using QTrade.Node.Journal;
using QTrade.Shared.Journal;

namespace QTrade.Node.Tests.Journal;

public sealed class SqliteJournalSpecs : IDisposable
{
    private readonly JournalFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Every_commit_is_flushed_to_the_disk_in_write_ahead_mode()
    {
        await using SqliteJournal journal = _folder.Open();

        Assert.Equal(2, journal.SynchronousLevel);
        Assert.Equal(1, _folder.ReadInt64("SELECT journal_mode = 'wal' FROM pragma_journal_mode"));
    }

    [Fact]
    public async Task Journal_of_a_newer_version_is_refused_in_one_line()
    {
        await _folder.Open().DisposeAsync();
        _folder.Execute($"INSERT INTO schema_version (version) VALUES ({JournalSchema.Version + 1})");

        string refusal = _folder.Refusal();

        Assert.Contains("newer qtrade", refusal, StringComparison.Ordinal);
        Assert.Contains(_folder.File, refusal, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal);
        Assert.Equal(JournalSchema.Version + 1, _folder.ReadInt64("SELECT max(version) FROM schema_version"));
    }

    [Fact]
    public void Database_of_another_program_is_refused_and_left_alone()
    {
        _folder.Execute("CREATE TABLE addresses (name TEXT)");

        Assert.Contains("another program", _folder.Refusal(), StringComparison.Ordinal);
        Assert.Equal(1, _folder.ReadInt64("SELECT count(*) FROM sqlite_schema"));
    }

    [Fact]
    public void File_that_is_no_database_is_refused()
    {
        File.WriteAllText(_folder.File, new string('x', 10_000));

        Assert.Contains("is not a journal", _folder.Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Second_node_on_the_same_journal_is_refused_by_name()
    {
        SqliteJournal first = _folder.Open();

        string refusal = _folder.Refusal();

        Assert.Contains($"process {Environment.ProcessId} on {Environment.MachineName}", refusal, StringComparison.Ordinal);
        Assert.Contains("2026-01-01 00:00:00Z", refusal, StringComparison.Ordinal);
        await first.DisposeAsync();
        await _folder.Open().DisposeAsync();
    }

    [Fact]
    public async Task Name_of_the_owner_that_cannot_be_written_refuses_nobody()
    {
        Directory.CreateDirectory(Path.Combine(_folder.Path, "journal.owner"));

        await using SqliteJournal journal = _folder.Open();

        Assert.Contains("belongs to another node", _folder.Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Journal_that_could_not_be_opened_leaves_its_folder_free()
    {
        Directory.CreateDirectory(_folder.File);
        Assert.DoesNotContain("another node", _folder.Refusal(), StringComparison.Ordinal);
        Directory.Delete(_folder.File);

        await _folder.Open().DisposeAsync();
        Directory.CreateDirectory(JournalDamage.MarkerOf(_folder.File));
        JournalDamage.Mark(_folder.File, "a page is damaged");

        await _folder.Open().DisposeAsync();
    }

    [Fact]
    public async Task Request_that_throws_is_refused_and_the_next_is_written()
    {
        await using SqliteJournal journal = _folder.Open();
        var thrown = new ThrowingRequest();

        journal.Append(thrown);

        Assert.Equal((AppendStatus.Broken, "no such event"), (await thrown.Ended, thrown.Error?.Split(": ")[^1]));
        Assert.Equal(AppendStatus.Committed, await AppendAsync(journal, AppendProbe.Of("a", 1, "1")));
        Assert.Equal("1", AppendProbe.Text(Assert.Single(journal.ReadAll(0))));
    }

    [Fact]
    public async Task Event_whose_manifest_has_no_name_is_lost_alone()
    {
        await using (SqliteJournal journal = _folder.Open())
        {
            for (int i = 1; i <= 6; i++)
            {
                var data = new EventData(i % 3 == 0 ? "spec.odd" : i % 3 == 1 ? "spec.nameless" : "spec.text", 1, new byte[] { (byte)i });
                await AppendAsync(journal, new AppendProbe("a", i, data));
            }
        }
        _folder.Execute("DELETE FROM manifests WHERE name = 'spec.nameless'");

        await using SqliteJournal again = _folder.Open();

        Assert.Equal([2, 3, 5, 6], again.ReadAll(0).Select(stored => stored.SequenceNumber));
        Assert.Equal([(1L, 1L), (4L, 4L)], again.Losses.Select(loss => (loss.FromOrdinal, loss.ToOrdinal)));
    }

    [Fact]
    public async Task Head_moved_by_another_writer_fences_this_one()
    {
        await using SqliteJournal journal = _folder.Open();
        await AppendAsync(journal, AppendProbe.Of("a", 1, "1"));

        _folder.Execute("UPDATE heads SET highest = 2");

        Assert.Equal(AppendStatus.Conflict, await AppendAsync(journal, AppendProbe.Of("a", 2, "2")));
        Assert.Single(journal.ReadAll(0));
        Assert.Equal(1, journal.Metrics.Conflicts);
    }

    [Fact]
    public async Task Full_disk_refuses_whole_appends_and_heals_when_there_is_room()
    {
        await using (SqliteJournal journal = _folder.Open(new SqliteJournalOptions { Folder = _folder.Path, MaxPages = 40 }))
        {
            string large = new('x', 20_000);
            long committed = 0;
            AppendProbe last;
            while (true)
            {
                last = AppendProbe.Of("a", committed + 1, large, large);
                if (await AppendAsync(journal, last) != AppendStatus.Committed) break;
                committed += 2;
            }

            Assert.Equal(AppendStatus.Full, await last.Ended);
            Assert.Contains(_folder.File, last.Error!, StringComparison.Ordinal);
            Assert.Equal(1, journal.Metrics.Full);
            Assert.Equal(committed, journal.HighestSequenceNumber("a"));
            Assert.Equal(committed, journal.Read("a", 0).LongCount());

            journal.SaveSnapshot(new StoredSnapshot("a", 1, AppendProbe.Event(large + large)));
            Assert.Equal(AppendStatus.Committed, await AppendAsync(journal, AppendProbe.Of("b", 1, "small")));
            Assert.Equal(1, journal.Metrics.SnapshotsDropped);
        }

        await using SqliteJournal roomy = _folder.Open();
        long next = roomy.HighestSequenceNumber("a") + 1;
        Assert.Equal(AppendStatus.Committed, await AppendAsync(roomy, AppendProbe.Of("a", next, new string('x', 20_000))));
    }

    [Fact]
    public async Task Journal_that_cannot_write_refuses_whole_appends_and_heals()
    {
        await using SqliteJournal journal = _folder.Open();
        await AppendAsync(journal, AppendProbe.Of("a", 1, "1"));

        _folder.Execute("ALTER TABLE events RENAME TO away");
        AppendProbe[] refused = [AppendProbe.Of("a", 2, "2"), AppendProbe.Of("a", 2, "2")];
        foreach (AppendProbe probe in refused) Assert.Equal(AppendStatus.Broken, await AppendAsync(journal, probe));
        _folder.Execute("ALTER TABLE away RENAME TO events");

        Assert.Equal(AppendStatus.Committed, await AppendAsync(journal, AppendProbe.Of("a", 2, "2")));
        Assert.Equal(["1", "2"], journal.ReadAll(0).Select(AppendProbe.Text));
        Assert.Equal(2, journal.Metrics.Broken);
        Assert.Contains(_folder.File, refused[1].Error!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Appends_past_the_bound_of_what_may_wait_are_refused_and_counted()
    {
        await using SqliteJournal journal = _folder.Open(new SqliteJournalOptions { Folder = _folder.Path, PendingAppendsMax = 1 });
        AppendProbe[] probes = [.. Enumerable.Range(0, 5_000).Select(i => AppendProbe.Of($"e{i}", 1, "x"))];

        foreach (AppendProbe probe in probes) journal.Append(probe);
        AppendStatus[] ended = await Task.WhenAll(probes.Select(probe => probe.Ended));

        int refused = ended.Count(status => status == AppendStatus.Broken);
        Assert.InRange(refused, 1, probes.Length - 1);
        Assert.Equal(refused, journal.Metrics.Broken);
        Assert.Equal(probes.Length - refused, journal.ReadAll(0).Count());
    }

    [Fact]
    public async Task Closed_journal_refuses_appends()
    {
        SqliteJournal journal = _folder.Open();
        await journal.DisposeAsync();

        Assert.Equal(AppendStatus.Broken, await AppendAsync(journal, AppendProbe.Of("a", 1, "1")));
    }

    [Fact]
    public async Task What_was_done_is_counted()
    {
        await using SqliteJournal journal = _folder.Open();

        await AppendAsync(journal, AppendProbe.Of("a", 1, "12", "345"));

        Assert.Equal((2, 1, 5, 1), (journal.Metrics.Events, journal.Metrics.Groups, journal.Metrics.Bytes, journal.Metrics.LastGroupAppends));
        Assert.True(journal.Metrics.Pages > 0);
    }

    [Fact]
    public async Task Log_is_copied_into_the_file_and_begun_anew_while_appends_go_on()
    {
        var options = new SqliteJournalOptions { Folder = _folder.Path, CheckpointBytes = 1 << 16, LogRoomBytes = 0 };
        await using SqliteJournal journal = _folder.Open(options);
        string text = new('x', 4_000);

        for (int i = 1; i <= 1_000; i++) await AppendAsync(journal, AppendProbe.Of("a", i, text));

        Assert.True(journal.Metrics.Checkpoints > 0);
        Assert.Equal(0, journal.Metrics.CheckpointFailures);
        Assert.True(new FileInfo(_folder.File + "-wal").Length < 4_000_000);
        Assert.Equal(1_000, journal.ReadAll(0).Count());
    }

    [Fact]
    public async Task Log_that_was_given_room_is_written_in_it_and_read_as_far_as_it_was_written()
    {
        var options = new SqliteJournalOptions { Folder = _folder.Path, LogRoomBytes = 1 << 20 };
        await using (SqliteJournal journal = _folder.Open(options))
        {
            Assert.Equal(1 << 20, new FileInfo(_folder.File + "-wal").Length);
            await AppendAsync(journal, AppendProbe.Of("a", 1, "1"));
            Assert.Equal(1 << 20, new FileInfo(_folder.File + "-wal").Length);
            File.Copy(_folder.File, _folder.File + ".copy");
            File.Copy(_folder.File + "-wal", _folder.File + ".copy-wal");
        }

        File.Move(_folder.File + ".copy", _folder.File, overwrite: true);
        File.Move(_folder.File + ".copy-wal", _folder.File + "-wal");
        await using SqliteJournal recovered = _folder.Open(options);
        Assert.Equal("1", AppendProbe.Text(recovered.ReadAll(0).Single()));
    }

    [Fact]
    public async Task Copy_made_while_it_runs_is_a_journal()
    {
        using var other = new JournalFolder();
        await using (SqliteJournal journal = _folder.Open())
        {
            await AppendAsync(journal, AppendProbe.Of("a", 1, "1", "2"));

            Assert.Null(journal.BackUp(other.File));
            Assert.Contains("exists already", journal.BackUp(other.File)!, StringComparison.Ordinal);
            Assert.Equal(AppendStatus.Committed, await AppendAsync(journal, AppendProbe.Of("a", 3, "3")));
        }

        await using SqliteJournal copy = other.Open();
        Assert.Equal(["1", "2"], copy.ReadAll(0).Select(AppendProbe.Text));
        Assert.Equal(AppendStatus.Committed, await AppendAsync(copy, AppendProbe.Of("a", 3, "3")));
    }

    private static Task<AppendStatus> AppendAsync(SqliteJournal journal, AppendProbe probe)
    {
        journal.Append(probe);
        return probe.Ended;
    }

    private sealed class ThrowingRequest : AppendRequest
    {
        private readonly TaskCompletionSource<AppendStatus> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<AppendStatus> Ended => _ended.Task.WaitAsync(TimeSpan.FromSeconds(60));

        public string? Error { get; private set; }

        public override string PersistenceId => "a";

        public override long FirstSequenceNumber => 1;

        public override int Count => 1;

        public override EventData this[int index] => throw new InvalidOperationException("no such event");

        public override void Complete(AppendStatus status, string? error)
        {
            Error = error;
            _ended.TrySetResult(status);
        }
    }
}
