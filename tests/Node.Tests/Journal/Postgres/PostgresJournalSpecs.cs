using QTrade.Actors.Journal;
using QTrade.Node.Journal.Postgres;
using QTrade.Shared.Journal;

namespace QTrade.Node.Tests.Journal.Postgres;

[Collection(PostgresCollection.Name)]
public sealed class PostgresJournalSpecs(PostgresFixture postgres)
{
    [PostgresFact]
    public async Task Journal_of_a_newer_version_is_refused_in_one_line_and_left_alone()
    {
        PostgresJournalOptions options = postgres.Options();
        await PostgresFixture.Open(options).DisposeAsync();
        postgres.Execute($"INSERT INTO {options.Schema}.schema_version VALUES (99)");

        string refusal = Refusal(options);

        Assert.Contains("newer qtrade (journal version 99, this one reads up to 1)", refusal, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal);
    }

    [PostgresFact]
    public void Schema_of_another_program_is_refused()
    {
        PostgresJournalOptions options = postgres.Options();
        postgres.Execute($"CREATE SCHEMA {options.Schema}; CREATE TABLE {options.Schema}.theirs (id int)");

        Assert.Contains("tables of another program", Refusal(options), StringComparison.Ordinal);
    }

    [PostgresFact]
    public void Wrong_password_is_refused_in_one_line_that_does_not_hold_it()
    {
        PostgresJournalOptions right = postgres.Options();
        string refusal = Refusal(new PostgresJournalOptions { Connection = right.Connection, Password = "open sesame", Schema = right.Schema });

        Assert.Contains("password authentication failed", refusal, StringComparison.Ordinal);
        Assert.DoesNotContain("open sesame", refusal, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal);
    }

    [PostgresFact]
    public async Task Second_node_on_a_journal_that_is_to_be_its_alone_is_refused_and_told_who_has_it()
    {
        PostgresJournalOptions options = Alone(postgres.Options());
        PostgresJournal first = PostgresFixture.Open(options);

        Assert.Contains($"belongs to another node (process {Environment.ProcessId} on ", Refusal(options), StringComparison.Ordinal);

        await first.DisposeAsync();
        await PostgresFixture.Open(options).DisposeAsync();
    }

    [PostgresFact]
    public async Task Event_whose_bytes_changed_is_named_as_lost_and_the_others_are_read()
    {
        PostgresJournalOptions options = postgres.Options();
        await using PostgresJournal journal = PostgresFixture.Open(options);
        await AppendAsync(journal, AppendProbe.Of("a", 1, "1", "2", "3"));
        postgres.Execute($"UPDATE {options.Schema}.events SET payload = 'x' WHERE sequence = 2");

        Assert.Equal(["1", "3"], journal.ReadAll(0).Select(AppendProbe.Text));

        Assert.Equal("events 2..2 (a 2)", Assert.Single(journal.Losses).ToString());
        Assert.Equal(new LostEvents("a", 2, 2), Assert.Single(journal.Lost));
    }

    [PostgresFact]
    public async Task Name_that_the_database_cannot_keep_is_refused_alone()
    {
        await using PostgresJournal journal = PostgresFixture.Open(postgres.Options());

        AppendStatus[] ended = await Task.WhenAll(
            AppendAsync(journal, AppendProbe.Of("nul\0", 1, "x")), AppendAsync(journal, AppendProbe.Of("half \ud800", 1, "x")), AppendAsync(journal, AppendProbe.Of("whole 😀", 1, "x")));

        Assert.Equal([AppendStatus.Broken, AppendStatus.Broken, AppendStatus.Committed], ended);
    }

