using QTrade.Messages;
using QTrade.Messages.Cluster;
using QTrade.Messages.Execution;
using QTrade.Trading.Cluster;
using static QTrade.Trading.Tests.Cluster.ClusterSample;

namespace QTrade.Trading.Tests.Cluster;

public sealed class RiskSpecs
{
    private static readonly DateTimeOffset Noon = Sample.Noon;
    private static readonly RiskState Limited = RiskState.Initial with { LossMax = 100 };

    [Fact]
    public void Before_a_limit_is_set_nothing_is_leased() =>
        Then.Rejected(RiskRules.Decide(RiskState.Initial, new LeaseRiskSlice("one", 1, 10, Noon)), ReasonCode.RiskExhausted);

    [Fact]
    public void A_slice_is_what_was_wanted_or_what_is_left()
    {
        var state = Given(Limited, new LeaseRiskSlice("one", 1, 70, Noon));

        Then.Events(
            RiskRules.Decide(state, new LeaseRiskSlice("two", 1, 70, Noon)),
            new RiskSliceLeased("two", 1, 1, 30, Noon + RiskRules.LapseAfter, Noon));
        Then.Rejected(RiskRules.Decide(Given(state, new LeaseRiskSlice("two", 1, 70, Noon)), new LeaseRiskSlice("three", 1, 1, Noon)), ReasonCode.RiskExhausted);
    }

    [Fact]
    public void The_same_request_again_changes_nothing() =>
        Then.Nothing(RiskRules.Decide(Given(Limited, new LeaseRiskSlice("one", 1, 70, Noon)), new LeaseRiskSlice("one", 1, 70, Noon)));

    [Fact]
    public void What_was_true_already_is_answered_again()
    {
        var lease = new LeaseRiskSlice("one", 1, 70, Noon);
        var state = Given(Limited, lease);
        var report = new ReportRiskSlice("one", 1, 0, false, Noon.AddSeconds(1));

        Assert.Equal(new RiskSliceLeased("one", 1, 1, 70, Noon + RiskRules.LapseAfter, Noon), RiskRules.Answer(state, lease));
        Then.Nothing(RiskRules.Decide(state, report));
        Assert.Equal(new RiskSliceReported("one", 1, 1, 0, false, Noon + RiskRules.LapseAfter, report.At), RiskRules.Answer(state, report));
        var returned = report with { IsReturned = true };
        Assert.True(Assert.IsType<RiskSliceReported>(RiskRules.Answer(Given(state, returned), returned)).IsReturned);
        Assert.Null(RiskRules.Answer(state, new ResetRisk(Noon)));
    }

    [Fact]
    public void A_report_without_news_is_kept_only_before_the_slice_would_lapse()
    {
        var state = Given(Limited, new LeaseRiskSlice("one", 1, 70, Noon));
        var late = Noon + (RiskRules.LapseAfter / 2);

        Then.Nothing(RiskRules.Decide(state, new ReportRiskSlice("one", 1, 0, false, late.AddMilliseconds(-1))));
        Assert.Equal(0, Given(state, new ReportRiskSlice("one", 1, 0, false, late)).Lapsed(Noon + RiskRules.LapseAfter));
    }

    [Fact]
    public void What_is_left_of_a_slice_is_free_once_it_is_given_back()
    {
        var state = Given(Limited, new LeaseRiskSlice("one", 1, 70, Noon), new ReportRiskSlice("one", 1, 20, false, Noon));
        Assert.Equal(30, state.Free);

        Assert.Equal(80, Given(state, new ReportRiskSlice("one", 1, 20, true, Noon)).Free);
    }

    [Fact]
    public void A_slice_that_lapsed_stays_out()
    {
        var state = Given(Limited, new LeaseRiskSlice("one", 1, 70, Noon));

        Assert.Equal(1, state.Lapsed(Noon + RiskRules.LapseAfter));
        Then.Rejected(RiskRules.Decide(Given(state, new LeaseRiskSlice("two", 1, 30, Noon)), new LeaseRiskSlice("two", 2, 1, Noon.AddHours(1))), ReasonCode.RiskExhausted);
    }

    [Fact]
    public void A_loss_beyond_the_slice_counts_whole()
    {
        var state = Given(Limited, new LeaseRiskSlice("one", 1, 70, Noon), new ReportRiskSlice("one", 1, 95, false, Noon));

        Assert.Equal(5, state.Free);
        Assert.Equal(5, Given(state, new ReportRiskSlice("one", 1, 95, true, Noon)).Free);
    }

