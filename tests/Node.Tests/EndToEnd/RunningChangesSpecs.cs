using System.Collections.Immutable;
using QTrade.Actors.Journal;
using QTrade.Markets;
using QTrade.Messages;
using QTrade.Messages.Execution;
using QTrade.Messages.Pools;
using QTrade.Messages.Registry;
using QTrade.Messages.Routing;
using QTrade.Node.Actors;
using QTrade.Node.Configuration;
using QTrade.Node.Tests.Simulation;
using QTrade.Trading.Execution;
using QTrade.Trading.States;

namespace QTrade.Node.Tests.EndToEnd;

/// <summary>What is changed while a node runs takes effect without a restart; limits survive one.</summary>
public sealed class RunningChangesSpecs
{
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan While = TimeSpan.FromSeconds(20);
    private static readonly TokenId A = new("A");

    [Fact]
    public void Limits_set_while_the_node_runs_survive_a_restart_with_other_limits_in_its_settings()
    {
        using var first = Running();
        first.RunFor(While);
        Assert.True(first.Node.Status.Executed > 0);
        first.Node.Command(new SetRiskLimits(new RiskLimits(NotionalMax: 1e-9, LossMax: 50, ErrorStreakMax: 7), default));
        first.RunFor(Moment);
        var executed = first.Node.Status.Executed;
        first.RunFor(While);
        Assert.Equal(executed, first.Node.Status.Executed);
        Assert.True(Refused(first, ReasonCode.NotionalLimit) > 0);
        first.Stop();
        var refused = Refused(first, ReasonCode.NotionalLimit);

        using var second = Running(first.Journal);
        second.RunFor(While);
        Assert.Equal(executed, second.Node.Status.Executed);
        Assert.True(Refused(second, ReasonCode.NotionalLimit) > refused, "the limit of the settings is in force");

        second.Node.Command(new SetRiskLimits(new RiskLimits(100_000, 50, 7), default));
        second.RunFor(While);
        Assert.True(second.Node.Status.Executed > executed);
    }

    /// <summary>Where the last run kept a snapshot of the executor, and where its tallies are read again.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Limits_that_are_lowered_in_the_settings_are_in_force_from_the_next_start_where_nobody_ordered_any(bool keepsSnapshot)
    {
        using var first = Running();
        first.RunFor(While);
        var executed = first.Node.Status.Executed;
        Assert.True(executed > 0);
        first.Stop();
        if (keepsSnapshot)
            KeepSnapshot(first);

        using var second = new SimulatedNode(SampleMarkets.Mixed, Options(maxNotional: 1e-9), found: first.Journal);
        second.RunFor(While);
        Assert.Equal(1e-9, second.Node.Limits!.NotionalMax);
        Assert.Equal(executed, second.Node.Status.Executed);
        Assert.True(Refused(second, ReasonCode.NotionalLimit) > 0);
    }

    [Fact]
    public void Limits_that_are_no_limits_are_refused_and_the_old_ones_stay()
    {
        using var run = Running();
        var executed = run.Node.Status.Executed;
        run.Node.Command(new SetRiskLimits(new RiskLimits(double.NaN, 50, 7), default));
        run.RunFor(While);
        Assert.True(run.Node.Status.Executed > executed);
        Assert.Equal(0, Refused(run, ReasonCode.NotionalLimit));
        var refused = Assert.Single(run.Node.Status.Refusals.Single(refusals => refusals.Source == RefusalSource.Commands).Last);
        Assert.Equal((ReasonCode.InvalidSetting, "executor: command"), (refused.Reason, refused.What));
    }