    [PostgresFact]
    public async Task Retention_drops_replaced_events_behind_snapshots_and_entities_that_are_over()
    {
        var time = new ManualTime();
        PostgresJournalOptions options = postgres.Options();
        options = new PostgresJournalOptions(new QTrade.Node.Journal.JournalBounds { Retain = TimeSpan.FromHours(2), FinalManifests = ["spec.over"] })
        {
            Connection = options.Connection, Password = options.Password, Schema = options.Schema,
        };
        await using PostgresJournal journal = PostgresFixture.Open(options, time);
        await AppendAsync(journal, AppendProbe.Of("kept", 1, "1", "2", "3"));
        await AppendAsync(journal, new AppendProbe("over", 1, AppendProbe.Event("x"), new EventData("spec.over", 1, default)));
        journal.SaveSnapshot(new StoredSnapshot("kept", 3, AppendProbe.Event("state")));
        await AppendAsync(journal, AppendProbe.Of("kept", 4, "4"));

        Assert.Equal(0, await journal.TrimAsync());
        time.Advance(TimeSpan.FromHours(3));
        await AppendAsync(journal, AppendProbe.Of("kept", 5, "5"));
        int trimmed = await journal.TrimAsync();

        Assert.Equal(4, trimmed);
        Assert.Equal(["3", "4", "5"], journal.ReadAll(0).Select(AppendProbe.Text));
        Assert.Equal((5, 0), (journal.HighestSequenceNumber("kept"), journal.HighestSequenceNumber("over")));
        Assert.Equal(3, postgres.Scalar($"SELECT events FROM {options.Schema}.journal"));
        Assert.Equal(3, postgres.Scalar($"SELECT bytes FROM {options.Schema}.journal"));
        Assert.Equal(0, journal.Metrics.RetentionFailures);
    }

    [TinyDiskPostgresFact]
    public async Task Disk_of_the_tables_that_is_full_refuses_appends_as_full_and_heals_when_there_is_room()
    {
        string folder = Directory.CreateDirectory(Path.Combine(postgres.Server.Folder, "tiny")).FullName;
        using var disk = new TinyDisk(folder);
        string space = Directory.CreateDirectory(Path.Combine(folder, "space")).FullName, filler = Path.Combine(folder, "filler");
        PostgresServerProcess.Own(space);
        PostgresJournalOptions options = postgres.Options();
        postgres.Execute($"CREATE TABLESPACE tiny LOCATION '{space}'");
        try
        {
            await PostgresFixture.Open(options).DisposeAsync();
            postgres.Execute($"ALTER TABLE {options.Schema}.events SET TABLESPACE tiny");
            File.WriteAllBytes(filler, new byte[2 << 20]);
            await using PostgresJournal journal = PostgresFixture.Open(options);
            long committed = await FillAsync(journal);
            Assert.True(committed > 0);

            // Not deleted: a process that another spec starts at the same time may hold a deleted file's room.
            File.WriteAllBytes(filler, []);
            AppendProbe next = AppendProbe.Of("a", committed + 1, "next");
            Assert.True(await AppendAsync(journal, next) == AppendStatus.Committed, next.Error);
            Assert.Equal(committed + 1, journal.Read("a", 0).LongCount());
        }
        finally
        {
            postgres.Execute($"DROP SCHEMA {options.Schema} CASCADE");
            postgres.Execute("DROP TABLESPACE tiny");
        }
    }

    /// <summary>Appends until there is no room.</summary>
    /// <returns>How many appends there was room for.</returns>
    private static async Task<long> FillAsync(PostgresJournal journal)
    {
        string text = new('x', 30_000);
        for (long sequence = 1; ; sequence++)
        {
            AppendProbe probe = AppendProbe.Of("a", sequence, text);
            AppendStatus status = await AppendAsync(journal, probe);
            if (status == AppendStatus.Committed) continue;
            Assert.True(status == AppendStatus.Full, probe.Error);
            return sequence - 1;
        }
    }

    private static PostgresJournalOptions Alone(PostgresJournalOptions options) =>
        new() { Connection = options.Connection, Password = options.Password, Schema = options.Schema, Alone = true };

    private static string Refusal(PostgresJournalOptions options)
    {
        Assert.False(PostgresJournal.TryOpen(options, TimeProvider.System, null, out _, out string? refusal));
        return refusal!;
    }

    private static Task<AppendStatus> AppendAsync(PostgresJournal journal, AppendProbe probe)
    {
        journal.Append(probe);
        return probe.Ended;
    }
}