    [Fact]
    public void A_report_that_was_overtaken_does_not_lower_a_loss()
    {
        var state = Given(
            Limited, new LeaseRiskSlice("one", 1, 70, Noon), new ReportRiskSlice("one", 1, 20, false, Noon), new ReportRiskSlice("one", 1, 10, true, Noon));

        Assert.Equal(80, state.Free);
    }

    [Fact]
    public void Resuming_voids_every_slice_and_counts_losses_from_0()
    {
        var state = Given(Limited, new LeaseRiskSlice("one", 1, 70, Noon), new ReportRiskSlice("one", 1, 70, true, Noon), new ResetRisk(Noon));

        Assert.Equal((2, 100.0), (state.Generation, state.Free));
        Then.Rejected(RiskRules.Decide(state, new ReportRiskSlice("one", 1, 70, true, Noon)), ReasonCode.UnknownRiskSlice);
        Assert.Equal(state, RiskRules.Apply(state, new RiskSliceLeased("one", 1, 1, 70, Noon, Noon)));
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(-1)]
    public void What_is_no_amount_is_refused(double amount)
    {
        var state = Given(Limited, new LeaseRiskSlice("one", 1, 70, Noon));

        Then.Rejected(RiskRules.Decide(state, new LeaseRiskSlice("two", 1, amount, Noon)), ReasonCode.InvalidSetting);
        Then.Rejected(RiskRules.Decide(state, new ReportRiskSlice("one", 1, amount, false, Noon)), ReasonCode.InvalidSetting);
        Then.Rejected(RiskRules.Decide(state, new SetSharedLoss(amount, Noon)), ReasonCode.InvalidSetting);
    }

    [Fact]
    public void Slices_that_are_out_are_bounded()
    {
        var state = RiskState.Initial with { LossMax = 1000 };
        for (var slice = 1; slice <= RiskState.SlicesMax; slice++)
            state = RiskRules.Apply(state, new RiskSliceLeased("one", slice, state.Generation, 1, Noon + RiskRules.LapseAfter, Noon));

        Then.Rejected(RiskRules.Decide(state, new LeaseRiskSlice("two", 1, 1, Noon)), ReasonCode.RiskExhausted);
    }

    [Fact]
    public void An_executor_trades_only_with_a_slice_that_was_confirmed_lately()
    {
        var allowance = new RiskAllowance("one", 10);
        Assert.Equal((TradingState.Halted, ReasonCode.RiskUnleased), InForce(allowance, 0));

        Assert.Equal(new LeaseRiskSlice("one", 1, 10, Noon), allowance.Look(Start, Noon));
        Assert.Null(allowance.Look(After(999), Noon));
        Assert.Equal(new LeaseRiskSlice("one", 1, 10, Noon), allowance.Look(After(1000), Noon));
        allowance.Hear(new RiskSliceLeased("one", 1, 1, 10, Noon, Noon));

        // Held from the first request, which may be the one that was answered.
        Assert.Equal(TradingState.Active, InForce(allowance, 4999).State);
        Assert.Equal((TradingState.Halted, ReasonCode.RiskUnleased), InForce(allowance, 5000));
        allowance.Look(After(5100), Noon);
        allowance.Hear(new RiskSliceReported("one", 1, 1, 0, false, Noon, Noon));
        Assert.Equal(TradingState.Active, InForce(allowance, 5200).State);
    }

    [Fact]
    public void An_executor_whose_slice_is_used_up_is_halted_gives_it_back_and_asks_for_another()
    {
        var allowance = new RiskAllowance("one", 10);
        allowance.Look(Start, Noon);
        allowance.Hear(new RiskSliceLeased("one", 1, 1, 10, Noon, Noon));
        allowance.Lose(12);

        Assert.Equal((TradingState.Halted, ReasonCode.RiskExhausted), InForce(allowance, 100));
        Assert.Equal(new ReportRiskSlice("one", 1, 12, true, Noon), allowance.Look(After(1000), Noon));
        allowance.Lose(3);
        allowance.Hear(new RiskSliceReported("one", 1, 1, 12, true, Noon, Noon));
        Assert.Equal(new ReportRiskLoss("one", 1, 3, Noon), allowance.Look(After(1001), Noon));
        allowance.Hear(new RiskLossTold("one", 1, 3, Noon));
        Assert.Equal(new LeaseRiskSlice("one", 2, 10, Noon), allowance.Look(After(1002), Noon));
        allowance.Hear(new RiskSliceLeased("one", 2, 1, 10, Noon, Noon));
        Assert.Equal((0.0, 10.0, 3.0), (allowance.Loss, allowance.Left, allowance.Outside));
    }

