using System.Collections.Immutable;
using QTrade.Actors.Journal;
using QTrade.Markets;
using QTrade.Messages;
using QTrade.Messages.Execution;
using QTrade.Messages.Pools;
using QTrade.Messages.Registry;
using QTrade.Node.Actors;
using QTrade.Node.Tests.Simulation;

namespace QTrade.Node.Tests.EndToEnd;

/// <summary>Each bad input is counted and told in one line, and the rest of the node goes on.</summary>
public sealed class BadInputSpecs
{
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(2);

    [Theory]
    [InlineData("nobody-knows-it", 1.0, ReasonCode.UnknownPool)]
    [InlineData("product", double.NaN, ReasonCode.NotFinite)]
    [InlineData("product", double.PositiveInfinity, ReasonCode.NotFinite)]
    [InlineData("product", -1.0, ReasonCode.NegativeReserve)]
    public void A_bad_update_is_refused_by_name_and_the_rest_goes_on(string pool, double reserve, ReasonCode reason)
    {
        using var run = Running();
        var before = run.Node.Status;
        run.Node.Observe(Observation(pool, [reserve, 5_000]));
        run.RunFor(Moment);
        var after = run.Node.Status;
        Assert.Equal(before.UpdatesRefused + 1, after.UpdatesRefused);
        var refused = Refusals(run, RefusalSource.Updates);
        Assert.Equal(new ReasonCount(reason, 1), Assert.Single(refused.Counts));
        Assert.Equal(($"pool {pool}", reason), (Assert.Single(refused.Last).What, refused.Last[0].Reason));
        Assert.Single(run.Lines, line => line.Contains(pool, StringComparison.Ordinal) && line.Contains(reason.ToString(), StringComparison.Ordinal));
        Assert.True(after.Solves > before.Solves);
        Assert.Equal(0, after.Faults);
    }

    [Fact]
    public void The_same_bad_update_again_and_again_is_counted_each_time_and_told_once()
    {
        using var run = Running();
        for (var i = 0; i < 50; i++)
            run.Node.Observe(Observation("nobody-knows-it", [1, 1]));
        run.RunFor(Moment);
        Assert.Equal(50, run.Node.Status.UpdatesRefused);
        Assert.Single(run.Lines);
    }

    [Fact]
    public void A_pool_that_empties_is_legal_and_trades_nothing()
    {
        using var run = Running();
        var before = run.Node.Status.Solves;
        run.Node.Observe(Observation("product", [0, 0]));
        run.RunFor(Moment);
        Assert.Empty(run.Lines);
        Assert.Equal(0, run.Node.Status.Faults);
        Assert.True(run.Node.Status.Solves > before);
    }

    [Fact]
    public void A_solver_that_throws_fails_its_snapshot_and_nothing_else()
    {
        var calls = 0;
        using var run = Running(snapshot => ++calls % 3 == 0
            ? throw new InvalidOperationException("the third time never works")
            : SnapshotSolver.Solve(snapshot));
        run.RunFor(TimeSpan.FromSeconds(20));
        var status = run.Node.Status;
        var failed = status.Snapshots.Endings[Messages.Routing.Ending.Failed];
        Assert.InRange(failed, 2, calls);
        Assert.Equal(failed, status.Faults);
        Assert.True(status.Solves > failed);
        Assert.Single(run.Lines, line => line.Contains("the third time never works", StringComparison.Ordinal));
        Assert.Equal(0, status.Snapshots.Difference);
    }

    [Theory]
    [InlineData(JournalFault.Full)]
    [InlineData(JournalFault.Broken)]
    public void With_the_journal_full_or_broken_trading_is_halted_and_heals_with_it(JournalFault fault)
    {
        using var run = Running();
        var before = run.Node.Status;
        Assert.Equal(TradingState.Active, before.TradingState);

        run.Journal.Fault = fault;
        run.RunFor(TimeSpan.FromSeconds(10));
        var broken = run.Node.Status;
        Assert.Equal(TradingState.Halted, broken.TradingState);
        Assert.StartsWith("journal: ", broken.TradingStateReason, StringComparison.Ordinal);
        Assert.Equal(before.Executed, broken.Executed);
        Assert.True(broken.Updates > before.Updates, "pools keep observing");
        Assert.Single(run.Lines);

        run.Journal.Fault = JournalFault.None;
        run.RunFor(TimeSpan.FromSeconds(20));
        var healed = run.Node.Status;
        Assert.Equal(TradingState.Active, healed.TradingState);
        Assert.True(healed.Solves > broken.Solves);
        Assert.True(healed.Executed > broken.Executed);
        Assert.Equal(2, run.Lines.Count);
        Assert.True(run.Stop());
        Assert.Empty(run.Laws.Unfinished);
    }

