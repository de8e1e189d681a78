using System.Text.Json;
using QTrade.Actors.Journal;
using QTrade.Node.Journal;
using QTrade.Node.Journal.Postgres;
using QTrade.Node.Tests.Verbs;
using QTrade.Node.Verbs;
using QTrade.Shared.Journal;
using QTrade.Shared.Network;

namespace QTrade.Node.Tests.Journal.Postgres;

[Collection(PostgresCollection.Name)]
public sealed class PostgresProgramSpecs(PostgresFixture postgres) : IDisposable
{
    private readonly ProgramRun _program = new();

    public void Dispose() => _program.Dispose();

    [PostgresFact]
    public async Task Node_runs_on_a_database_and_its_copies_of_either_kind_replay_the_same()
    {
        string schema = Configure();
        ProgramAnswer run = await _program.RunAsync("run", "--for", "2s", "--config", "mine.conf", "--market", "samples/five-pools.json");
        Assert.Equal((ExitCode.Done, ""), (run.ExitCode, run.Error));
        Assert.Contains($"postgres://qtrade@127.0.0.1:{postgres.Server.Port}/postgres schema {schema}", run.Out, StringComparison.Ordinal);
        JsonElement there = await JsonAsync("replay", "--verify", "--json", "--config", "mine.conf");
        Assert.True(there.GetProperty("decisions").GetInt64() > 0);

        JsonElement copied = await JsonAsync("journal", "copy", "postgres", "copy", "--json", "--config", "mine.conf");
        Assert.True(copied.GetProperty("events").GetInt64() > 0);
        string back = postgres.NewSchema();
        await JsonAsync("journal", "copy", "copy", $"postgres:{back}", "--json", "--config", "mine.conf");

        Assert.Equal(there.ToString(), (await JsonAsync("replay", "--verify", "--json", "--data", "copy")).ToString());
        Assert.Equal(there.ToString(), (await JsonAsync("replay", "--verify", "--json", "--config", "mine.conf", "--set", $"journal.schema={back}")).ToString());
        await SameAsync(schema, back);
        ProgramAnswer again = await _program.RunAsync("journal", "copy", "copy", $"postgres:{back}", "--config", "mine.conf");
        Assert.Equal(ExitCode.Failed, again.ExitCode);
        Assert.Contains("there is a journal in", again.Error, StringComparison.Ordinal);
    }

    [PostgresFact]
    public async Task A_node_that_is_stopped_while_a_commit_is_in_doubt_and_its_database_is_away_ends_and_the_next_goes_on()
    {
        using var proxy = new CuttingProxy(postgres.Server.Port);
        Task? cut = null;
        // Once the journal is open, the node's first commit is the next.
        using var program = new ProgramRun { Heard = line => cut ??= line.StartsWith("Journal: ", StringComparison.Ordinal) ? proxy.CutAtAsync(answer => answer.Span.IndexOf("COMMIT"u8) >= 0) : null };
        Configure(program, postgres.Server.Connection.Replace($"Port={postgres.Server.Port}", $"Port={proxy.Port}", StringComparison.Ordinal));
        string[] run = ["run", "--for", "3s", "--config", "mine.conf", "--market", "samples/five-pools.json"];
        ProgramAnswer stopped = await program.RunAsync(run).WaitAsync(TimeSpan.FromMinutes(1));
        Assert.True(cut is { IsCompletedSuccessfully: true }, stopped.Out);
        Assert.Equal(ExitCode.Done, stopped.ExitCode);

        proxy.Mend();
        ProgramAnswer next = await program.RunAsync(run);
        Assert.Equal((ExitCode.Done, ""), (next.ExitCode, next.Error));
    }

