using QTrade.Actors.Journal;
using QTrade.Actors.Scheduling;
using QTrade.Broker.InProcess;
using QTrade.Messages.Cluster;
using QTrade.Messages.Routing;
using QTrade.Node.Cluster;
using QTrade.Node.Replay;
using QTrade.Node.Tests.EndToEnd;
using QTrade.Node.Tests.Simulation;
using QTrade.Solver;

namespace QTrade.Node.Tests.Tape;

/// <summary>Nodes on threads over a broker in their own process, whose cuts are the tape's.</summary>
public sealed class ClusterTapeSpecs : IAsyncLifetime
{
    private const NodeRoles All = NodeRoles.Feed | NodeRoles.Pools | NodeRoles.Router | NodeRoles.Optimizer | NodeRoles.Executor;

    // Only a spec that fails waits that long.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly List<(TradingNode Node, InProcessTransport Transport)> _running = [];

    public Task InitializeAsync() => Task.CompletedTask;

    [Fact]
    public async Task One_three_and_five_nodes_decide_the_same_bytes()
    {
        var (cuts, one) = await DecideAsync(1);
        Assert.Equal((cuts, one), await DecideAsync(3));
        Assert.Equal((cuts, one), await DecideAsync(5));
        Assert.Equal(one, OfANodeByItself());
    }

    public async Task DisposeAsync()
    {
        foreach (var (node, transport) in _running)
        {
            node.Dispose();
            await transport.DisposeAsync();
        }
    }

    internal static string? OfANodeByItself()
    {
        using var run = new SimulatedNode(SampleMarkets.Mixed, TapeSpecs.Options());
        run.RunFor(TimeSpan.FromMinutes(2));
        return Report(run.Journal).TapeDigest;
    }

    private async Task<(long Cuts, string? Digest)> DecideAsync(int nodes)
    {
        var broker = new InProcessBroker();
        var journal = new InMemoryJournal(TimeProvider.System);
        var started = new List<TradingNode>();
        for (var node = 1; node <= nodes; node++)
            started.Add(Start(new InProcessTransport(broker, $"n{node}"), journal, node));
        Assert.True(SpinWait.SpinUntil(() => JournalMessages.Of(journal).OfType<Decided>().Count() >= TapeSpecs.Cuts, Patience), "the tape was not decided to its end");
        foreach (var node in started)
            await node.StopAsync();
        var report = Report(journal);
        Assert.True(report.Verified);
        return (report.TapeCuts, report.TapeDigest);
    }

    private TradingNode Start(InProcessTransport transport, InMemoryJournal journal, int number)
    {
        var node = TradingNode.Start(new TradingNodeSetup
        {
            Options = TapeSpecs.Options(),
            Market = SampleMarkets.Mixed,
            Scheduler = new ThreadPoolScheduler(TimeProvider.System),
            Journal = journal,
            Cluster = new ClusterLink { Transport = transport, Roles = All, Incarnation = number, Version = "0" },
        });
        _running.Add((node, transport));
        return node;
    }

    private static ReplayReport Report(InMemoryJournal journal) => new JournalReplay(SnapshotSolver.Solve, SolverVersion.Current).Verify(journal);
}
