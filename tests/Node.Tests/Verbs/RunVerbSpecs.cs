using System.Text.Json;
using QTrade.Node.Journal;
using QTrade.Node.Verbs;

namespace QTrade.Node.Tests.Verbs;

public sealed class RunVerbSpecs : IDisposable
{
    private const string Market = "samples/five-pools.json";
    private readonly ProgramRun _program = new();

    public void Dispose() => _program.Dispose();

    [Fact]
    public async Task A_node_introduces_itself_certifies_drains_resumes_and_replays()
    {
        ProgramAnswer first = await _program.RunUntilAsync("first certified result", "--market", Market, "--rate", "200");
        ProgramAnswer second = await _program.RunUntilAsync("first certified result", "run", "--market", Market, "--rate", "200");
        ProgramAnswer replayed = await _program.RunAsync("replay", "--verify", "--json");

        Assert.Equal((ExitCode.Done, ExitCode.Done, ExitCode.Done), (first.ExitCode, second.ExitCode, replayed.ExitCode));
        string introduction = string.Join('\n', first.Out.Split('\n').Take(6));
        foreach (string said in new[] { "QTrade", "on paper", Path.Combine(_program.Folder, "data", "journal.db"), "Certified gap", "value units" })
            Assert.Contains(said, introduction, StringComparison.Ordinal);
        Assert.Contains("Stopped after", first.Out, StringComparison.Ordinal);
        Assert.Contains("ledger difference 0 (routes 0)", first.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("Recovered", first.Out, StringComparison.Ordinal);
        Assert.Contains("Recovered", second.Out, StringComparison.Ordinal);
        Assert.Empty(first.Error + second.Error);

        using JsonDocument report = JsonDocument.Parse(replayed.Out);
        Assert.True(report.RootElement.GetProperty("verified").GetBoolean());
        Assert.InRange(report.RootElement.GetProperty("decisions").GetInt64(), 2, long.MaxValue);
        Assert.Equal(report.RootElement.GetProperty("decisions").GetInt64(), report.RootElement.GetProperty("same").GetInt64());
    }

    [Fact]
    public async Task A_node_in_json_writes_objects_only()
    {
        ProgramAnswer answer = await _program.RunUntilAsync("\"lastResult\":{", "run", "--market", Market, "--json");

        Assert.Equal(ExitCode.Done, answer.ExitCode);
        string[] lines = answer.Out.TrimEnd().Split('\n');
        Assert.InRange(lines.Length, 2, int.MaxValue);
        foreach (string line in lines)
        {
            using JsonDocument status = JsonDocument.Parse(line);
            Assert.Equal(0, status.RootElement.GetProperty("snapshots").GetProperty("difference").GetInt64());
        }
    }

    [Fact]
    public async Task A_node_says_where_it_can_be_asked_and_leaves_when_it_is_asked_to()
    {
        var reach = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var result = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var program = new ProgramRun
        {
            Heard = line =>
            {
                if (line.StartsWith("Look inside: qtrade pbm why --host ", StringComparison.Ordinal))
                    reach.TrySetResult(line.Split("--host ")[1].Split(';')[0]);
                if (line.Contains("first certified result", StringComparison.Ordinal))
                    result.TrySetResult();
            },
        };
        Task<ProgramAnswer> running = program.RunAsync("run", "--market", Market, "--set", "admin.port=0");
        await Task.WhenAny(running, result.Task);

        ProgramAnswer left = await _program.RunAsync("pbm", "--host", await reach.Task, "cluster", "leave");
        ProgramAnswer ran = await running;

        Assert.Equal((ExitCode.Done, ExitCode.Done), (left.ExitCode, ran.ExitCode));
        Assert.Contains("nothing left in flight", ran.Out, StringComparison.Ordinal);
        Assert.Empty(ran.Error);
    }

    [Theory]
    [InlineData("--set admin.address=everywhere", "qtrade.admin.address = 'everywhere' must be an IP address")]
    [InlineData("--set admin.token-file=none", "the admin token cannot be read")]
    [InlineData("--feed solana", "qtrade.solana.rpc is empty")]
    [InlineData("--feed solana --rpc http://127.0.0.1:8899", "name pools with --pools")]
    [InlineData("--feed solana --rpc https://rpc.example/?api-key=abc", "others on this machine can read a command line")]
    [InlineData("--feed solana --rpc https://me:secret@rpc.example", "QTRADE__SOLANA__RPC")]
    [InlineData("--feed solana --rpc ftp://rpc.example", "is not an address of the form https://")]
    [InlineData("--feed solana --rpc http://127.0.0.1:8899 --pools abc", "'abc' is no address")]
    [InlineData("--feed solana --rpc http://127.0.0.1:8899 --venues bourse", "'bourse' is none of")]
    [InlineData("--feed recorded", "name it behind it, --feed recorded FILE")]
    [InlineData("--feed recorded none.tape", "there is no such file")]
    [InlineData("--feed recorded none.tape --tape other.tape", "'none.tape' and --tape both name a tape: write one")]
    [InlineData("--feed recorded none.tape --speed 0", "neither a number above 0 nor max")]
    [InlineData("none.tape", "'none.tape' is one argument too many: a file by itself is a tape")]
    [InlineData("--feed solana none.tape", "only --feed recorded plays")]
    [InlineData("--rats 5", "there is no option '--rats'; did you mean '--rate'?")]
    [InlineData("--feed recorded --tape none.tape", "there is no such file")]
    [InlineData("--feed recorded --tape none.tape --speed fast", "neither a number above 0 nor max")]
    [InlineData("--execute simulate", "--execute simulate is not there yet")]
    [InlineData("--execute live", "--execute live is not there yet")]
    [InlineData("--feed pigeon", "qtrade.feed = 'pigeon' is not one of simulated, solana, recorded")]
    [InlineData("--for soon", "--for is 'soon': write a duration")]
    [InlineData("--for 0s", "--for is '0s': write a duration")]
    [InlineData("--market none.json", "none.json")]
    [InlineData("--rate nan", "qtrade.simulation.rate = 'nan' is not a number")]
    public async Task What_cannot_be_run_is_bad_input_in_one_line(string options, string expected)
    {
        ProgramAnswer answer = await _program.RunAsync(["run", .. options.Split(' ')]);

        Assert.Equal(ExitCode.BadInput, answer.ExitCode);
        Assert.Contains(expected, answer.ErrorLine, StringComparison.Ordinal);
        Assert.Empty(answer.Out);
        Assert.False(Directory.Exists(Path.Combine(_program.Folder, "data")));
    }

    [Fact]
    public async Task A_second_node_on_the_same_journal_is_refused_by_name()
    {
        var options = new SqliteJournalOptions { Folder = Path.Combine(_program.Folder, "data") };
        Assert.True(SqliteJournal.TryOpen(options, TimeProvider.System, null, out SqliteJournal? journal, out _));
        await using (journal)
        {
            foreach (string verb in new[] { "run", "replay" })
            {
                ProgramAnswer answer = await _program.RunAsync(verb);

                Assert.Equal(ExitCode.Failed, answer.ExitCode);
                Assert.Contains("belongs to another node", answer.ErrorLine, StringComparison.Ordinal);
                Assert.Empty(answer.Out);
            }
        }
    }

    [Fact]
    public async Task A_replay_without_a_journal_says_how_to_make_one() =>
        Assert.Contains("make one with qtrade run", (await _program.RunAsync("replay")).ErrorLine, StringComparison.Ordinal);

    [Fact]
    public async Task A_replay_that_is_stopped_has_verified_nothing_and_a_run_that_is_stopped_is_done()
    {
        ProgramAnswer run = await _program.RunUntilAsync("first certified result", "--market", Market, "--rate", "200");
        ProgramAnswer again = await _program.RunStoppedAsync("run", "--market", Market);
        ProgramAnswer replay = await _program.RunStoppedAsync("replay", "--verify");

        Assert.Equal((ExitCode.Done, ExitCode.Done, ExitCode.Failed), (run.ExitCode, again.ExitCode, replay.ExitCode));
        Assert.Empty(again.Error);
        Assert.Equal("qtrade: stopped before it was done", replay.ErrorLine);
        Assert.Empty(replay.Out);
    }

    [Fact]
    public async Task A_verification_changes_no_setting_that_decides() =>
        Assert.Contains("leave out --set or --verify", (await _program.RunAsync("replay", "--verify", "--set", "solver.iterations-max=5")).ErrorLine, StringComparison.Ordinal);

    [Fact]
    public async Task Other_settings_show_which_decisions_they_would_have_changed()
    {
        await _program.RunUntilAsync("first certified result", "--market", Market, "--rate", "200");

        ProgramAnswer answer = await _program.RunAsync("replay", "--set", "solver.iterations-max=1");

        Assert.Equal(ExitCode.Done, answer.ExitCode);
        Assert.Contains("snapshot 1", answer.Out, StringComparison.Ordinal);
        Assert.Contains("DIVERGED", answer.Out, StringComparison.Ordinal);
    }
}