    [Fact]
    public void A_journal_that_is_out_of_reach_for_minutes_halts_trading_ends_no_actor_and_heals()
    {
        using var run = Running();
        run.Held.Hold();
        run.RunFor(TimeSpan.FromSeconds(10));
        Assert.True(run.Node.Status.Outstanding > 0, "trades are under way");
        var added = SampleMarkets.Mixed.Pools[0] with { Id = new PoolId("added meanwhile") };

        run.Held.IsGone = true;
        run.Held.Release();
        run.Node.Change(new ChangePool(new ConfigurePool(added)));
        run.RunFor(TimeSpan.FromMinutes(5));
        var gone = run.Node.Status;
        Assert.Equal(TradingState.Halted, gone.TradingState);
        Assert.Equal("journal: the database is gone", gone.TradingStateReason);
        Assert.All(run.Node.Actors, actor => Assert.Equal(0, actor.Restarts));
        Assert.Empty(run.Node.DeadLetters);
        Assert.Single(run.Lines);

        run.Held.IsGone = false;
        run.RunFor(TimeSpan.FromSeconds(30));
        run.Node.Observe(Observation(added.Id.Value, [1_000, 12_000]));
        run.RunFor(TimeSpan.FromSeconds(30));
        var healed = run.Node.Status;
        Assert.Equal(TradingState.Active, healed.TradingState);
        Assert.True(healed.Executed > gone.Executed);
        Assert.Contains(run.Laws.Outcomes.Values, outcome => outcome.Legs.Any(leg => leg.PoolId == added.Id));
        Assert.Equal(2, run.Lines.Count);
        Assert.True(run.Stop());
        Assert.Empty(run.Laws.Unfinished);
        Assert.Empty(run.Laws.InFlight);
    }

    [Fact]
    public void A_node_that_is_stopped_while_the_journal_does_not_answer_ends_and_the_next_goes_on()
    {
        using var run = Running();
        run.Held.Hold();
        run.RunFor(TimeSpan.FromSeconds(10));
        Assert.True(run.Node.Status.Outstanding > 0, "trades are under way");

        var stopping = run.Node.StopActorsAsync();
        run.RunFor(TradingNode.StopPatience + TimeSpan.FromSeconds(1));
        Assert.False(SimulatedNode.Finish(stopping));

        using var next = new SimulatedNode(SampleMarkets.Mixed, NodeOptionsOf.Calm(rate: 10, minInterval: TimeSpan.FromSeconds(1)), found: run.Journal);
        next.RunFor(TimeSpan.FromSeconds(20));
        Assert.True(next.Stop());
        Assert.Empty(next.Laws.Unfinished);
        Assert.Empty(next.Laws.InFlight);
    }

    [Fact]
    public void What_the_router_could_not_write_is_decided_again_once_it_can()
    {
        using var run = Running();
        run.Held.Hold();
        run.RunFor(TimeSpan.FromSeconds(10));
        Assert.True(run.Node.Status.Outstanding > 0, "trades are under way");

        run.Held.RefusesRouter = true;
        run.Held.Release();
        run.RunFor(TimeSpan.FromSeconds(10));
        Assert.NotEmpty(run.Laws.Outcomes);
        Assert.NotEmpty(run.Laws.InFlight);
        run.Held.RefusesRouter = false;
        run.RunFor(TimeSpan.FromSeconds(30));

        Assert.True(run.Stop());
        Assert.Empty(run.Laws.Unfinished);
        Assert.Empty(run.Laws.InFlight);
    }

    [Fact]
    public void A_trade_whose_event_another_executor_wrote_is_read_again_and_ends_once()
    {
        using var run = Running();
        run.RunFor(TimeSpan.FromSeconds(5));
        run.Held.WrittenByAnother = 6;
        run.RunFor(TimeSpan.FromSeconds(60));

        Assert.Equal(0, run.Held.WrittenByAnother);
        Assert.Contains(run.Lines, line => line.Contains("another node writes its events", StringComparison.Ordinal));
        Assert.True(run.Stop());
        Assert.Empty(run.Laws.Unfinished);
        Assert.Empty(run.Laws.InFlight);
    }

    [Fact]
    public void What_a_quiet_pool_came_to_while_the_journal_was_full_is_kept_once_there_is_room()
    {
        using var run = new SimulatedNode(SampleMarkets.Mixed, NodeOptionsOf.Calm(rate: 1e-6, minInterval: TimeSpan.FromSeconds(1)));
        run.RunFor(TimeSpan.FromSeconds(3));
        run.Journal.Fault = JournalFault.Full;
        run.Node.Observe(Observation("product", [1_000, 12_345], slot: 3_000_000));
        run.Node.Observe(Observation("product", [1_000, 12_346], slot: 3_000_001));
        run.RunFor(TimeSpan.FromSeconds(10));

        run.Journal.Fault = JournalFault.None;
        run.RunFor(TimeSpan.FromSeconds(10));
        var recovered = NodeRecovery.Read(run.Journal, new RiskLimits(0, 0, 1), run.Scheduler.Time);
        Assert.Equal(12_346, recovered.NewestOf(new PoolId("product"))!.Reserves[1]);
        Assert.Equal(TradingState.Active, run.Node.Status.TradingState);
    }

