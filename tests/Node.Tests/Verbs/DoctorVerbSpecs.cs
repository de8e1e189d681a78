using System.Text.Json;
using QTrade.Node.Journal;
using QTrade.Node.Verbs;

namespace QTrade.Node.Tests.Verbs;

public sealed class DoctorVerbSpecs : IDisposable
{
    private readonly ProgramRun _program = new();

    public void Dispose() => _program.Dispose();

    [Fact]
    public async Task A_machine_without_faults_can_run_a_node()
    {
        ProgramAnswer answer = await _program.RunAsync("doctor");

        Assert.Equal(ExitCode.Done, answer.ExitCode);
        foreach (string subject in new[] { "runtime", "disk space", "disk flushes", "ports", "journal", "configuration", "market" })
            Assert.Contains($"  {subject} ", answer.Out, StringComparison.Ordinal);
        Assert.Contains("a node can run", answer.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("FAIL", answer.Out, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(_program.Folder, "data")), "the doctor looks and makes nothing");
    }

    [Fact]
    public async Task A_wrong_setting_is_found_with_its_place_and_what_to_do()
    {
        string file = _program.Write("mine.conf", "qtrade.queue.outstanding = none");

        JsonElement finding = await Find("configuration", "doctor", "--json", "--config", "mine.conf");

        Assert.Equal("bad", finding.GetProperty("health").GetString());
        Assert.StartsWith($"{file}:1:28: qtrade.queue.outstanding", finding.GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.NotEmpty(finding.GetProperty("advice").GetString()!);
    }

    [Fact]
    public async Task A_market_that_cannot_be_read_is_found()
    {
        _program.Write("market.json", "{ \"format\": \"qtrade.market/1\", \"name\": 5 }");

        ProgramAnswer answer = await _program.RunAsync("doctor", "--market", "market.json");

        Assert.Equal(ExitCode.No, answer.ExitCode);
        Assert.Contains("FAIL  market", answer.Out, StringComparison.Ordinal);
        Assert.Contains("field tokens: is missing", answer.Out, StringComparison.Ordinal);
        Assert.Contains("1 to repair before a node can run", answer.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_journal_and_the_node_that_owns_it_are_named()
    {
        await using (SqliteJournal journal = OpenJournal())
        {
            JsonElement owner = await Find("journal owner", "doctor", "--json");
            Assert.Contains($"process {Environment.ProcessId}", owner.GetProperty("text").GetString(), StringComparison.Ordinal);
        }

        Assert.Equal("nobody", (await Find("journal owner", "doctor", "--json")).GetProperty("text").GetString());
        JsonElement contents = await Find("journal", "doctor", "--json");
        Assert.Equal("good", contents.GetProperty("health").GetString());
        Assert.Contains("journal.db: 0 events", contents.GetProperty("text").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_no_journal_is_found()
    {
        Directory.CreateDirectory(Path.Combine(_program.Folder, "data"));
        _program.Write("data/journal.db", new string('x', 10_000));

        JsonElement finding = await Find("journal", "doctor", "--json");

        Assert.NotEqual("good", finding.GetProperty("health").GetString());
        Assert.NotEmpty(finding.GetProperty("advice").GetString()!);
    }

    private SqliteJournal OpenJournal()
    {
        var options = new SqliteJournalOptions { Folder = Path.Combine(_program.Folder, "data") };
        Assert.True(SqliteJournal.TryOpen(options, TimeProvider.System, null, out SqliteJournal? journal, out string? refusal), refusal);
        return journal;
    }

    private async Task<JsonElement> Find(string subject, params string[] arguments)
    {
        ProgramAnswer answer = await _program.RunAsync(arguments);
        using JsonDocument report = JsonDocument.Parse(answer.Out);
        return report.RootElement.GetProperty("findings").EnumerateArray().First(finding => finding.GetProperty("subject").GetString() == subject).Clone();
    }
}