    [PostgresFact]
    public async Task A_database_that_cannot_be_read_to_its_end_is_not_copied_and_is_named()
    {
        string schema = Configure();
        ProgramAnswer run = await _program.RunAsync("run", "--for", "1s", "--config", "mine.conf", "--market", "samples/five-pools.json");
        Assert.Equal((ExitCode.Done, ""), (run.ExitCode, run.Error));
        postgres.Execute($"ALTER TABLE {schema}.events RENAME TO elsewhere");

        ProgramAnswer copy = await _program.RunAsync("journal", "copy", "postgres", "copy", "--config", "mine.conf");

        Assert.Equal(ExitCode.Failed, copy.ExitCode);
        Assert.Contains($"schema {schema} cannot be read (", copy.ErrorLine, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(_program.Folder, "copy", SqliteJournal.FileName)));
    }

    [PostgresFact]
    public async Task Doctor_looks_at_the_database_and_leaves_nothing_in_it()
    {
        string schema = Configure();

        ProgramAnswer answer = await _program.RunAsync("doctor", "--config", "mine.conf");

        Assert.True(answer.ExitCode == ExitCode.Done, answer.Out);
        foreach (string found in new[] { "none yet in postgres://qtrade@127.0.0.1", "the role may do what a node does", "commits/s", "database flushes" })
            Assert.Contains(found, answer.Out, StringComparison.Ordinal);
        Assert.Equal(0, postgres.Scalar($"SELECT count(*) FROM pg_namespace WHERE nspname = '{schema}'"));
    }

    [PostgresFact]
    public async Task Doctor_says_what_is_wrong_with_a_database_that_is_not_there()
    {
        _program.Write("mine.conf", "qtrade.journal { kind = postgres, connection = \"Host=127.0.0.1;Port=1;Database=none;Username=nobody\" }");

        ProgramAnswer answer = await _program.RunAsync("doctor", "--config", "mine.conf");

        Assert.Equal(ExitCode.No, answer.ExitCode);
        Assert.Contains("FAIL  journal", answer.Out, StringComparison.Ordinal);
    }

    private string Configure() => Configure(_program, postgres.Server.Connection);

    private string Configure(ProgramRun program, string connection)
    {
        string schema = postgres.NewSchema();
        program.Write("password", postgres.Server.Password + "\n");
        program.Write(
            "mine.conf",
            $"qtrade.journal {{ kind = postgres, connection = \"{connection}\", schema = {schema}, password-file = password }}");
        return schema;
    }

    private async Task<JsonElement> JsonAsync(params string[] arguments)
    {
        ProgramAnswer answer = await _program.RunAsync(arguments);
        Assert.True(answer.ExitCode == ExitCode.Done, answer.Error + answer.Out);
        using JsonDocument json = JsonDocument.Parse(answer.Out);
        return json.RootElement.Clone();
    }

    private async Task SameAsync(string one, string other)
    {
        await using PostgresJournal left = PostgresFixture.Open(postgres.Options(one));
        await using PostgresJournal right = PostgresFixture.Open(postgres.Options(other));
        var contents = (((INodeJournal)left).Contents(), ((INodeJournal)right).Contents());
        Assert.Equal(contents.Item1.LastOrdinal, contents.Item2.LastOrdinal);
        Assert.Equal(contents.Item1.Heads, contents.Item2.Heads);
        Assert.Equal(contents.Item1.Events.Select(kept => Text(kept.Stored, kept.Time)), contents.Item2.Events.Select(kept => Text(kept.Stored, kept.Time)));
        Assert.Equal(
            contents.Item1.Snapshots.Select(kept => $"{kept.Stored.PersistenceId} {kept.Stored.SequenceNumber} {kept.Time} {Convert.ToHexString(kept.Stored.State.Payload.Span)}"),
            contents.Item2.Snapshots.Select(kept => $"{kept.Stored.PersistenceId} {kept.Stored.SequenceNumber} {kept.Time} {Convert.ToHexString(kept.Stored.State.Payload.Span)}"));
    }

    private static string Text(StoredEvent stored, long time) =>
        $"{stored.Ordinal} {stored.PersistenceId} {stored.SequenceNumber} {stored.Data.Manifest} {stored.Data.Version} {time} {Convert.ToHexString(stored.Data.Payload.Span)}";
}