    [Fact]
    public void A_node_that_starts_on_a_full_disk_begins_once_there_is_room()
    {
        using var run = new SimulatedNode(SampleMarkets.Mixed, NodeOptionsOf.Calm(rate: 10, minInterval: TimeSpan.FromSeconds(1)));
        run.Journal.Fault = JournalFault.Full;
        run.RunFor(TimeSpan.FromSeconds(10));
        Assert.Equal(0, run.Node.Status.Solves);
        Assert.Equal(TradingState.Halted, run.Node.Status.TradingState);
        run.Journal.Fault = JournalFault.None;
        run.RunFor(TimeSpan.FromSeconds(20));
        Assert.True(run.Node.Status.Solves > 5);
        Assert.Equal(TradingState.Active, run.Node.Status.TradingState);
    }

    [Fact]
    public void A_pool_is_added_reconfigured_and_retired_while_the_node_runs()
    {
        using var run = Running();
        var added = SampleMarkets.Mixed.Pools[0] with { Id = new PoolId("added") };
        run.Node.Change(new ChangePool(new ConfigurePool(added)));
        run.RunFor(TimeSpan.FromMilliseconds(100));
        run.Node.Observe(Observation("added", [1_000, 12_000]));
        run.RunFor(TimeSpan.FromSeconds(5));
        Assert.Contains(run.Laws.Outcomes.Values, outcome => outcome.Legs.Any(leg => leg.PoolId == added.Id));

        run.Node.Change(new ChangePool(new RetirePool(added.Id)));
        run.RunFor(Moment);
        var traded = run.Laws.Outcomes.Values.Count(outcome => outcome.Legs.Any(leg => leg.PoolId == added.Id));
        run.Node.Observe(Observation("added", [1_000, 20_000], slot: 2_000_000));
        run.RunFor(TimeSpan.FromSeconds(5));
        Assert.Equal(traded, run.Laws.Outcomes.Values.Count(outcome => outcome.Legs.Any(leg => leg.PoolId == added.Id)));
        Assert.Contains(run.Lines, line => line.Contains(nameof(ReasonCode.RetiredPool), StringComparison.Ordinal));

        run.Node.Change(new ChangePool(new ConfigurePool(added with { Fee = 2 })));
        run.RunFor(Moment);
        Assert.Contains(run.Lines, line => line.Contains("configuration refused", StringComparison.Ordinal));
        Assert.Equal("pool added: configuration", Assert.Single(Refusals(run, RefusalSource.Commands).Last).What);
    }

    [Fact]
    public void A_halt_survives_a_restart_and_a_resumption_ends_it()
    {
        using var first = Running();
        first.Node.Command(new SetTradingState(TradingState.Halted, ReasonCode.Operator, "lunch", default));
        first.RunFor(Moment);
        var executed = first.Node.Status.Executed;
        first.RunFor(TimeSpan.FromSeconds(10));
        Assert.Equal(executed, first.Node.Status.Executed);
        Assert.Contains(Refusals(first, RefusalSource.Executor).Last, refusal => refusal.Detail.Contains("lunch", StringComparison.Ordinal));
        foreach (var source in new[] { RefusalSource.Executor, RefusalSource.Router })
            Assert.Contains(Refusals(first, source).Counts, count => count is { Reason: ReasonCode.Halted, Count: > 0 });
        first.Stop();

        using var second = new SimulatedNode(
            SampleMarkets.Mixed, NodeOptionsOf.Calm(rate: 10, minInterval: TimeSpan.FromSeconds(1)), found: first.Journal);
        second.RunFor(TimeSpan.FromSeconds(10));
        Assert.Equal(TradingState.Halted, second.Node.Status.TradingState);
        Assert.Contains("lunch", second.Node.Status.TradingStateReason, StringComparison.Ordinal);
        Assert.Equal(executed, second.Node.Status.Executed);
        second.Node.Command(new SetTradingState(TradingState.Active, ReasonCode.Operator, "", default));
        second.RunFor(TimeSpan.FromSeconds(20));
        Assert.True(second.Node.Status.Executed > executed);
    }

    private static RefusalStatus Refusals(SimulatedNode run, RefusalSource source) =>
        run.Node.Status.Refusals.Single(refusals => refusals.Source == source);

    private static SimulatedNode Running(Func<Messages.Routing.SolveSnapshot, Messages.Routing.SnapshotSolved>? solve = null)
    {
        var run = new SimulatedNode(SampleMarkets.Mixed, NodeOptionsOf.Calm(rate: 10, minInterval: TimeSpan.FromSeconds(1)), solve: solve);
        run.RunFor(TimeSpan.FromSeconds(3));
        return run;
    }

    private static ObserveReserves Observation(string pool, ImmutableArray<double> reserves, ulong slot = 1_000_000) =>
        new(new PoolId(pool), reserves, new PositionVector(new ChainPosition(slot, 1)));
}
