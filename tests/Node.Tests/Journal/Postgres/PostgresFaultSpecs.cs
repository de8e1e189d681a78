using QTrade.Actors.Journal;
using QTrade.Node.Journal.Postgres;
using QTrade.Shared.Journal;
using QTrade.Shared.Network;

namespace QTrade.Node.Tests.Journal.Postgres;

[Collection(PostgresCollection.Name)]
public sealed class PostgresFaultSpecs(PostgresFixture postgres)
{
    [PostgresFact]
    public async Task Server_killed_during_appends_loses_no_acknowledged_event_and_keeps_none_twice()
    {
        await using PostgresJournal journal = PostgresFixture.Open(postgres.Options());
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var stop = new CancellationTokenSource();
        Task<long>[] writers = [.. Enumerable.Range(0, 20).Select(i => Task.Run(() => AppendUntilAsync(journal, $"e{i}", started, stop.Token)))];

        await started.Task;
        postgres.Server.Kill();
        Assert.Equal(AppendStatus.Broken, await AppendAsync(journal, AppendProbe.Of("while it is down", 1, "x")));
        postgres.Server.Launch();
        await CommitAsync(journal, "after it is up", 1);
        await stop.CancelAsync();
        long[] acknowledged = await Task.WhenAll(writers);

        Dictionary<string, StoredEvent[]> stored = journal.ReadAll(0).GroupBy(one => one.PersistenceId).ToDictionary(one => one.Key, one => one.ToArray());
        for (int i = 0; i < acknowledged.Length; i++)
        {
            Assert.Equal(Enumerable.Range(1, (int)acknowledged[i]).Select(n => $"e{i}#{n}"), stored[$"e{i}"].Select(AppendProbe.Text));
        }
        Assert.Empty(journal.Losses);
    }

    [PostgresFact]
    public async Task Commit_whose_answer_was_lost_is_acknowledged_once_the_server_says_that_it_took_effect()
    {
        using var proxy = new CuttingProxy(postgres.Server.Port);
        PostgresJournalOptions options = postgres.Options(connection: Through(proxy));
        await using PostgresJournal journal = PostgresFixture.Open(options);
        await CommitAsync(journal, "a", 1);
        Task cut = proxy.CutAtAsync(answer => answer.Span.IndexOf("COMMIT"u8) >= 0);

        AppendProbe inDoubt = AppendProbe.Of("a", 2, "in doubt");
        journal.Append(inDoubt);
        await cut;
        Assert.Equal(AppendStatus.Broken, await AppendAsync(journal, AppendProbe.Of("other", 1, "meanwhile")));
        Assert.Equal(0, inDoubt.Completions);
        proxy.Mend();

        Assert.Equal(AppendStatus.Committed, await inDoubt.Ended);
        Assert.Equal(2, postgres.Scalar($"SELECT count(*) FROM {options.Schema}.events WHERE sequence <= 2"));
        Assert.Equal(2, journal.Metrics.Events);
        Assert.Equal(AppendStatus.Committed, await AppendAsync(journal, AppendProbe.Of("a", 3, "next")));
    }

    [PostgresFact]
    public async Task Commit_in_doubt_is_acknowledged_though_the_answer_to_connecting_again_was_lost_as_well()
    {
        using var proxy = new CuttingProxy(postgres.Server.Port);
        await using PostgresJournal journal = PostgresFixture.Open(postgres.Options(connection: Through(proxy)));
        await CommitAsync(journal, "a", 1);
        Task cut = proxy.CutAtAsync(answer => answer.Span.IndexOf("COMMIT"u8) >= 0);
        AppendProbe inDoubt = AppendProbe.Of("a", 2, "in doubt");
        journal.Append(inDoubt);
        await cut;

        Task cutAgain = proxy.CutAtAsync(answer => answer.Span.IndexOf("COMMIT"u8) >= 0);
        proxy.Mend();
        await cutAgain;
        proxy.Mend();

        Assert.Equal(AppendStatus.Committed, await inDoubt.Ended);
        Assert.Equal(AppendStatus.Committed, await AppendAsync(journal, AppendProbe.Of("a", 3, "next")));
    }