    [Fact]
    public void What_is_lost_without_a_slice_is_told_before_another_is_asked_for_and_until_it_is_taken()
    {
        var allowance = new RiskAllowance("one", 10);
        allowance.Hear(1);
        allowance.Look(Start, Noon);
        allowance.Refused(1, 1, ReasonCode.RiskExhausted, "");
        allowance.Lose(4);

        Assert.Equal(new ReportRiskLoss("one", 1, 4, Noon), allowance.Look(After(1), Noon));
        Assert.Null(allowance.Look(After(1000), Noon));
        allowance.Lose(1);
        Assert.Equal(new ReportRiskLoss("one", 1, 5, Noon), allowance.Look(After(1001), Noon));
        allowance.Hear(new RiskLossTold("one", 1, 4, Noon));
        Assert.Equal(new ReportRiskLoss("one", 1, 5, Noon), allowance.Look(After(1002), Noon));
        allowance.Hear(new RiskLossTold("one", 1, 5, Noon));
        Assert.IsType<LeaseRiskSlice>(allowance.Look(After(1003), Noon));
    }

    [Fact]
    public void What_is_lost_without_a_slice_is_counted_once_and_leaves_less_for_others()
    {
        var state = Given(Limited, new LeaseRiskSlice("one", 1, 10, Noon), new ReportRiskLoss("one", 1, 30, Noon), new ReportRiskLoss("one", 1, 20, Noon));
        Assert.Equal((30.0, 60.0), (state.Lost, state.Free));
        Then.Nothing(RiskRules.Decide(state, new ReportRiskLoss("one", 1, 30, Noon)));
        Assert.Equal(new RiskLossTold("one", 1, 30, Noon), RiskRules.Answer(state, new ReportRiskLoss("one", 1, 20, Noon)));

        state = Given(state, new ReportRiskLoss("one", 1, 35, Noon), new ReportRiskLoss("two", 1, 5, Noon));
        Assert.Equal((40.0, 50.0), (state.Lost, state.Free));
        Then.Rejected(RiskRules.Decide(state, new ReportRiskLoss("two", 2, 1, Noon)), ReasonCode.SupersededByNewer);
        Then.Rejected(RiskRules.Decide(state, new ReportRiskLoss("two", 1, double.NaN, Noon)), ReasonCode.InvalidSetting);
        Assert.Equal((0.0, 100.0), (Given(state, new ResetRisk(Noon)).Lost, Given(state, new ResetRisk(Noon)).Free));
    }

    [Fact]
    public void What_a_predecessor_lost_without_a_slice_and_never_told_is_counted_with_the_first_request_of_the_next()
    {
        var (first, second, third) = (RiskRules.NameOf("executor", "n1-1"), RiskRules.NameOf("executor", "n2-2"), RiskRules.NameOf("executor", "n1-3"));
        var state = Given(
            Limited, new LeaseRiskSlice(first, 1, 10, Noon) { Known = 0 }, new ReportRiskSlice(first, 1, 3, true, Noon), new ReportRiskLoss(first, 1, 2, Noon));

        state = Given(state, new LeaseRiskSlice(second, 1, 10, Noon) { Known = 9 });
        Assert.Equal((9.0, 81.0), (state.Lost, state.Free));

        // What was told of it in the meantime is not counted twice.
        state = Given(state, new ReportRiskLoss(second, 1, 1, Noon), new ReportRiskSlice(second, 1, 0, true, Noon), new LeaseRiskSlice(third, 1, 10, Noon) { Known = 10.5 });
        Assert.Equal(10.5, state.Lost);
        Assert.Equal(10.5, Given(state, new LeaseRiskSlice(third, 2, 10, Noon) { Known = 10.5 }).Lost);
    }

