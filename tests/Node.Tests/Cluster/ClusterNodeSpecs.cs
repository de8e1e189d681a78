using System.Collections.Immutable;
using QTrade.Actors.Journal;
using QTrade.Actors.Scheduling;
using QTrade.Broker;
using QTrade.Broker.InProcess;
using QTrade.Markets;
using QTrade.Messages;
using QTrade.Messages.Cluster;
using QTrade.Messages.Execution;
using QTrade.Messages.Registry;
using QTrade.Node.Actors;
using QTrade.Node.Admin;
using QTrade.Node.Cluster;
using QTrade.Node.Configuration;
using QTrade.Node.Tests.EndToEnd;
using QTrade.Node.Tests.Simulation;
using QTrade.Shared.Journal;
using QTrade.Web.Admin;

namespace QTrade.Node.Tests.Cluster;

/// <summary>A node of a cluster on threads, over a broker in its own process.</summary>
public sealed class ClusterNodeSpecs : IAsyncLifetime, IDisposable
{
    // Only a spec that fails waits that long.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly InProcessTransport _transport = new(new InProcessBroker(), "n1");
    private InMemoryJournal _journal = new(TimeProvider.System);
    private TradingNode? _node;

    public Task InitializeAsync() => Task.CompletedTask;

    [Fact]
    public async Task A_router_that_failed_decides_again()
    {
        const int FailsAt = 3;
        var decided = 0;
        var again = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Start(
            NodeRoles.Feed | NodeRoles.Pools | NodeRoles.Router | NodeRoles.Optimizer | NodeRoles.Executor,
            _ =>
            {
                if (Interlocked.Increment(ref decided) == FailsAt)
                    throw new InvalidOperationException("once");
                if (decided > FailsAt)
                    again.TrySetResult();
            });
        await again.Task.WaitAsync(Patience);
    }

    [Fact]
    public void A_node_that_does_not_route_is_ready_all_the_same()
    {
        using var admin = new NodeAdmin("n1", "0", static () => { });
        admin.Attach(Start(NodeRoles.Pools, static _ => { }));
        Assert.True(SpinWait.SpinUntil(() => admin.NotReady is null, Patience), admin.NotReady);
    }

    [Fact]
    public async Task A_halt_that_nobody_who_executes_has_heard_of_is_not_told_as_done()
    {
        using var admin = new NodeAdmin("n1", "0", static () => { });
        admin.Attach(Start(NodeRoles.Pools, static _ => { }));
        var halt = new AdminRequest("1", null, "executor halt", ImmutableSortedDictionary<string, string>.Empty, "somebody");
        var answer = await admin.AnswerAsync(halt, CancellationToken.None);
        Assert.Equal(AdminStatus.Failed, answer.Status);
    }

    [Theory]
    [InlineData("router status", "no node routes at the moment")]
    [InlineData("router solve", "no node routes at the moment")]
    [InlineData("queue show", "no node routes at the moment")]
    [InlineData("executor list", "no node executes at the moment")]
    public async Task What_nobody_has_is_refused_at_once_and_says_whose_it_would_be(string command, string expected)
    {
        using var admin = new NodeAdmin("n1", "0", static () => { });
        admin.Attach(Start(NodeRoles.Pools, static _ => { }));
        var answer = await admin.AnswerAsync(
            new AdminRequest("1", null, command, ImmutableSortedDictionary<string, string>.Empty, "somebody"), CancellationToken.None);
        Assert.Equal(AdminStatus.Failed, answer.Status);
        Assert.StartsWith(expected, answer.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_person_changed_and_added_stands_where_a_feed_begins()
    {
        var person = new Operator("me", "here");
        var (ours, model) = (SampleMarkets.Mixed.Pools[0] with { Fee = 0.05 }, SampleMarkets.Mixed.Pools[1]);
        var added = model with { Id = new PoolId("added") };
        foreach (var pool in (Pool[])[ours, added])
        {
            var configured = new PoolConfigured(1, pool) { By = person };
            _journal.Append(new AppendProbe(PersistenceIds.Configuration(pool.Id), 1, WireCodec<IPoolConfigurationEvent>.Instance.Encode(configured)));
        }

        var decided = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var node = Start(NodeRoles.Feed | NodeRoles.Pools | NodeRoles.Router | NodeRoles.Optimizer, _ => decided.TrySetResult());
        await decided.Task.WaitAsync(Patience);

        var shown = await node.MarketAsync(Patience);
        Assert.Equal(ours.Fee, shown.Pools.Single(pool => pool.Id == ours.Id).Configured?.Fee);
        Assert.NotNull(shown.Pools.SingleOrDefault(pool => pool.Id == added.Id)?.Configured);
        Assert.All(
            JournalMessages.Of(_journal).OfType<PoolConfigured>().Where(configured => configured.PoolId == ours.Id), configured => Assert.Equal(person, configured.By));
    }

    [Fact]
    public async Task A_halt_that_was_ordered_again_with_the_same_words_is_lifted_by_no_resumption_of_before()
    {
        // Long enough that the first halt is not durable yet when the second arrives.
        _journal = new InMemoryJournal(TimeProvider.System, TimeSpan.FromMilliseconds(300));
        Start(NodeRoles.Executor, static _ => { });
        var at = new DateTimeOffset(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
        IMessage[] orders =
        [
            new SetTradingState(TradingState.Halted, ReasonCode.Operator, "", at),
            new SetTradingState(TradingState.Halted, ReasonCode.Operator, "", at + TimeSpan.FromSeconds(2)),
            new SetTradingState(TradingState.Active, ReasonCode.Operator, "", at + TimeSpan.FromSeconds(1)),
            new SetRiskLimits(new RiskLimits(1, 1, 1), at + TimeSpan.FromSeconds(3)),
        ];
        foreach (var order in orders)
            await _transport.PublishAsync(Hop.Results, order);

        Assert.True(SpinWait.SpinUntil(() => JournalMessages.Of(_journal).OfType<RiskLimitsChanged>().Any(), Patience));
        Assert.Equal(TradingState.Halted, JournalMessages.Of(_journal).OfType<TradingStateChanged>().Last().State);
    }

    public async Task DisposeAsync()
    {
        if (_node is not null) await _node.StopAsync();
        await _transport.DisposeAsync();
    }

    public void Dispose() => _node?.Dispose();

    private TradingNode Start(NodeRoles roles, Action<LastDecisionStatus> decided) => _node = TradingNode.Start(new TradingNodeSetup
    {
        Options = new NodeOptions
        {
            Router = new RouterOptions { MinInterval = TimeSpan.FromMilliseconds(20), CheckInterval = TimeSpan.FromMilliseconds(50) },
            Solver = new SolverOptions { WorkerThreads = 1 },
        },
        Market = SampleMarkets.Mixed,
        Scheduler = new ThreadPoolScheduler(TimeProvider.System),
        Journal = _journal,
        Cluster = new ClusterLink { Transport = _transport, Roles = roles, Incarnation = 1, Version = "0" },
        Decided = decided,
    });
}