    [Fact]
    public void A_tokens_value_decimals_and_symbol_change_while_the_node_trades()
    {
        var changed = TokenOf(SampleMarkets.Mixed, A) with { Value = 12, Decimals = 2, Symbol = "AAA" };
        using var first = Running();
        first.RunFor(While);
        Assert.Contains(AmountsOf(first.Laws.Outcomes.Values), amount => !IsInCents(amount));
        Assert.Equal(10, TokenOf(first.LastSolved, A).Value);

        first.Node.Change(new ChangeToken(new RegisterToken(changed)));
        first.RunFor(Moment);
        var before = first.Laws.Outcomes.Keys.ToHashSet();
        first.Node.Observe(Observation("product", [1_000, 10_500]));
        first.RunFor(While);

        Assert.Equal(changed, TokenOf(first.LastSolved, A));
        var amounts = AmountsOf(first.Laws.Outcomes.Values.Where(outcome => !before.Contains(outcome.TradeId)));
        Assert.NotEmpty(amounts);
        Assert.All(amounts, amount => Assert.True(IsInCents(amount), $"{amount} A has more than two decimals"));
        Assert.Empty(first.Lines);
        Assert.True(first.Stop());
    }

    [Fact]
    public void A_new_token_and_its_pools_are_traded_without_a_restart()
    {
        using var run = Running();
        var token = new TokenId("E");
        run.Node.Change(new ChangeToken(new RegisterToken(new Token { Id = token, Value = 5, Decimals = 6 })));
        string[] added = ["new-1", "new-2"];
        foreach (var id in added)
            run.Node.Change(new ChangePool(new ConfigurePool(NewPool(id, token))));
        run.RunFor(Moment);
        run.Node.Observe(Observation(added[0], [1_000, 5_000]));
        run.Node.Observe(Observation(added[1], [1_000, 5_500]));
        run.RunFor(While);

        var outcome = Assert.Single(
            run.Laws.Outcomes.Values, outcome => outcome.Ending == Ending.Executed && outcome.Legs.Any(leg => leg.TokenIn == token));
        Assert.Contains(outcome.Legs, leg => leg.PoolId.Value == added[0]);
        Assert.Contains(outcome.Legs, leg => leg.PoolId.Value == added[1]);
        Assert.Equal(0, run.Node.Status.Routes.Difference);
        Assert.Empty(run.Lines);
    }

    [Fact]
    public void A_pool_that_a_person_adds_is_moved_by_the_simulated_chain_at_once()
    {
        using var run = Running();
        var token = new TokenId("E");
        run.Node.Change(new ChangeToken(new RegisterToken(new Token { Id = token, Value = 5, Decimals = 6 })));
        run.Node.Change(new ChangePool(new ConfigurePool(NewPool("new-1", token)) { By = new Operator("somebody", "127.0.0.1") }));
        run.RunFor(While);

        var moves = JournalMessages.Of(run.Journal).OfType<ReservesChanged>().Where(change => change.PoolId.Value == "new-1").ToList();
        Assert.True(moves.Count > 5, $"it moved {moves.Count} times");
        Assert.Equal([1_000, 5_000], moves[0].Reserves.AsEnumerable());
        Assert.Contains(run.LastSolved.Pools, pool => pool.Id.Value == "new-1");
        Assert.Empty(run.Lines);
    }

    [Fact]
    public void What_a_person_added_and_retired_stands_over_restarts_until_a_person_changes_it()
    {
        var by = new Operator("somebody", "127.0.0.1");
        using var first = Running();
        var token = new TokenId("E");
        var (added, retired) = (NewPool("new-1", token), SampleMarkets.Mixed.Pools[0]);
        first.Node.Change(new ChangeToken(new RegisterToken(new Token { Id = token, Value = 5, Decimals = 6 })));
        first.Node.Change(new ChangePool(new ConfigurePool(added) { By = by }));
        first.Node.Change(new ChangePool(new RetirePool(retired.Id) { By = by }));
        first.RunFor(Moment);
        first.Node.Observe(Observation("new-1", [1_000, 5_100]));
        first.RunFor(Moment);
        Assert.True(first.Stop());

        using var second = Running(first.Journal);
        second.RunFor(While);
        Assert.Contains(second.LastSolved.Pools, pool => pool.Id == added.Id);
        Assert.DoesNotContain(second.LastSolved.Pools, pool => pool.Id == retired.Id);
        Assert.Equal(5, TokenOf(second.LastSolved, token).Value);
        second.Node.Change(new ChangePool(new RetirePool(added.Id) { By = by }));
        second.Node.Change(new ChangePool(new ConfigurePool(retired) { By = by }));
        second.RunFor(Moment);
        Assert.DoesNotContain(second.Lines, line => line.Contains("configuration", StringComparison.Ordinal));
        Assert.True(second.Stop());

        using var third = Running(second.Journal);
        third.RunFor(While);
        Assert.DoesNotContain(third.LastSolved.Pools, pool => pool.Id == added.Id);
        Assert.Equal(SampleMarkets.Mixed.Pools.Length, third.Node.Status.Pools);
        Assert.Empty(third.Lines);
    }