    [Fact]
    public void A_first_request_from_before_the_last_resumption_brings_back_no_losses()
    {
        var state = Given(Limited, new ResetRisk(Noon.AddSeconds(1)), new LeaseRiskSlice("executor#2", 1, 10, Noon) { Known = 60 });

        Assert.Equal(0, state.Lost);
    }

    [Fact]
    public void What_a_predecessor_lost_since_trading_was_resumed_counts_though_the_clock_of_who_resumed_is_ahead()
    {
        var resumed = Noon.AddHours(1);
        var state = Given(Limited, new ResetRisk(resumed), new LeaseRiskSlice("executor#2", 1, 10, Noon) { Known = 60, ResumedAt = resumed });
        Assert.Equal(60, state.Lost);

        // The journal of this one does not know of the resumption yet.
        state = Given(Limited, new ResetRisk(resumed), new LeaseRiskSlice("executor#2", 1, 10, Noon) { Known = 60, ResumedAt = Noon });
        Assert.Equal(0, state.Lost);
    }

    [Fact]
    public void A_first_request_tells_when_trading_was_resumed_as_its_journal_has_it() => Assert.Equal(
        new LeaseRiskSlice("one", 1, 10, Noon) { Known = 7, ResumedAt = Noon.AddHours(1) }, new RiskAllowance("one", 10, 7, Noon.AddHours(1)).Look(Start, Noon));

    [Fact]
    public void Where_the_limit_is_lowered_below_what_is_leased_slices_are_given_back_and_less_is_leased()
    {
        var state = Given(Limited, new LeaseRiskSlice("one", 1, 70, Noon));
        var allowance = new RiskAllowance("one", 70);
        allowance.Look(Start, Noon);
        allowance.Hear(new RiskSliceLeased("one", 1, 1, 70, Noon, Noon));
        allowance.Look(After(1000), Noon);
        allowance.Lose(5);
        allowance.Hear(Told(state));
        Assert.Equal(TradingState.Active, InForce(allowance, 1100).State);

        state = Given(state, new SetSharedLoss(20, Noon) { By = new Operator("me", "here") });
        allowance.Hear(Told(state));

        Assert.Equal((TradingState.Halted, ReasonCode.RiskUnleased), InForce(allowance, 1100));
        var returned = Assert.IsType<ReportRiskSlice>(allowance.Look(After(1100), Noon));
        Assert.Equal(new ReportRiskSlice("one", 1, 5, true, Noon), returned);
        state = Given(state, returned);
        allowance.Hear(new RiskSliceReported("one", 1, 1, 5, true, Noon, Noon));
        state = Given(state, Assert.IsType<LeaseRiskSlice>(allowance.Look(After(1101), Noon)));
        Assert.Equal((15.0, 0.0), (state.Slices.Values.Single().LossMax, state.Free));

        static RiskTold Told(RiskState state) => new(
            state.Generation, state.LossMax, state.Lost, state.Slices.Values.Sum(slice => slice.AtRisk), state.Slices.Count, 0, state.IsOrdered);
    }

    [Fact]
    public void What_was_told_of_an_earlier_generation_takes_no_slice_back()
    {
        var allowance = new RiskAllowance("one", 10);
        allowance.Look(Start, Noon);
        allowance.Hear(new RiskSliceLeased("one", 1, 2, 10, Noon, Noon));

        allowance.Hear(new RiskTold(1, 20, 0, 70, 1, 0, true));

        Assert.Equal(TradingState.Active, InForce(allowance, 1).State);
    }

    [Fact]
    public void Losses_since_trading_was_resumed_count_in_the_new_generation_and_those_of_before_do_not()
    {
        var allowance = new RiskAllowance("one", 10, 7);
        allowance.Hear(1);
        allowance.Look(Start, Noon);
        allowance.Hear(new RiskSliceLeased("one", 1, 1, 10, Noon, Noon));
        allowance.Lose(4);
        allowance.Resume();
        allowance.Lose(1);
        // Only now risk has heard of it.
        allowance.Hear(2);
        allowance.Lose(0.5);

        Assert.Equal(new ReportRiskLoss("one", 2, 1.5, Noon), allowance.Look(After(1), Noon));
        allowance.Hear(new RiskLossTold("one", 2, 1.5, Noon));
        Assert.Equal(new LeaseRiskSlice("one", 2, 10, Noon), allowance.Look(After(2), Noon));

        // One that was not leased anything yet knows of no loss of before, either.
        var next = new RiskAllowance("two", 10, 7);
        next.Hear(1);
        next.Lose(3);
        next.Resume();
        Assert.Equal(new LeaseRiskSlice("two", 1, 10, Noon) { Known = 0 }, next.Look(Start, Noon));
    }

