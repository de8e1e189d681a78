using QTrade.Markets;
using QTrade.Messages;
using QTrade.Messages.Execution;
using QTrade.Messages.Routing;
using QTrade.Trading.Execution;
using QTrade.Trading.Routing;

namespace QTrade.Trading.Tests.Execution;

public sealed class ExecutorSpecs
{
    private static readonly ExecutorState Fresh = ExecutorState.Initial(new RiskLimits(NotionalMax: 1000, LossMax: 10, ErrorStreakMax: 3));

    [Fact]
    public void A_fill_enters_the_balances_once()
    {
        var fill = Outcome(1, Ending.Executed, profit: 0.4);
        var state = Take(Fresh, fill);

        Assert.Equal(-1, state.Balances[new TokenId("A")]);
        Assert.Equal(2, state.Balances[new TokenId("B")]);
        Assert.Equal(0.4, state.Profit);
        Assert.Equal(1, state.Executed);
        Then.Nothing(ExecutorRules.Decide(state, fill));
    }

    [Fact]
    public void Every_refusal_is_counted_by_its_reason_and_listed()
    {
        var state = Take(Take(Fresh, Outcome(1, Ending.Rejected, reason: ReasonCode.PoolMoved)), Outcome(2, Ending.Rejected, reason: ReasonCode.PoolMoved));

        Assert.Equal(2, state.Refusals[ReasonCode.PoolMoved]);
        Assert.Equal(2, state.Refusals.Last.Count());
        Assert.Equal(0, state.Executed);
    }

    [Fact]
    public void Losses_past_the_limit_halt_trading()
    {
        var state = Take(Fresh, Outcome(1, Ending.Executed, profit: -6));
        Assert.Equal(TradingState.Active, state.TradingState);

        state = Take(Take(state, Outcome(2, Ending.Executed, profit: 100)), Outcome(3, Ending.Executed, profit: -6));

        Assert.Equal(TradingState.Halted, state.TradingState);
        Assert.Equal(ReasonCode.LossLimit, state.StateReason.Reason);
    }

    [Fact]
    public void Linked_routes_that_gain_together_lose_nothing_though_all_but_the_last_only_pay()
    {
        var state = Fresh;
        for (var chain = 1; chain <= 30; chain++)
        {
            state = TakeLinked(state, 2, Linked(chain, 0, Ending.Executed, -0.5), Linked(chain, 1, Ending.Executed, 2));
            Assert.Equal((TradingState.Active, 0.0), (state.TradingState, state.Loss));
        }

        Assert.Equal((45.0, 60L), (state.Profit, state.Executed));
        Then.Nothing(ExecutorRules.DecideLinked(state, [Linked(30, 0, Ending.Executed, -0.5), Linked(30, 1, Ending.Executed, 2)], 2, Values));
    }

    [Fact]
    public void Linked_routes_lose_what_they_lose_together_and_halt_past_the_limit()
    {
        var state = TakeLinked(Fresh, 2, Linked(1, 0, Ending.Executed, -6), Linked(1, 1, Ending.Executed, 1));
        Assert.Equal((TradingState.Active, 5.0), (state.TradingState, state.Loss));

        state = TakeLinked(state, 2, Linked(2, 0, Ending.Executed, -6), Linked(2, 1, Ending.Executed, 0.5));

        Assert.Equal((TradingState.Halted, ReasonCode.LossLimit, 10.5), (state.TradingState, state.StateReason.Reason, state.Loss));
    }

    /// <summary>The route that took effect gave 1 A for 2 B; whatever profit its chain planned, it is not there.</summary>
    [Theory]
    [InlineData(-0.5, Ending.Rejected, 2)]
    [InlineData(-0.5, Ending.Failed, 2)]
    [InlineData(3, Ending.Expired, 2)]
    [InlineData(-0.5, null, 2)]
    [InlineData(-0.5, Ending.Executed, 3)]
    public void Where_only_some_of_linked_routes_took_effect_the_loss_is_what_those_left(double profit, Ending? other, int routes)
    {
        var executed = Linked(1, 0, Ending.Executed, profit) with { Cost = 0.5 };
        TradeOutcome[] outcomes = other is { } ending ? [executed, Linked(1, 1, ending, 0)] : [executed];

        var state = TakeLinked(Fresh, routes, outcomes);

        Assert.Equal(other == Ending.Executed ? 4.5 : 2.5, state.Loss);
        Assert.Equal(profit, state.Profit);
    }