    [Fact]
    public void A_solve_that_is_asked_for_where_nothing_can_be_traded_is_refused_at_once_with_the_reason()
    {
        using var run = Running();
        foreach (var pool in SampleMarkets.Mixed.Pools)
            run.Node.Change(new ChangePool(new RetirePool(pool.Id)));
        run.RunFor(Moment);

        var asked = run.Node.SolveAsync(TimeSpan.FromSeconds(10));
        run.RunFor(TimeSpan.FromMilliseconds(100));

        var answer = AnswerOf(asked);
        Assert.Null(answer.Decision);
        var pools = SampleMarkets.Mixed.Pools.Length;
        Assert.Equal($"none of {pools} pools can be traded: {pools} retired", answer.Refusal);
    }

    private static SimulatedNode Running(InMemoryJournal? found = null)
    {
        var run = new SimulatedNode(SampleMarkets.Mixed, Options(), found: found);
        run.RunFor(TimeSpan.FromSeconds(3));
        return run;
    }

    private static NodeOptions Options(double? maxNotional = null)
    {
        var calm = NodeOptionsOf.Calm(rate: 10, minInterval: TimeSpan.FromSeconds(1));
        return maxNotional is not { } limit ? calm : new NodeOptions
        {
            Simulation = calm.Simulation, Router = calm.Router, Solver = calm.Solver, Executor = new ExecutorOptions { MaxNotional = limit },
        };
    }

    private static void KeepSnapshot(SimulatedNode run)
    {
        var executor = NodeRecovery.Read(run.Journal, Options().Executor.ForRisk(), run.Scheduler.Time).Entities.Peek(PersistenceIds.Executor)!;
        var encoded = StateForms.Executor.Encode((ExecutorState)executor.State);
        run.Journal.SaveSnapshot(new StoredSnapshot(
            PersistenceIds.Executor, executor.SequenceNumber, new EventData(encoded.Manifest, encoded.Version, encoded.Bytes)));
        run.RunFor(Moment);
    }

    // The answer is given in virtual time; who awaited it goes on on a thread of the pool.
    private static T AnswerOf<T>(Task<T> asked)
    {
        Assert.True(SpinWait.SpinUntil(() => asked.IsCompleted, TimeSpan.FromSeconds(30)), "no answer");
        return asked.GetAwaiter().GetResult();
    }

    private static long Refused(SimulatedNode run, ReasonCode reason) =>
        run.Node.Status.Refusals.Single(refusals => refusals.Source == RefusalSource.Executor)
            .Counts.SingleOrDefault(count => count.Reason == reason)?.Count ?? 0;

    private static Token TokenOf(Market market, TokenId id) => market.Tokens.Single(token => token.Id == id);

    /// <summary>What was tendered and received of A.</summary>
    private static double[] AmountsOf(IEnumerable<TradeOutcome> outcomes) =>
    [
        .. outcomes.Where(outcome => outcome.Ending == Ending.Executed).SelectMany(outcome => outcome.Legs)
            .SelectMany(leg => new[] { (leg.TokenIn, leg.Tender), (leg.TokenOut, leg.Receive) })
            .Where(flow => flow.Item1 == A)
            .Select(flow => flow.Item2),
    ];

    private static bool IsInCents(double amount) => Math.Abs((amount * 100) - Math.Round(amount * 100)) < 1e-6;

    private static Pool NewPool(string id, TokenId token) => new()
    {
        Id = new PoolId(id),
        Fee = 0.003,
        Tokens = [token, new TokenId("B")],
        Curve = new ProductCurve([1_000, 5_000]),
    };

    private static ObserveReserves Observation(string pool, ImmutableArray<double> reserves) =>
        new(new PoolId(pool), reserves, new PositionVector(new ChainPosition(1_000_000, 1)));
}