    [Fact]
    public void Of_many_executors_of_one_journal_the_losses_are_kept_and_the_names_are_not()
    {
        var state = Limited with { LossMax = 10_000 };
        for (var start = 1; start <= 3 * RiskState.OutsideMax; start++)
            state = Given(state, new ReportRiskLoss(RiskRules.NameOf("executor", $"{start}"), 1, 1, Noon));

        Assert.Equal(3.0 * RiskState.OutsideMax, state.Lost);
        Assert.Equal(state.Lost, state.Outside.Values.Sum());
        Assert.InRange(state.Outside.Count, 1, RiskState.OutsideMax + 1);
        Assert.Equal(state.Lost, Given(state, new LeaseRiskSlice(RiskRules.NameOf("executor", "next"), 1, 1, Noon) { Known = state.Lost }).Lost);
    }

    [Fact]
    public void A_slice_leased_again_by_a_repeated_request_is_given_back_unused()
    {
        var allowance = new RiskAllowance("one", 10);
        allowance.Look(Start, Noon);
        allowance.Hear(new RiskSliceLeased("one", 1, 1, 10, Noon, Noon));
        allowance.Lose(10);
        allowance.Look(After(1000), Noon);
        allowance.Hear(new RiskSliceReported("one", 1, 1, 10, true, Noon, Noon));

        allowance.Hear(new RiskSliceLeased("one", 1, 1, 10, Noon, Noon));
        Assert.Equal(new ReportRiskSlice("one", 1, 0, true, Noon), allowance.Look(After(1001), Noon));
    }

    [Fact]
    public void A_slice_of_an_earlier_generation_is_void()
    {
        var allowance = new RiskAllowance("one", 10);
        allowance.Look(Start, Noon);
        allowance.Hear(new RiskSliceLeased("one", 1, 1, 10, Noon, Noon));
        allowance.Hear(2);

        Assert.Equal((TradingState.Halted, ReasonCode.RiskUnleased), InForce(allowance, 1));
        Assert.Equal(new LeaseRiskSlice("one", 2, 10, Noon), allowance.Look(After(1), Noon));
    }

    [Fact]
    public void A_resumption_that_the_broker_delivers_twice_or_late_counts_losses_anew_once()
    {
        var resumed = new ResetRisk(Noon);
        var state = Given(
            Limited, resumed, new LeaseRiskSlice("one", 1, 70, Noon.AddSeconds(1)), new ReportRiskSlice("one", 1, 70, true, Noon.AddSeconds(2)));

        Then.Nothing(RiskRules.Decide(state, resumed));
        Then.Nothing(RiskRules.Decide(state, new ResetRisk(Noon.AddMinutes(-5))));
        Assert.Equal((3L, 100.0), (Given(state, new ResetRisk(Noon.AddSeconds(3))).Generation, Given(state, new ResetRisk(Noon.AddSeconds(3))).Free));
    }

    [Fact]
    public void A_limit_that_was_ordered_before_the_one_in_force_does_not_replace_it()
    {
        var person = new Operator("me", "here");
        var state = Given(Limited, new SetSharedLoss(50, Noon) { By = person });

        Then.Rejected(RiskRules.Decide(state, new SetSharedLoss(1000, Noon.AddMinutes(-1)) { By = person }), ReasonCode.SupersededByNewer);
        Assert.Equal(1000, Given(state, new SetSharedLoss(1000, Noon.AddMinutes(1)) { By = person }).LossMax);
        Assert.Equal(1000, Given(Given(state, new ResetRisk(Noon.AddMinutes(1))), new SetSharedLoss(1000, Noon.AddMinutes(2)) { By = person }).LossMax);
    }

