using System.Text.Json.Nodes;
using QTrade.Node.Verbs;
using QTrade.Web.Admin;

namespace QTrade.Lighthouse.Tests;

/// <summary>A whole node that announces itself to a Lighthouse, asked by <c>qtrade pbm</c>.</summary>
public sealed class RunningNodeSpecs : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("qtrade-lighthouse-");
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    public void Dispose()
    {
        _output.Dispose();
        _error.Dispose();
        _folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData("cluster leave", "--node node-1 cluster leave")]
    [InlineData("cluster down", "cluster down node-1")]
    public async Task A_node_is_found_steered_and_stopped_through_the_Lighthouse(string command, string line)
    {
        await using Beacon beacon = await Beacon.StartAsync();
        Task<int> running = RunNodeAsync(beacon.Host);

        string address = await HeardAsync(beacon, running);
        (int halted, string said) = await PbmAsync(beacon.Host, ["--node", "node-1", "executor", "halt", "--reason", "enough"]);
        Assert.True(halted == ExitCode.Done, said);
        Assert.Contains("by Lighthouse", (await PbmAsync(address, ["executor", "list", "--json"])).Said, StringComparison.Ordinal);

        (int stopped, said) = await PbmAsync(beacon.Host, line.Split(' '));
        Assert.True(stopped == ExitCode.Done, $"{command}: {said}");
        Assert.Equal(ExitCode.Done, await running.WaitAsync(Patience));
    }

    [Fact]
    public async Task A_node_trades_on_and_is_asked_itself_while_the_Lighthouse_is_away()
    {
        Task<int> running;
        string address;
        await using (Beacon beacon = await Beacon.StartAsync())
        {
            running = RunNodeAsync(beacon.Host);
            address = await HeardAsync(beacon, running);
        }

        await SolvedAsync(address);
        Assert.Equal(ExitCode.Done, (await PbmAsync(address, ["cluster", "leave"])).ExitCode);
        Assert.Equal(ExitCode.Done, await running.WaitAsync(Patience));
    }

    /// <summary>Asks until the node is there, which the Lighthouse hears within a quarter of a second.</summary>
    private async Task<string> HeardAsync(Beacon beacon, Task<int> running)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            patience.Token.ThrowIfCancellationRequested();
            Assert.False(running.IsCompleted, $"the node has ended: {_error}");
            JsonNode? row = ((JsonArray)(await beacon.AskAsync("cluster show")).Result!).FirstOrDefault();
            if (row is not null && (await beacon.AskAsync("router status", "node-1")).Status == AdminStatus.Done)
                return (string)row["address"]!;
        }
    }

    /// <summary>Asks until the node decides; just after its start there may be nothing to solve.</summary>
    private async Task SolvedAsync(string address)
    {
        using var patience = new CancellationTokenSource(Patience);
        while ((await PbmAsync(address, ["router", "solve"])).ExitCode != ExitCode.Done)
            patience.Token.ThrowIfCancellationRequested();
    }

    private Task<int> RunNodeAsync(string lighthouse) => CommandLine.RunAsync(
        [
            "run", "--market", "samples/five-pools.json", "--set", "admin.port=0", "--set", $"cluster.lighthouse={lighthouse}", "--set", "cluster.node=node-1",
        ],
        Environment(_output, _error),
        CancellationToken.None);

    private async Task<(int ExitCode, string Said)> PbmAsync(string host, string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        int exitCode = await CommandLine.RunAsync(["pbm", "--host", host, .. arguments], Environment(output, error), CancellationToken.None);
        return (exitCode, output.ToString() + error);
    }

    private ProgramEnvironment Environment(TextWriter output, TextWriter error) => new()
    {
        Out = output,
        Error = error,
        Variables = new Dictionary<string, string>(),
        WorkingFolder = _folder.FullName,
        ProgramFolder = AppContext.BaseDirectory,
    };
}