    /// <summary>The route that took effect gave 1 A for 2 B.</summary>
    [Theory]
    [InlineData("A", true, TradingState.Active, 4)]
    [InlineData("B", true, TradingState.Halted, 0)]
    [InlineData("", true, TradingState.Halted, 0)]
    [InlineData("", false, TradingState.Active, 0)]
    public void What_linked_routes_gave_away_of_a_token_without_a_value_halts_trading_and_what_they_brought_of_one_is_worth_nothing(
        string known, bool isPart, TradingState expected, double loss)
    {
        var values = Sample.View(Sample.Market([.. Values.ShowTokens().Where(token => token.Id.Value == known)]), slot: 1);
        TradeOutcome[] outcomes = [Linked(1, 0, Ending.Executed, 0), Linked(1, 1, isPart ? Ending.Rejected : Ending.Executed, 0)];

        var state = ExecutorRules.DecideLinked(Fresh, [.. outcomes], 2, values).ToImmutableArray().Aggregate(Fresh, ExecutorRules.Apply);

        Assert.Equal((expected, loss), (state.TradingState, state.Loss));
        Assert.Equal(expected == TradingState.Halted, state.StateReason.Reason == ReasonCode.UnknownToken);
        Assert.Equal(2, state.Tallied.Count);
        Assert.Equal(!isPart, ExecutorRules.AreValued(Fresh, [.. outcomes], 2, values));
        Assert.True(ExecutorRules.AreValued(Fresh, [.. outcomes], 2, Values));
    }

    /// <summary>They lost more than the limit besides.</summary>
    [Fact]
    public void What_linked_routes_gave_away_of_a_token_without_a_value_halts_trading_once_and_as_of_the_last_of_them()
    {
        var last = Sample.Noon.AddSeconds(1);

        var events = ExecutorRules.DecideLinked(
            Fresh, [Linked(1, 0, Ending.Executed, 0) with { Cost = 20, At = last }, Linked(1, 1, Ending.Rejected, 0)], 2, OnlyB).ToImmutableArray();

        var halt = Assert.Single(events.OfType<TradingStateChanged>());
        Assert.Equal((ReasonCode.UnknownToken, last), (halt.Reason, halt.At));
        Assert.Equal(18, events.Aggregate(Fresh, ExecutorRules.Apply).Loss);
    }