    [Fact]
    public void What_an_executor_had_not_told_of_a_slice_that_was_given_back_for_it_is_told_as_lost_without_one()
    {
        var allowance = new RiskAllowance("one", 10);
        allowance.Look(Start, Noon);
        allowance.Hear(new RiskSliceLeased("one", 1, 1, 10, Noon, Noon));
        allowance.Lose(2);
        allowance.Look(After(1000), Noon);
        allowance.Hear(new RiskSliceReported("one", 1, 1, 2, false, Noon, Noon));
        allowance.Lose(5);
        allowance.Refused(1, 1, ReasonCode.UnknownRiskSlice, "");
        Assert.Equal(new ReportRiskLoss("one", 1, 5, Noon), allowance.Look(After(2000), Noon));
        allowance.Hear(new RiskLossTold("one", 1, 5, Noon));
        allowance.Look(After(2001), Noon);
        allowance.Hear(new RiskSliceLeased("one", 2, 1, 10, Noon, Noon));

        Assert.Equal((5.0, 10.0), (allowance.Outside, allowance.Left));

        // Given back by itself, and the answer was lost.
        allowance.Lose(7);
        allowance.Look(After(3000), Noon);
        allowance.Refused(2, 1, ReasonCode.UnknownRiskSlice, "");
        Assert.Equal((0.0, 12.0), (allowance.Loss, allowance.Outside));
    }

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 30)];

    /// <summary>Messages are lost, repeated and late, executors die and start anew under other names.</summary>
    [Theory]
    [MemberData(nameof(Seeds))]
    public void Executors_never_lose_more_together_than_the_shared_limit(int seed)
    {
        var random = new Random(seed);
        var state = Limited;
        var executors = Enumerable.Range(1, 3).Select(number => (Name: $"executor-{number}", Allowance: new RiskAllowance($"executor-{number}", 15))).ToList();
        var underWay = new List<(TimeSpan Due, IRiskCommand? Command, IRiskEvent? Event)>();
        var lost = 0.0;
        var named = 3;
        var calm = Start + TimeSpan.FromMinutes(2);
        for (var now = Start; now < calm + TimeSpan.FromSeconds(15); now += TimeSpan.FromMilliseconds(100))
        {
            foreach (var (due, command, told) in underWay.Where(message => message.Due <= now).ToList())
            {
                if (told is not null)
                    executors.ForEach(executor => Tell(executor.Allowance, told));
                if (command is null)
                    continue;
                var decision = RiskRules.Decide(state, command);
                foreach (var change in decision.ToImmutableArray())
                    state = RiskRules.Apply(state, change);
                if (decision.Rejection is null && RiskRules.Answer(state, command) is { } answer)
                    Send(null, answer);
                if (decision.Rejection is { } refused && (now >= calm || random.Next(5) > 0))
                {
                    var (name, slice) = SliceOf(command);
                    executors.Where(executor => executor.Name == name).ToList().ForEach(executor => executor.Allowance.Refused(slice, state.Generation, refused.Code, refused.Detail ?? ""));
                }
            }

            underWay.RemoveAll(message => message.Due <= now);
            if (now < calm && random.Next(150) == 0)
            {
                named++;
                executors[random.Next(executors.Count)] = ($"executor-{named}", new RiskAllowance($"executor-{named}", 15));
            }

            foreach (var (_, allowance) in executors)
            {
                if (allowance.Look(now, Noon + (now - Start)) is { } command)
                    Send(command, null);
                if (allowance.InForce(now).State == TradingState.Active && now < calm && random.Next(10) == 0)
                {
                    var loss = Math.Min(allowance.Left, random.NextDouble() * 4);
                    allowance.Lose(loss);
                    lost += loss;
                }
            }

            Assert.True(state.Lost + state.Slices.Values.Sum(slice => slice.AtRisk) <= state.LossMax + 1e-9);
            Assert.True(lost <= state.LossMax + 1e-9, $"lost {lost}");

            void Send(IRiskCommand? command, IRiskEvent? told)
            {
                var isCalm = now >= calm;
                for (var copy = isCalm ? 1 : random.Next(10) switch { 0 => 0, 1 => 2, _ => 1 }; copy > 0; copy--)
                    underWay.Add((now + TimeSpan.FromMilliseconds(isCalm ? 100 : random.Next(3000)), command, told));
            }
        }

        // Once messages come through, whoever may have a slice has one.
        var least = state.LossMax * RiskRules.LeastShare;
        Assert.All(executors, executor => Assert.True(
            executor.Allowance.InForce(calm + TimeSpan.FromSeconds(15)).State == TradingState.Active || state.Free < least, $"{executor.Name} has nothing of {state.Free}"));
        Assert.True(lost > 20, $"only {lost} was lost: nothing was tried");
    }

    [Fact]
    public void An_executor_that_recovered_from_the_journal_gives_back_what_its_predecessors_had_and_counts_what_they_had_not_told()
    {
        var (first, second, third) = (RiskRules.NameOf("executor", "n1-1"), RiskRules.NameOf("executor", "n2-2"), RiskRules.NameOf("executor", "n1-3"));
        var state = Given(
            Limited, new LeaseRiskSlice(first, 1, 10, Noon) { Known = 0 }, new ReportRiskSlice(first, 1, 3, true, Noon), new LeaseRiskSlice(first, 2, 10, Noon),
            new ReportRiskSlice(first, 2, 1, false, Noon));

        state = Given(state, new LeaseRiskSlice(second, 1, 10, Noon) { Known = 6.5 });
        Assert.Equal((6.5, 83.5), (state.Lost, state.Free));
        Assert.Equal(second, Assert.Single(state.Slices.Values).Executor);

        // What it told already is not counted twice.
        state = Given(state, new ReportRiskSlice(second, 1, 2, false, Noon), new LeaseRiskSlice(third, 1, 10, Noon) { Known = 8.5 });
        Assert.Equal(8.5, state.Lost);
        Assert.Equal(third, Assert.Single(state.Slices.Values).Executor);
    }

    [Fact]
    public void What_an_executor_of_another_journal_had_stays_out()
    {
        var state = Given(
            Limited, new LeaseRiskSlice("one#1", 1, 10, Noon) { Known = 0 }, new LeaseRiskSlice("two#1", 1, 10, Noon) { Known = 5 },
            new LeaseRiskSlice("three", 1, 10, Noon) { Known = 5 });

        // What it says that its own journal lost counts.
        Assert.Equal((5, 65, 3), (state.Lost, state.Free, state.Slices.Count));
    }

    [Fact]
    public void Where_all_is_lost_the_slices_are_given_back_all_the_same_and_the_next_request_is_refused()
    {
        var state = Given(Limited, new LeaseRiskSlice("one#1", 1, 10, Noon), new LeaseRiskSlice("one#2", 1, 10, Noon) { Known = 120 });
        Assert.Equal((120, 0), (state.Lost, state.Slices.Count));
        Then.Rejected(RiskRules.Decide(state, new LeaseRiskSlice("one#2", 1, 10, Noon) { Known = 120 }), ReasonCode.RiskExhausted);
    }

    [Fact]
    public void A_slice_is_never_so_small_that_hundreds_are_out() =>
        Assert.Equal(RiskRules.SliceShare * 100, Given(Limited, new LeaseRiskSlice("one", 1, 1e-6, Noon)).Slices.Values.Single().LossMax);

    [Fact]
    public void A_limit_that_a_person_set_is_told_from_the_configured_one_across_resumptions()
    {
        var person = new Operator("me", "here");
        Assert.False(Given(RiskState.Initial, new SetSharedLoss(100, Noon)).IsOrdered);
        Assert.True(Given(Limited, new SetSharedLoss(100, Noon) { By = person }, new ResetRisk(Noon)).IsOrdered);
    }

    private static (string Executor, long Slice) SliceOf(IRiskCommand command) => command switch
    {
        LeaseRiskSlice lease => (lease.Executor, lease.Slice),
        ReportRiskSlice report => (report.Executor, report.Slice),
        _ => ("", 0),
    };

    private static void Tell(RiskAllowance allowance, IRiskEvent told)
    {
        if (told is RiskSliceLeased leased)
            allowance.Hear(leased);
        if (told is RiskSliceReported reported)
            allowance.Hear(reported);
        if (told is RiskLossTold taken)
            allowance.Hear(taken);
    }

    private static RiskState Given(RiskState state, params IRiskCommand[] commands)
    {
        foreach (var command in commands)
        {
            var decision = RiskRules.Decide(state, command);
            Assert.Null(decision.Rejection);
            foreach (var change in decision.ToImmutableArray())
                state = RiskRules.Apply(state, change);
        }

        return state;
    }

    private static (TradingState State, ReasonCode Reason) InForce(RiskAllowance allowance, double milliseconds)
    {
        var (state, reason) = allowance.InForce(After(milliseconds));
        return (state, reason.Reason);
    }
}