    [PostgresFact]
    public async Task Connection_that_is_cut_refuses_appends_as_broken_and_heals_by_itself()
    {
        using var proxy = new CuttingProxy(postgres.Server.Port);
        PostgresJournalOptions options = postgres.Options(connection: Through(proxy));
        await using PostgresJournal journal = PostgresFixture.Open(options);
        await CommitAsync(journal, "a", 1);

        proxy.Cut();
        AppendProbe refused = AppendProbe.Of("a", 2, "refused");
        Assert.Equal(AppendStatus.Broken, await AppendAsync(journal, refused));
        Assert.Contains("postgres://qtrade@127.0.0.1", refused.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(postgres.Server.Password, refused.Error, StringComparison.Ordinal);
        proxy.Mend();

        await CommitAsync(journal, "a", 2);
        Assert.Equal(["1", "2"], journal.Read("a", 0).Select(AppendProbe.Text));
    }

    [PostgresFact]
    public async Task Node_that_lost_its_entity_to_another_is_fenced_by_a_conflict_even_after_the_events_were_dropped()
    {
        PostgresJournalOptions options = postgres.Options();
        await using PostgresJournal old = PostgresFixture.Open(options);
        await using PostgresJournal young = PostgresFixture.Open(options);
        await CommitAsync(old, "a", 1);
        await CommitAsync(young, "a", 2);
        await CommitAsync(young, "a", 3);

        Assert.Equal(AppendStatus.Conflict, await AppendAsync(old, AppendProbe.Of("a", 2, "late")));
        postgres.Execute($"DELETE FROM {options.Schema}.events WHERE sequence = 2");
        Assert.Equal(AppendStatus.Conflict, await AppendAsync(old, AppendProbe.Of("a", 2, "late")));

        Assert.Equal(AppendStatus.Committed, await AppendAsync(young, AppendProbe.Of("a", 4, "next")));
        Assert.Equal(2, old.Metrics.Conflicts);
    }

    [PostgresFact]
    public async Task Reader_of_the_global_order_sees_no_hole_while_two_nodes_commit()
    {
        PostgresJournalOptions options = postgres.Options();
        await using PostgresJournal one = PostgresFixture.Open(options);
        await using PostgresJournal two = PostgresFixture.Open(options);
        using var stop = new CancellationTokenSource();
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<long>[] writers =
        [
            .. Enumerable.Range(0, 10).SelectMany(i => new[] { (one, $"one-{i}"), (two, $"two-{i}") })
                .Select(writer => Task.Run(() => AppendUntilAsync(writer.Item1, writer.Item2, started, stop.Token))),
        ];

        await started.Task;
        var seen = new List<StoredEvent>();
        for (long last = 0; seen.Count < 4_000; last = seen.Count == 0 ? 0 : seen[^1].Ordinal) seen.AddRange(one.ReadAll(last));
        await stop.CancelAsync();
        await Task.WhenAll(writers);
        seen.AddRange(two.ReadAll(seen[^1].Ordinal));

        Assert.Equal(Enumerable.Range(1, seen.Count).Select(i => (long)i), seen.Select(stored => stored.Ordinal));
        Assert.Equal(one.ReadAll(0).Select(AppendProbe.Text), seen.Select(AppendProbe.Text));
    }

    private string Through(CuttingProxy proxy) =>
        postgres.Server.Connection.Replace($"Port={postgres.Server.Port}", $"Port={proxy.Port}", StringComparison.Ordinal);

    /// <summary>Appends until it is told to stop, repeating what was refused as broken; a conflict or a loss fails.</summary>
    private static async Task<long> AppendUntilAsync(PostgresJournal journal, string entity, TaskCompletionSource started, CancellationToken stop)
    {
        long acknowledged = 0;
        while (!stop.IsCancellationRequested)
        {
            AppendStatus status = await AppendAsync(journal, AppendProbe.Of(entity, acknowledged + 1, $"{entity}#{acknowledged + 1}"));
            Assert.True(status is AppendStatus.Committed or AppendStatus.Broken, $"{entity}: {status}");
            if (status == AppendStatus.Committed) acknowledged++;
            if (acknowledged == 50) started.TrySetResult();
        }
        return acknowledged;
    }

    /// <summary>Appends until it is committed; what is refused as broken is tried again.</summary>
    private static async Task CommitAsync(PostgresJournal journal, string entity, long sequence)
    {
        AppendStatus status;
        do status = await AppendAsync(journal, AppendProbe.Of(entity, sequence, $"{sequence}"));
        while (status == AppendStatus.Broken);
        Assert.Equal(AppendStatus.Committed, status);
    }

    private static Task<AppendStatus> AppendAsync(PostgresJournal journal, AppendProbe probe)
    {
        journal.Append(probe);
        return probe.Ended;
    }
}