    [Fact]
    public void A_streak_of_failures_among_linked_routes_halts_trading_though_the_last_of_them_is_a_fill()
    {
        var state = Take(Take(Fresh, Outcome(1, Ending.Failed)), Outcome(2, Ending.Failed));

        state = TakeLinked(state, 3, Linked(3, 0, Ending.Failed, 0), Linked(3, 1, Ending.Failed, 0), Linked(3, 2, Ending.Executed, 0));

        Assert.Equal((TradingState.Halted, ReasonCode.ErrorStreak), (state.TradingState, state.StateReason.Reason));
        Assert.StartsWith("3 trades in a row failed", state.StateReason.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_halt_in_force_stays_as_it_was_ordered_whatever_linked_routes_left_and_lost()
    {
        var halted = Take(Fresh, new SetTradingState(TradingState.Halted, ReasonCode.Operator, "look", Sample.Noon));

        var events = ExecutorRules.DecideLinked(
            halted, [Linked(1, 0, Ending.Executed, 0) with { Cost = 20 }, Linked(1, 1, Ending.Rejected, 0)], 2, OnlyB).ToImmutableArray();

        Assert.All(events, each => Assert.IsType<OutcomeTallied>(each));
        Assert.Equal(2, events.Length);
    }

    [Fact]
    public void A_token_that_linked_routes_took_on_the_way_and_gave_on_needs_no_value()
    {
        var executed = Linked(1, 0, Ending.Executed, 0) with { Legs = [new(new("p"), new("A"), new("C"), 1, 3, Sample.At(5)), new(new("q"), new("C"), new("B"), 3, 2, Sample.At(5))] };

        Assert.True(ExecutorRules.AreValued(Fresh, [executed], 2, Values));
    }

    [Fact]
    public void What_a_route_left_that_was_counted_is_not_lost_again_with_the_rest()
    {
        var executed = Linked(1, 0, Ending.Executed, -0.5);
        var state = Take(Fresh, executed);

        state = TakeLinked(state, 2, executed, Linked(1, 1, Ending.Rejected, 0));

        Assert.Equal((0.5, 2), (state.Loss, state.Tallied.Count));
        Assert.True(ExecutorRules.AreValued(Take(Fresh, executed), [executed, Linked(1, 1, Ending.Rejected, 0)], 2, OnlyB));
    }

    [Fact]
    public void Of_linked_routes_of_which_some_were_counted_the_rest_counts()
    {
        var first = Linked(1, 0, Ending.Executed, -0.5);
        var state = Take(Fresh, first);

        state = TakeLinked(state, 2, first, Linked(1, 1, Ending.Executed, 2));

        Assert.Equal((0.5, 1.5, 2L), (state.Loss, state.Profit, state.Executed));
    }

    [Fact]
    public void What_earlier_versions_counted_of_linked_routes_is_the_loss_that_they_counted()
    {
        var state = ExecutorRules.Apply(Fresh, new OutcomeTallied(Linked(1, 0, Ending.Executed, -0.5), TradingState.Active));

        Assert.Equal(0.5, state.Loss);
    }

    [Theory]
    [InlineData(5, 3, ReasonCode.LossLimit)]
    [InlineData(100, 2, ReasonCode.ErrorStreak)]
    public void Limits_that_are_passed_already_halt_trading_when_they_are_set(double lossMax, int errorStreakMax, ReasonCode reason)
    {
        var state = Take(Take(Take(Fresh, Outcome(1, Ending.Executed, profit: -6)), Outcome(2, Ending.Failed)), Outcome(3, Ending.Failed));
        Assert.Equal(TradingState.Active, state.TradingState);

        var limited = Take(state, new SetRiskLimits(new RiskLimits(1e9, lossMax, errorStreakMax), Sample.Noon));

        Assert.Equal((TradingState.Halted, reason), (limited.TradingState, limited.StateReason.Reason));
        Assert.Equal(TradingState.Active, Take(state, new SetRiskLimits(new RiskLimits(1e9, 7, 3), Sample.Noon)).TradingState);
    }

    [Fact]
    public void A_streak_of_failures_halts_trading_and_a_fill_breaks_it()
    {
        var state = Take(Take(Fresh, Outcome(1, Ending.Failed)), Outcome(2, Ending.Failed));
        state = Take(Take(state, Outcome(3, Ending.Executed)), Outcome(4, Ending.Failed));
        state = Take(Take(state, Outcome(5, Ending.Rejected, reason: ReasonCode.PoolMoved)), Outcome(6, Ending.Failed));
        Assert.Equal(TradingState.Active, state.TradingState);

        state = Take(state, Outcome(7, Ending.Failed));

        Assert.Equal(TradingState.Halted, state.TradingState);
        Assert.Equal(ReasonCode.ErrorStreak, state.StateReason.Reason);
    }

    [Fact]
    public void Resuming_forgets_losses_and_streak()
    {
        var halted = Take(Take(Take(Fresh, Outcome(1, Ending.Failed)), Outcome(2, Ending.Failed)), Outcome(3, Ending.Failed));

        var resumed = Take(halted, new SetTradingState(TradingState.Active, ReasonCode.Operator, "looked at", Sample.Noon));

        Assert.Equal((TradingState.Active, 0.0, 0), (resumed.TradingState, resumed.Loss, resumed.ErrorStreak));
    }

    [Fact]
    public void Setting_what_is_set_is_no_event()
    {
        var halt = new SetTradingState(TradingState.Halted, ReasonCode.Operator, "", Sample.Noon);

        var limits = new SetRiskLimits(new RiskLimits(7, 7, 7), Sample.Noon);

        Then.Nothing(ExecutorRules.Decide(Take(Fresh, halt), halt));
        Then.Nothing(ExecutorRules.Decide(Take(Fresh, limits), limits));
    }

    [Fact]
    public void Limits_that_were_ordered_before_those_in_force_are_not_taken()
    {
        var (early, late) = (Sample.Noon, Sample.Noon + TimeSpan.FromSeconds(1));
        var (wide, narrow) = (new RiskLimits(1e9, 1e9, 1_000), new RiskLimits(7, 7, 7));
        var limited = Take(Take(Fresh, new SetRiskLimits(wide, early)), new SetRiskLimits(narrow, late));

        // Delivered again, and one that was given in between and comes for the first time.
        Then.Rejected(ExecutorRules.Decide(limited, new SetRiskLimits(wide, early)), ReasonCode.SupersededByNewer);
        Then.Rejected(ExecutorRules.Decide(limited, new SetRiskLimits(new RiskLimits(9, 9, 9), late - TimeSpan.FromTicks(1))), ReasonCode.SupersededByNewer);
        Then.Nothing(ExecutorRules.Decide(limited, new SetRiskLimits(narrow, early)));
        Assert.Equal(wide, Take(limited, new SetRiskLimits(wide, late + TimeSpan.FromTicks(1))).Limits);
    }

    [Fact]
    public void Limits_that_are_ordered_once_more_are_newer_than_what_was_ordered_in_between()
    {
        var (first, between, last) = (Sample.Noon, Sample.Noon + TimeSpan.FromSeconds(1), Sample.Noon + TimeSpan.FromSeconds(2));
        var narrow = new RiskLimits(7, 7, 7);
        var limited = Take(Take(Fresh, new SetRiskLimits(narrow, first)), new SetRiskLimits(narrow, last));

        Then.Rejected(ExecutorRules.Decide(limited, new SetRiskLimits(new RiskLimits(1e9, 1e9, 1_000), between)), ReasonCode.SupersededByNewer);
        // Those of the settings, too: nobody ordered them before.
        var set = Take(Fresh, new SetRiskLimits(Fresh.Limits, last));
        Then.Rejected(ExecutorRules.Decide(set, new SetRiskLimits(narrow, between)), ReasonCode.SupersededByNewer);
    }

    [Fact]
    public void Limits_that_only_a_tally_still_tells_are_as_new_as_it()
    {
        var tally = ExecutorRules.Decide(Take(Fresh, new SetRiskLimits(new RiskLimits(7, 7, 7), Sample.Noon - TimeSpan.FromSeconds(1))), Outcome(1, Ending.Executed))[0];
        var recovered = ExecutorRules.Apply(Fresh, tally);

        Then.Rejected(ExecutorRules.Decide(recovered, new SetRiskLimits(new RiskLimits(9, 9, 9), Sample.Noon - TimeSpan.FromTicks(1))), ReasonCode.SupersededByNewer);
        Assert.Equal(9, Take(recovered, new SetRiskLimits(new RiskLimits(9, 9, 9), Sample.Noon)).Limits.LossMax);
    }

    [Fact]
    public void Configured_limits_are_in_force_from_the_next_start_whatever_was_tallied_under_those_of_before()
    {
        var tally = ExecutorRules.Decide(Fresh, Outcome(1, Ending.Executed, profit: -6))[0];
        var lowered = ExecutorState.Initial(new RiskLimits(100, 5, 2));

        var recovered = ExecutorRules.Apply(lowered, tally);

        Assert.Equal((lowered.Limits, 6.0), (recovered.Limits, recovered.Loss));
        // An order counts, of whatever age.
        Assert.Equal(7, Take(recovered, new SetRiskLimits(new RiskLimits(7, 7, 7), default)).Limits.LossMax);
    }

    [Fact]
    public void Ordered_limits_stay_in_force_whatever_is_configured()
    {
        var ordered = Take(Fresh, new SetRiskLimits(new RiskLimits(7, 7, 7), Sample.Noon));

        Assert.Equal(ordered.Limits, ordered.WithConfigured(new RiskLimits(1, 1, 1)).Limits);
        Assert.Equal(new RiskLimits(1, 1, 1), Fresh.WithConfigured(new RiskLimits(1, 1, 1)).Limits);
        // So do those of which only a tally tells, also in the states of after it.
        var told = ExecutorRules.Apply(Fresh, ExecutorRules.Decide(ordered, Outcome(1, Ending.Executed))[0]);
        Assert.Equal(ordered.Limits, told.WithConfigured(new RiskLimits(1, 1, 1)).Limits);
    }

    [Fact]
    public void Configured_limits_that_what_was_lost_passes_halt_trading_at_the_start()
    {
        var active = Take(Fresh, Outcome(1, Ending.Executed, profit: -6)).WithConfigured(new RiskLimits(1000, 5, 3));

        var halted = ExecutorRules.Apply(active, ExecutorRules.Recover(active, lost: 0, told: false, Sample.Noon)[0]);

        Assert.Equal((TradingState.Halted, ReasonCode.LossLimit), (halted.TradingState, halted.StateReason.Reason));
        Then.Nothing(ExecutorRules.Recover(halted, lost: 0, told: false, Sample.Noon));
        // Whoever lowered them resumes before anybody recovered; a resumption of before the loss that comes again does not.
        var resumed = new SetTradingState(TradingState.Active, ReasonCode.Operator, "", active.StateAt);
        Assert.Equal(TradingState.Active, Take(halted, resumed with { At = active.StateAt.AddSeconds(1) }).TradingState);
        Then.Rejected(ExecutorRules.Decide(halted, resumed), ReasonCode.SupersededByNewer);
        Then.Nothing(ExecutorRules.Recover(active.WithConfigured(Fresh.Limits), lost: 0, told: false, Sample.Noon));
        // A person who lets trading reduce knows of the loss.
        Then.Nothing(ExecutorRules.Recover(active with { TradingState = TradingState.Reducing }, lost: 0, told: false, Sample.Noon));
    }

    [Theory]
    [InlineData(TradingState.Active)]
    [InlineData(TradingState.Reducing)]
    public void What_was_ordered_before_the_halt_in_force_does_not_lift_it(TradingState older)
    {
        var (early, late) = (Sample.Noon, Sample.Noon + TimeSpan.FromSeconds(1));
        var halted = Take(Fresh, Halt(early - TimeSpan.FromSeconds(1)));

        // Ordered with the same words while what was ordered in between is still on its way.
        halted = Take(halted, Halt(late));

        Then.Rejected(ExecutorRules.Decide(halted, new SetTradingState(older, ReasonCode.Operator, "checked", early)), ReasonCode.SupersededByNewer);
        Assert.Equal(older, Take(halted, new SetTradingState(older, ReasonCode.Operator, "checked", late)).TradingState);

        static SetTradingState Halt(DateTimeOffset at) => new(TradingState.Halted, ReasonCode.Operator, "", at);
    }

    [Fact]
    public void Only_a_resumption_from_which_losses_count_anew_is_the_last()
    {
        var state = Take(Fresh, new SetTradingState(TradingState.Halted, ReasonCode.Operator, "", Sample.Noon));
        Assert.Equal(default, state.ResumedAt);
        state = Take(state, new SetTradingState(TradingState.Active, ReasonCode.Operator, "", Sample.Noon.AddHours(1)));
        state = Take(state, new SetTradingState(TradingState.Active, ReasonCode.Operator, "again", Sample.Noon.AddHours(2)));
        state = Take(state, new SetTradingState(TradingState.Reducing, ReasonCode.Operator, "", Sample.Noon.AddMinutes(5)));

        Assert.Equal(Sample.Noon.AddHours(1), state.ResumedAt);
    }

    [Fact]
    public void A_halt_that_arrives_late_makes_the_one_in_force_no_older()
    {
        var lossLimit = new SetTradingState(TradingState.Halted, ReasonCode.LossLimit, "too much", Sample.Noon);
        var halted = Take(Fresh, lossLimit);

        halted = Take(halted, new SetTradingState(TradingState.Halted, ReasonCode.Operator, "", Sample.Noon - TimeSpan.FromSeconds(3)));

        Then.Rejected(
            ExecutorRules.Decide(halted, new SetTradingState(TradingState.Active, ReasonCode.Operator, "", Sample.Noon - TimeSpan.FromSeconds(1))),
            ReasonCode.SupersededByNewer);
    }

    [Theory]
    [InlineData(double.NaN, 1, 1)]
    [InlineData(1, -1, 1)]
    [InlineData(1, 1, 0)]
    public void Limits_that_are_none_are_refused(double notional, double loss, int streak) => Then.Rejected(
        ExecutorRules.Decide(Fresh, new SetRiskLimits(new RiskLimits(notional, loss, streak), Sample.Noon)), ReasonCode.InvalidSetting);

    [Fact]
    public void The_last_tallied_trades_are_remembered_and_no_more()
    {
        var state = Fresh;
        for (var number = 0; number <= ExecutorState.TalliedKept; number++)
            state = Take(state, Outcome(number, Ending.Expired, reason: ReasonCode.Expired));

        Assert.Equal(ExecutorState.TalliedKept, state.Tallied.Count);
        Assert.DoesNotContain(Outcome(0, Ending.Expired).TradeId, state.Tallied);
    }

    [Fact]
    public void Where_the_last_events_are_lost_trading_is_halted_until_it_is_resumed()
    {
        var decision = ExecutorRules.Recover(Fresh, lost: 2, told: false, Sample.Noon);
        var state = ExecutorRules.Apply(Fresh, decision[0]);

        Assert.Equal((TradingState.Halted, ReasonCode.EventsLost), (state.TradingState, state.StateReason.Reason));
        Then.Nothing(ExecutorRules.Recover(state, lost: 2, told: false, Sample.Noon));
        Then.Nothing(ExecutorRules.Recover(Fresh, lost: 0, told: false, Sample.Noon));
        Assert.Equal(
            TradingState.Active, Take(state, new SetTradingState(TradingState.Active, ReasonCode.Operator, "", Sample.Noon)).TradingState);
    }

    [Fact]
    public void A_lost_change_of_state_or_limits_is_known_again_by_the_next_tally()
    {
        var halted = Take(Fresh, new SetTradingState(TradingState.Halted, ReasonCode.Operator, "", Sample.Noon));
        var limited = Take(halted, new SetRiskLimits(new RiskLimits(7, 7, 7), Sample.Noon));
        var tally = ExecutorRules.Decide(limited, Outcome(1, Ending.Rejected, reason: ReasonCode.Halted))[0];

        var recovered = ExecutorRules.Apply(Fresh, tally);

        Assert.Equal(TradingState.Halted, recovered.TradingState);
        Assert.Equal(new RiskLimits(7, 7, 7), recovered.Limits);
        Then.Nothing(ExecutorRules.Recover(recovered, lost: 2, told: true, Sample.Noon));
    }

    [Fact]
    public void A_halt_that_the_journal_lost_is_known_again_by_limits_that_were_set_since()
    {
        var halted = Take(Fresh, new SetTradingState(TradingState.Halted, ReasonCode.Operator, "", Sample.Noon));
        var limits = ExecutorRules.Decide(halted, new SetRiskLimits(new RiskLimits(7, 7, 7), Sample.Noon))[0];

        var recovered = ExecutorRules.Apply(Fresh, limits);

        Assert.Equal((TradingState.Halted, ReasonCode.EventsLost), (recovered.TradingState, recovered.StateReason.Reason));
        Assert.Equal(new RiskLimits(7, 7, 7), recovered.Limits);
    }

    [Fact]
    public void Trades_that_a_damaged_journal_lost_are_no_streak_of_failures()
    {
        var state = Fresh;
        for (var number = 1; number <= 5; number++)
            state = Take(state, Outcome(number, Ending.Failed, reason: ReasonCode.EventsLost));

        Assert.Equal(TradingState.Active, state.TradingState);
        Assert.Equal(5, state.Refusals[ReasonCode.EventsLost]);
    }

    private static MarketView OnlyB { get; } = Sample.View(Sample.Market([Sample.Token("B", 1)]), slot: 1);

    private static MarketView Values { get; } = Sample.View(Sample.Market([Sample.Token("A", 4), Sample.Token("B", 1)]), slot: 1);

    private static ExecutorState TakeLinked(ExecutorState state, int routes, params TradeOutcome[] outcomes) =>
        ExecutorRules.DecideLinked(state, [.. outcomes], routes, Values).ToImmutableArray().Aggregate(state, ExecutorRules.Apply);

    private static TradeOutcome Linked(int number, int route, Ending ending, double profit)
    {
        var outcome = Outcome(number, ending, profit);
        return outcome with { TradeId = TradeId.Of(outcome.SnapshotId, route), RouteIndex = route };
    }

    private static ExecutorState Take(ExecutorState state, IExecutorCommand command)
    {
        var decision = ExecutorRules.Decide(state, command);
        Assert.Null(decision.Rejection);
        return decision.ToImmutableArray().Aggregate(state, ExecutorRules.Apply);
    }

    private static TradeOutcome Outcome(long number, Ending ending, double profit = 0, ReasonCode reason = ReasonCode.None)
    {
        var id = new SnapshotId(1, number);
        return new TradeOutcome(
            TradeId.Of(id, 0), id, 0, ending, reason, "",
            ending == Ending.Executed ? [new(new("p"), new("A"), new("B"), 1, 2, Sample.At(5))] : [],
            profit, 0, 90, Sample.Noon);
    }
}
