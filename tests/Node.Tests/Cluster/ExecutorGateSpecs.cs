using QTrade.Actors.Journal;
using QTrade.Actors.Scheduling;
using QTrade.Broker;
using QTrade.Broker.InProcess;
using QTrade.Messages;
using QTrade.Messages.Cluster;
using QTrade.Messages.Execution;
using QTrade.Node.Cluster;
using QTrade.Node.Configuration;
using QTrade.Node.Tests.EndToEnd;
using QTrade.Node.Tests.Simulation;

namespace QTrade.Node.Tests.Cluster;

/// <summary>A halt that executors died with, over a broker in the process that counts deliveries as RabbitMQ does. On threads.</summary>
public sealed class ExecutorGateSpecs : IAsyncLifetime, IDisposable
{
    // Only a spec that fails waits that long.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private static readonly SetTradingState Halt = new(TradingState.Halted, ReasonCode.Operator, "wait", new DateTimeOffset(2026, 1, 1, 12, 0, 0, TimeSpan.Zero));

    private readonly InProcessBroker _broker = new();
    private readonly InMemoryJournal _journal = new(TimeProvider.System);
    private readonly List<(TradingNode Node, ITransport Transport)> _started = [];
    private InProcessTransport _other = null!;

    public Task InitializeAsync()
    {
        _other = new InProcessTransport(_broker, "other");
        return Task.CompletedTask;
    }

    [Fact]
    public async Task A_halt_that_came_too_often_holds_as_soon_as_it_is_shown_and_is_written_when_it_comes()
    {
        await HaltTenTimesAsync();
        var late = new LateTransport(new InProcessTransport(_broker, "n1"));
        var node = Start(late, _journal);
        Assert.True(SpinWait.SpinUntil(() => IsHalted(node), Patience), "it does not hold");
        Assert.Empty(Halts);

        late.Release();
        Assert.True(SpinWait.SpinUntil(() => Halts.Any() && _broker.Waiting(Hop.Results) == 0, Patience), "it is not written");
        Assert.Single(Halts);
        Assert.True(IsHalted(node));
    }

    [Fact]
    public async Task A_halt_that_was_shown_goes_with_its_connection_and_holds_where_it_comes_again()
    {
        await HaltTenTimesAsync();
        var late = new LateTransport(new InProcessTransport(_broker, "n1"));
        var node = Start(late, _journal);
        Assert.True(SpinWait.SpinUntil(() => IsHalted(node), Patience), "it does not hold");

        late.Reconnect();
        Assert.True(SpinWait.SpinUntil(() => !IsHalted(node), Patience), "it stays with a node that nobody would tell that it is lifted");
    }

    [Fact]
    public async Task A_node_whose_executors_end_before_a_halt_is_written_executes_no_more_and_leaves_the_halt_to_the_next()
    {
        var fencing = new FencingJournal(_journal);
        var node = Start(new InProcessTransport(_broker, "n1"), fencing);
        await _other.PublishAsync(Hop.Results, Halt);
        Assert.True(SpinWait.SpinUntil(() => node.Status.LastFault?.StartsWith("executor: 10 executors ended", StringComparison.Ordinal) == true, Patience), node.Status.LastFault);
        Assert.True(SpinWait.SpinUntil(() => _broker.Waiting(Hop.Results) == 1, Patience), "the halt is gone");
        Assert.Equal(ExecutorGate.UnhaltedMax, fencing.Fenced);

        Start(new InProcessTransport(_broker, "n2"), _journal);
        Assert.True(SpinWait.SpinUntil(() => Halts.Any(), Patience), "the next does not write it");
        Assert.Equal(ExecutorGate.UnhaltedMax, fencing.Fenced);
    }

    public async Task DisposeAsync()
    {
        foreach (var (node, transport) in _started)
        {
            await node.StopAsync();
            await transport.DisposeAsync();
        }

        await _other.DisposeAsync();
        await _journal.DisposeAsync();
    }

    public void Dispose()
    {
        foreach (var (node, _) in _started)
            node.Dispose();
    }

    private IEnumerable<TradingStateChanged> Halts => JournalMessages.Of(_journal).OfType<TradingStateChanged>();

    private static bool IsHalted(TradingNode node) => node.Status is { TradingState: TradingState.Halted, TradingStateReason: "Operator: wait" };

    /// <summary>A halt is ordered, delivered ten times and never acknowledged.</summary>
    private async Task HaltTenTimesAsync()
    {
        var (times, last) = (0, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        var died = await _other.SubscribeAsync(Hop.Results, 1, delivery =>
        {
            if (++times < 10)
                delivery.Return();
            else
                last.TrySetResult();
        });
        await _other.PublishAsync(Hop.Results, Halt);
        await last.Task.WaitAsync(Patience);
        await died.DisposeAsync();
    }

    private TradingNode Start(ITransport transport, IJournal journal)
    {
        var node = TradingNode.Start(new TradingNodeSetup
        {
            Options = new NodeOptions { Solver = new SolverOptions { WorkerThreads = 1 } },
            Market = SampleMarkets.Mixed,
            Scheduler = new ThreadPoolScheduler(TimeProvider.System),
            Journal = journal,
            Cluster = new ClusterLink { Transport = transport, Roles = NodeRoles.Executor, Incarnation = 1, Version = "0" },
        });
        _started.Add((node, transport));
        return node;
    }
}
