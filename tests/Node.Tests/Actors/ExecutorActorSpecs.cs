using System.Collections.Immutable;
using QTrade.Actors;
using QTrade.Markets;
using QTrade.Messages;
using QTrade.Messages.Cluster;
using QTrade.Messages.Execution;
using QTrade.Messages.Pools;
using QTrade.Messages.Registry;
using QTrade.Messages.Routing;
using QTrade.Node.Actors;
using QTrade.Node.Configuration;
using QTrade.Node.Simulation;
using QTrade.Node.Tests.Simulation;
using QTrade.Shared.Actors;
using QTrade.Shared.Journal;
using QTrade.Trading.Cluster;
using QTrade.Trading.Execution;

namespace QTrade.Node.Tests.Actors;

/// <summary>An executor over a journal whose answers a spec decides.</summary>
public sealed class ExecutorActorSpecs : IDisposable
{
    private readonly ActorBench _bench = new();
    private readonly HaltSwitch _halt = new();
    private readonly TestProbe<IRouterMessage> _router;
    private readonly TestProbe<IFeedMessage> _feed;
    private readonly Func<string, ActorRef<IExecutorMessage>> _spawn;
    private readonly ActorRef<IRiskMessage> _risk;
    private ActorRef<IExecutorMessage>? _executor;
    private ImmutableArray<TradeIntent> _unfinished = [];
    private bool _hears = true;
    private TimeSpan? _silence;

    public ExecutorActorSpecs()
    {
        var options = new NodeOptions();
        _router = new TestProbe<IRouterMessage>(_bench.System, "router");
        _feed = new TestProbe<IFeedMessage>(_bench.System, "feed");
        var answers = new TestProbe<IExecutorMessage>(_bench.System, "answers").Ref.Adapt<IExecutorMessage>(message =>
        {
            _executor!.Tell(message);
            return message;
        });
        var risk = _risk = _bench.System.Spawn(
            new Props<IRiskMessage>(() => new RiskActor(new RiskSetup
            {
                LossMax = options.Executor.SharedLossMax(),
                Executors = answers,
                Metrics = _bench.Metrics,
                Health = _bench.Health,
            })),
            "risk");
        long started = _bench.Scheduler.Time.GetTimestamp();
        _spawn = name => _executor = _bench.System.Spawn(
            new Props<IExecutorMessage>(() => new ExecutorActor(new ExecutorSetup
            {
                Risk = risk,
                RiskSlice = options.Executor.SharedLossMax() * RiskRules.SliceShare,
                Node = "n1",
                Now = () => _bench.Scheduler.Time.GetElapsedTime(started),
                Terms = new ExecutionTerms(SampleMarkets.Mixed.Units, options.ForRouter().Solve.Routes),
                Silence = _silence,
                Limits = options.Executor.ForRisk(),
                Router = _router.Ref,
                Feed = _feed.Ref,
                Unfinished = _unfinished,
                Halt = _halt,
                HearsControl = () => _hears,
                Metrics = _bench.Metrics,
                Health = _bench.Health,
                Board = new StatusBoard(),
            })),
            name);
    }

    [Fact]
    public void A_solution_that_was_held_is_answered_though_the_halt_that_is_written_with_it_was_refused_at_first()
    {
        // Held: it would not hear a halt.
        _hears = false;
        var executor = Start();
        executor.Tell(Solution);
        _bench.Run();
        // A halt holds before the message that brings it, and is written when the held solution is taken up.
        _halt.Halt(new SetTradingState(TradingState.Halted, ReasonCode.Operator, "wait", _bench.Scheduler.Time.GetUtcNow()));
        _bench.Held.RefusesExecutor = true;
        _hears = true;
        _bench.Run(TimeSpan.FromMilliseconds(1_500));
        Assert.NotNull(_bench.Health.Fault);
        _bench.Held.RefusesExecutor = false;
        _bench.Run(TimeSpan.FromSeconds(10));
        var outcome = Assert.Single(_router.Received.OfType<TradeOutcome>());
        Assert.Equal((Solution.SnapshotId, ReasonCode.Halted), (outcome.SnapshotId, outcome.Reason));
        Assert.Null(_bench.Health.Fault);
    }

    [Fact]
    public void A_solution_that_comes_again_and_again_while_it_is_held_is_held_once()
    {
        _hears = false;
        var executor = Start();
        for (var epoch = 1; epoch <= 50; epoch++)
            executor.Tell(Solution with { Epoch = epoch });
        executor.Tell(Solution with { Epoch = 50, SnapshotId = new SnapshotId(1, 2) });
        _bench.Run();
        _hears = true;
        _bench.Run(TimeSpan.FromSeconds(3));

        Assert.Equal(["1-1", "1-2"], _router.Received.OfType<TradeOutcome>().Select(outcome => outcome.SnapshotId.ToString()));
    }

    [Fact]
    public void An_executor_that_was_read_at_last_trades_though_nothing_else_on_its_node_writes()
    {
        _bench.Held.IsGone = true;
        var executor = Start();
        executor.Tell(Solution);
        _bench.Run(TimeSpan.FromSeconds(3));
        Assert.NotNull(_bench.Health.Fault);
        _bench.Held.IsGone = false;
        _bench.Run(TimeSpan.FromSeconds(20));
        Assert.Single(_router.Received.OfType<TradeOutcome>());
        Assert.Null(_bench.Health.Fault);
    }

    [Fact]
    public void A_solution_is_held_while_the_chain_says_nothing()
    {
        _silence = FeedHearing.ChainSilence;
        var executor = Start();
        executor.Tell(new SlotObserved(1_000));
        _bench.Run(FeedHearing.ChainSilence + TimeSpan.FromSeconds(1));
        executor.Tell(Solution);
        _bench.Run(TimeSpan.FromSeconds(10));
        Assert.Empty(_router.Received.OfType<TradeOutcome>());

        executor.Tell(new SlotObserved(1_001));
        _bench.Run(TimeSpan.FromSeconds(3));
        Assert.Single(_router.Received.OfType<TradeOutcome>());
    }

    [Theory]
    [InlineData(true, Ending.Executed)]
    [InlineData(false, Ending.Rejected)]
    public void A_trade_is_intended_only_if_a_halt_would_be_heard_when_it_is(bool hears, Ending ending)
    {
        var executor = Start();
        executor.Tell(Cheap);
        _bench.Run();
        // The process stands still after the route was judged and before its trade is at hand.
        _bench.Held.IsGone = true;
        executor.Tell(Solution);
        _bench.Run();
        _hears = hears;
        _bench.Held.IsGone = false;
        _bench.Run(TimeSpan.FromSeconds(10));
        Assert.Equal(ending, Assert.Single(_router.Received.OfType<TradeOutcome>()).Ending);
    }

    /// <summary>What the journal refused was no fill: nothing has moved the pools.</summary>
    [Fact]
    public void A_fill_whose_outcome_the_journal_refused_again_and_again_is_settled_on_pools_that_it_did_not_move()
    {
        var executor = Start();
        executor.Tell(Cheap);
        _bench.Run();
        _bench.Held.TradeAppendsTaken = 1;
        executor.Tell(Solution);
        _bench.Run(TimeSpan.FromSeconds(4));
        Assert.Empty(_router.Received.OfType<TradeOutcome>());
        _bench.Held.TradeAppendsTaken = int.MaxValue;
        _bench.Run(TimeSpan.FromSeconds(10));

        var intent = Assert.Single(_bench.Events().OfType<TradeIntended>()).Intent;
        var outcome = Assert.Single(_router.Received.OfType<TradeOutcome>());
        Assert.Equal(Ending.Executed, outcome.Ending);
        Assert.Equal(intent.Legs.AsEnumerable(), outcome.Legs);
        Assert.Equal(intent.Profit - intent.Cost, outcome.Profit);
    }

    /// <summary>
    /// All are intended and none of their outcomes is written at first. Those that are alone are settled anew, one after the other; linked ones stand as they were settled, and
    /// what is settled anew beside them is settled after them.
    /// </summary>
    [Theory]
    [InlineData(0, 1, 2)]
    [InlineData(0, 0, 1)]
    public void Fills_whose_outcomes_the_journal_refused_are_what_was_intended_once_it_takes_them(params int[] chains)
    {
        var executor = Start();
        executor.Tell(Cheap);
        _bench.Run();
        _bench.Held.TradeAppendsTaken = chains.Length;
        executor.Tell(Solution with { Routes = [.. chains.Select((chain, index) => Solution.Routes[0] with { Index = index, Chain = chain })] });
        _bench.Run(TimeSpan.FromMilliseconds(500));
        _bench.Held.TradeAppendsTaken = int.MaxValue;
        _bench.Run(TimeSpan.FromSeconds(10));

        var intents = _bench.Events().OfType<TradeIntended>().ToDictionary(intended => intended.Intent.TradeId, intended => intended.Intent);
        var outcomes = _bench.Events().OfType<TradeEnded>().Select(ended => ended.Outcome).ToArray();
        Assert.Equal((chains.Length, chains.Length), (intents.Count, outcomes.Length));
        Assert.All(outcomes, outcome => Assert.Equal(intents[outcome.TradeId].Legs.AsEnumerable(), outcome.Legs));
    }

    [Fact]
    public void A_fill_that_is_told_again_after_it_was_counted_moves_the_chain_once()
    {
        var executor = Start();
        executor.Tell(Cheap);
        for (var published = 0; published < 2; published++)
        {
            executor.Tell(Solution);
            _bench.Run(TimeSpan.FromSeconds(3));
        }

        Assert.Equal([(0, Ending.Executed), (0, Ending.Executed)], Endings());
        Assert.Single(_feed.Received.OfType<SettleOnChain>());
    }

    /// <summary>
    /// The journal hangs as the intent is written and refuses what the executor writes of itself: the trade is told its intent twice, and answers twice before the fill
    /// of the first answer is written.
    /// </summary>
    [Fact]
    public void A_fill_whose_intent_was_told_twice_shows_to_what_is_judged_after_it()
    {
        var readings = 0L;
        _bench.Scheduler.ClockError = () => TimeSpan.FromTicks(++readings);
        var executor = Start();
        executor.Tell(Cheap);
        _bench.Run();
        _bench.Held.Hold();
        executor.Tell(Solution);
        _bench.Run();
        _bench.Held.RefusesExecutor = true;
        executor.Tell(new SteerExecutor(new SetRiskLimits(new RiskLimits(1e9, 1e9, 100), _bench.Scheduler.Time.GetUtcNow()), 0, null));
        _bench.Run(TimeSpan.FromMilliseconds(1_500));
        _bench.Held.RefusesExecutor = false;
        _bench.Held.Release();
        _bench.Run(TimeSpan.FromSeconds(3));
        Assert.Equal(Ending.Executed, Assert.Single(_router.Received.OfType<TradeOutcome>()).Ending);

        executor.Tell(Solution with { SnapshotId = new SnapshotId(1, 2) });
        _bench.Run(TimeSpan.FromSeconds(3));

        var legs = _bench.Events().OfType<TradeEnded>().Select(ended => ended.Outcome.Legs.FirstOrDefault()?.Receive).ToArray();
        Assert.NotEqual(legs[0], legs[1]);
    }

    /// <summary>The first route's pool moves between the intents and the fills: the second one alone would pass on what nobody received.</summary>
    [Theory]
    [InlineData(false, Ending.Executed)]
    [InlineData(true, Ending.Rejected)]
    public void Linked_routes_are_filled_all_or_none(bool moves, Ending ending)
    {
        var executor = Start();
        executor.Tell(Cheap);
        _bench.Run();
        _bench.Held.IsGone = true;
        var legs = Solution.Routes[0].Legs;
        executor.Tell(Solution with { Routes = [new Route(0, 0, [legs[0]], 0, 0), new Route(1, 0, [legs[1]], 1, 0)] });
        _bench.Run();
        if (moves)
            executor.Tell(new ReservesChanged(Cheap.PoolId, 3, [1_000, 9_001], new PositionVector(new ChainPosition(1_002, 1))));
        _bench.Held.IsGone = false;
        _bench.Run(TimeSpan.FromSeconds(10));

        var outcomes = _router.Received.OfType<TradeOutcome>().ToArray();
        Assert.Equal([0, 1], outcomes.Select(outcome => outcome.RouteIndex).Order());
        Assert.All(outcomes, outcome => Assert.Equal(ending, outcome.Ending));
    }

    [Theory]
    [InlineData(false, Ending.Executed)]
    [InlineData(true, Ending.Rejected)]
    public void Linked_routes_that_an_earlier_run_intended_are_filled_all_or_none(bool misses, Ending ending)
    {
        Intended(Linked(0), Linked(1), Linked(2, misses));
        Start();
        _bench.Run(TimeSpan.FromSeconds(3));

        Assert.Equal([(0, ending), (1, ending), (2, ending)], Endings());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Linked_routes_of_which_an_earlier_run_did_not_intend_all_are_not_filled(int missing)
    {
        Intended([.. new[] { Linked(0), Linked(1), Linked(2) }.Where(intent => intent.RouteIndex != missing)]);
        Start();
        _bench.Run(TimeSpan.FromSeconds(3));

        Assert.Equal([(0, Ending.Rejected), (1, Ending.Rejected), (2, Ending.Rejected)], Endings());
        Assert.All(_router.Received.OfType<TradeOutcome>(), outcome => Assert.Equal(ReasonCode.NotIntended, outcome.Reason));
        // What was not intended never is.
        Assert.Single(_bench.Events().OfType<TradeEnded>(), ended => ended.Outcome.RouteIndex == missing);
    }

    [Theory]
    [InlineData(Ending.Executed, false, Ending.Executed)]
    [InlineData(Ending.Executed, true, Ending.Rejected)]
    [InlineData(Ending.Rejected, false, Ending.Rejected)]
    public void Of_linked_routes_of_which_an_earlier_run_ended_some_the_rest_is_filled_all_or_none(Ending earlier, bool misses, Ending rest)
    {
        Ended(earlier, Linked(0));
        Intended(Linked(1), Linked(2, misses));
        Start();
        _bench.Run(TimeSpan.FromSeconds(3));

        Assert.Equal([(0, earlier), (1, rest), (2, rest)], Endings());
    }

    /// <summary>Another executor intended them and ended; the router that publishes them again tells of none that it knows to have ended.</summary>
    [Theory]
    [InlineData(1, Ending.Executed, Ending.Executed)]
    [InlineData(1, Ending.Rejected, Ending.Rejected)]
    [InlineData(2, Ending.Executed, Ending.Executed)]
    [InlineData(2, Ending.Rejected, Ending.Rejected)]
    [InlineData(1, null, Ending.Rejected)]
    [InlineData(2, null, Ending.Rejected)]
    public void Of_linked_routes_of_which_only_some_are_published_again_the_rest_is_filled_all_or_none(int untold, Ending? earlier, Ending rest)
    {
        var intents = new[] { Linked(0), Linked(1), Linked(2) };
        if (earlier is { } ending)
            Ended(ending, intents[..untold]);
        Intended(intents[untold..]);
        _unfinished = [];
        var executor = Start();
        executor.Tell(Cheap);
        var legs = Solution.Routes[0].Legs;
        executor.Tell(Solution with { Routes = untold == 2 ? [new Route(2, 0, legs, 1, 0)] : [new Route(1, 0, [legs[0]], 0, 0), new Route(2, 0, [legs[1]], 1, 0)] });
        _bench.Run(TimeSpan.FromSeconds(3));

        Assert.Equal(intents.Select(intent => (intent.RouteIndex, intent.RouteIndex < untold ? earlier ?? Ending.Rejected : rest)), Endings());
    }

    /// <summary>They were told to end, as their solution had expired, by an executor that knows of their intents by what they answer only.</summary>
    [Theory]
    [InlineData(true, 0)]
    [InlineData(false, 99.9 + 0.25)]
    public void Linked_routes_count_as_a_loss_what_they_lost_together(bool whole, double loss)
    {
        TradeIntent[] intents = [Linked(0) with { Cost = 0.25 }, Linked(1) with { Cost = 0.25 }];
        intents = [.. intents.Select(intent => intent with { LinkedRoutes = [0, 1] })];
        Ended(Ending.Executed, -0.25, intents[0]);
        if (whole)
            Ended(Ending.Executed, 0.75, intents[1]);
        else
            Intended(intents[1]);
        _unfinished = [];
        var executor = Start();
        executor.Tell(new SlotObserved(3_000));
        executor.Tell(Solution with { Routes = [.. intents.Select(intent => new Route(intent.RouteIndex, 0, Solution.Routes[0].Legs, 0, 0.25))] });
        _bench.Run(TimeSpan.FromSeconds(3));

        Assert.Equal([(0, Ending.Executed), (1, whole ? Ending.Executed : Ending.Expired)], Endings().Distinct());
        var tallied = _bench.Events().OfType<OutcomeTallied>().ToArray();
        Assert.Equal(2, tallied.Length);
        Assert.Equal(loss, tallied.Sum(each => each.Loss ?? Math.Max(0, -each.Outcome.Profit)), 9);
    }

    /// <summary>It takes over before it is told of the market, from one that filled the first of two.</summary>
    [Theory]
    [InlineData(0b11, 99.9 + 0.25, null)]
    [InlineData(0b10, 100 + 0.25, null)]
    [InlineData(0b01, 0.25 - 0.1, ReasonCode.UnknownToken)]
    public void What_a_part_of_linked_routes_lost_is_counted_once_the_values_of_its_tokens_are_told_or_do_not_come(int toldLate, double loss, ReasonCode? halt)
    {
        TradeIntent[] intents = [.. new[] { Linked(0), Linked(1) }.Select(intent => intent with { LinkedRoutes = [0, 1], Cost = 0.25 })];
        Ended(Ending.Executed, -0.25, intents[0]);
        Intended(intents[1]);
        var executor = Start(knowsTokens: false);
        _bench.Run(TimeSpan.FromSeconds(5));
        Assert.Empty(_bench.Events().OfType<OutcomeTallied>());
        Assert.Empty(_router.Received.OfType<TradeOutcome>());

        foreach (var token in intents[0].Legs.SelectMany(leg => new[] { leg.TokenOut, leg.TokenIn }).Where((_, index) => (toldLate >> index & 1) != 0))
            executor.Tell(new TokenRegistered(1, SampleMarkets.Mixed.Tokens.Single(each => each.Id == token)));
        _bench.Run(toldLate == 0b11 ? TimeSpan.FromSeconds(3) : ExecutorActor.ValuesPatience);

        Assert.Equal([(0, Ending.Executed), (1, Ending.Rejected)], Endings());
        Assert.Equal(loss, _bench.Events().OfType<OutcomeTallied>().Sum(tallied => tallied.Loss ?? Math.Max(0, -tallied.Outcome.Profit)), 9);
        Assert.Equal(halt is not null, _bench.Events().OfType<TradingStateChanged>().Any(changed => changed.Reason == ReasonCode.UnknownToken));
    }

    /// <summary>A fill of so many swaps stands for as many fills.</summary>
    [Fact]
    public void Swaps_that_are_let_go_of_as_their_pools_stay_hidden_are_counted_as_faults()
    {
        var intent = Linked(0) with { LinkedRoutes = [] };
        Ended(Ending.Executed, intent with { Legs = [.. Enumerable.Repeat(intent.Legs[0] with { PoolId = new PoolId("hidden") }, FilledPools.WaitingKept + 3)] });
        _unfinished = [intent];

        Start();
        _bench.Run(TimeSpan.FromSeconds(3));

        Assert.Equal([(0, Ending.Executed)], Endings());
        Assert.Equal(3, _bench.Metrics.Faults);
    }

    [Fact]
    public void A_linked_route_that_was_not_intended_is_not_filled_where_another_of_its_routes_ended_without_effect()
    {
        Ended(Ending.Rejected, Linked(0));
        var executor = Start();
        executor.Tell(Cheap);
        var legs = Solution.Routes[0].Legs;
        executor.Tell(Solution with { Routes = [new Route(0, 0, [legs[0]], 0, 0), new Route(1, 0, [legs[1]], 1, 0)] });
        _bench.Run(TimeSpan.FromSeconds(3));

        Assert.Equal([(0, Ending.Rejected), (1, Ending.Rejected)], Endings());
    }

    [Fact]
    public void A_loss_whose_tally_the_journal_refuses_again_and_again_is_taken_off_the_slice_once()
    {
        var executor = Start();
        var outcome = new TradeOutcome(
            TradeId.Of(Solution.SnapshotId, 0), Solution.SnapshotId, 0, Ending.Executed, ReasonCode.None, "", [], -5, 0, 1_000, _bench.Scheduler.Time.GetUtcNow());
        _bench.Journal.Append(new AppendProbe(PersistenceIds.Trade(outcome.TradeId), 1, WireCodec<ITradeEvent>.Instance.Encode(new TradeEnded(outcome))));
        _bench.Run();
        _bench.Held.RefusesExecutor = true;
        executor.Tell(Solution);
        _bench.Run(TimeSpan.FromSeconds(4));
        Assert.Empty(_router.Received.OfType<TradeOutcome>());
        _bench.Held.RefusesExecutor = false;
        _bench.Run(TimeSpan.FromSeconds(10));
        Assert.Single(_router.Received.OfType<TradeOutcome>());
        Assert.Equal(5, _bench.Events().OfType<RiskSliceReported>().Max(report => report.Loss));
    }

    [Fact]
    public void A_loss_of_a_trade_that_ends_while_the_executor_has_no_slice_is_counted_at_once()
    {
        var now = _bench.Scheduler.Time.GetUtcNow();
        _risk.Tell(new RiskAsked(new SetSharedLoss(0, now) { By = new Operator("somebody", "here") }));
        var id = TradeId.Of(Solution.SnapshotId, 0);
        _unfinished = [new TradeIntent(id, Solution.SnapshotId, 0, [], 1, 0, 2_000, [], now)];
        var outcome = new TradeOutcome(id, Solution.SnapshotId, 0, Ending.Executed, ReasonCode.None, "", [], -5, 0, 1_000, now);
        _bench.Journal.Append(new AppendProbe(PersistenceIds.Trade(id), 1, WireCodec<ITradeEvent>.Instance.Encode(new TradeEnded(outcome))));
        _bench.Run();
        Start();
        _bench.Run(TimeSpan.FromSeconds(3));

        Assert.Empty(_bench.Events().OfType<RiskSliceLeased>());
        Assert.Equal((5.0, 1L), Assert.Single(_bench.Events().OfType<RiskLossTold>()) is var told ? (told.Loss, told.Generation) : default);
    }

    /// <summary>Who resumed has a clock that is an hour ahead, and the executor that lost ended before it could say so; whoever let trading reduce since has one that is right.</summary>
    [Theory]
    [InlineData(TradingState.Active)]
    [InlineData(TradingState.Reducing)]
    public void What_was_lost_since_the_last_resumption_counts_whatever_the_clock_of_who_resumed(TradingState since)
    {
        var now = _bench.Scheduler.Time.GetUtcNow();
        var resumed = now + TimeSpan.FromHours(1);
        var outcome = new TradeOutcome(
            TradeId.Of(Solution.SnapshotId, 0), Solution.SnapshotId, 0, Ending.Executed, ReasonCode.None, "", [], -5, 0, 1_000, now);
        var executor = WireCodec<IExecutorEvent>.Instance;
        _bench.Journal.Append(new AppendProbe(
            PersistenceIds.Executor, 1,
            executor.Encode(new TradingStateChanged(TradingState.Halted, ReasonCode.Operator, "", now)),
            executor.Encode(new TradingStateChanged(TradingState.Active, ReasonCode.Operator, "", resumed)),
            executor.Encode(new TradingStateChanged(since, ReasonCode.Operator, "", since == TradingState.Active ? resumed : now)),
            executor.Encode(new OutcomeTallied(outcome, since))));
        _risk.Tell(new RiskAsked(new ResetRisk(resumed)));
        _bench.Run();
        Start();
        _bench.Run(TimeSpan.FromSeconds(3));

        Assert.Equal((5.0, 2L), Assert.Single(_bench.Events().OfType<RiskLossTold>()) is var told ? (told.Loss, told.Generation) : default);
    }

    /// <summary>A person who lowers the limits below what was lost and starts with a resumption orders that before the executor has recovered.</summary>
    [Theory]
    [InlineData(1, TradingState.Active)]
    [InlineData(0, TradingState.Halted)]
    public void A_halt_by_the_settings_at_the_start_is_lifted_by_what_is_ordered_at_that_start_and_by_nothing_from_before_the_loss(int later, TradingState expected)
    {
        var resumed = _bench.Scheduler.Time.GetUtcNow();
        var outcome = new TradeOutcome(TradeId.Of(Solution.SnapshotId, 0), Solution.SnapshotId, 0, Ending.Executed, ReasonCode.None, "", [], -1e9, 0, 1_000, resumed);
        var codec = WireCodec<IExecutorEvent>.Instance;
        _bench.Journal.Append(new AppendProbe(
            PersistenceIds.Executor, 1,
            codec.Encode(new TradingStateChanged(TradingState.Halted, ReasonCode.Operator, "", resumed)),
            codec.Encode(new TradingStateChanged(TradingState.Active, ReasonCode.Operator, "", resumed)),
            codec.Encode(new OutcomeTallied(outcome, TradingState.Active))));
        _bench.Run(TimeSpan.FromSeconds(5));
        var executor = Start();
        Assert.Equal(ReasonCode.LossLimit, _bench.Events().OfType<TradingStateChanged>().Last().Reason);
        executor.Tell(new SteerExecutor(new SetTradingState(TradingState.Active, ReasonCode.Operator, "", resumed + TimeSpan.FromSeconds(later)), 0, null));
        _bench.Run(TimeSpan.FromSeconds(3));

        Assert.Equal(expected, _bench.Events().OfType<TradingStateChanged>().Last().State);
    }

    [Fact]
    public void A_resumption_that_is_delivered_again_is_told_to_the_shared_limit_by_whoever_executes_then()
    {
        // Who wrote it ended before it could say so.
        var resumed = new SetTradingState(TradingState.Active, ReasonCode.Operator, "checked", _bench.Scheduler.Time.GetUtcNow());
        var codec = WireCodec<IExecutorEvent>.Instance;
        _bench.Journal.Append(new AppendProbe(
            PersistenceIds.Executor, 1,
            codec.Encode(new TradingStateChanged(TradingState.Halted, ReasonCode.RiskExhausted, "nothing left", resumed.At - TimeSpan.FromMinutes(1))),
            codec.Encode(new TradingStateChanged(resumed.State, resumed.Reason, resumed.Detail, resumed.At))));
        _bench.Run();
        var executor = Start();
        for (var delivered = 0; delivered < 2; delivered++)
        {
            executor.Tell(new SteerExecutor(resumed, 0, null));
            _bench.Run(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(resumed.At, Assert.Single(_bench.Events().OfType<RiskReset>()).At);
    }

    public void Dispose() => _bench.Dispose();

    /// <summary>One of three linked routes. It is filled wherever its pool gives what was planned.</summary>
    private TradeIntent Linked(int route, bool misses = false)
    {
        var pool = SampleMarkets.Mixed.Pools[0];
        return new TradeIntent(
            TradeId.Of(Solution.SnapshotId, route), Solution.SnapshotId, route,
            [new SettledLeg(pool.Id, pool.Tokens[1], pool.Tokens[0], 100, misses ? 1_000 : 0.01, new PositionVector(new ChainPosition(1_000, 1)))],
            1, 0, 2_000, [], _bench.Scheduler.Time.GetUtcNow()) { LinkedRoutes = [0, 1, 2] };
    }

    /// <summary>What an earlier run intended and did not end.</summary>
    private void Intended(params TradeIntent[] intents)
    {
        _unfinished = [.. intents];
        foreach (var intent in intents)
            _bench.Journal.Append(new AppendProbe(PersistenceIds.Trade(intent.TradeId), 1, WireCodec<ITradeEvent>.Instance.Encode(new TradeIntended(intent))));
        _bench.Run();
    }

    /// <summary>What an earlier run intended and ended.</summary>
    private void Ended(Ending ending, params TradeIntent[] intents) => Ended(ending, 0, intents);

    private void Ended(Ending ending, double profit, params TradeIntent[] intents)
    {
        var codec = WireCodec<ITradeEvent>.Instance;
        foreach (var intent in intents)
        {
            var outcome = new TradeOutcome(
                intent.TradeId, intent.SnapshotId, intent.RouteIndex, ending, ending == Ending.Executed ? ReasonCode.None : ReasonCode.PoolMoved, "",
                ending == Ending.Executed ? intent.Legs : [], profit, intent.Cost, 1_000, intent.At);
            _bench.Journal.Append(new AppendProbe(PersistenceIds.Trade(intent.TradeId), 1, codec.Encode(new TradeIntended(intent)), codec.Encode(new TradeEnded(outcome))));
        }

        _bench.Run();
    }

    private IEnumerable<(int Route, Ending Ending)> Endings() =>
        _router.Received.OfType<TradeOutcome>().Select(outcome => (outcome.RouteIndex, outcome.Ending)).Order();

    /// <summary>The first pool of the solution, where its route gains.</summary>
    private static ReservesChanged Cheap => new(SampleMarkets.Mixed.Pools[0].Id, 2, [1_000, 9_000], new PositionVector(new ChainPosition(1_001, 1)));

    /// <summary>One route over two pools.</summary>
    private static ExecuteSolution Solution { get; } = SolutionOver(SampleMarkets.Mixed.Pools[0], SampleMarkets.Mixed.Pools[1]);

    private static ExecuteSolution SolutionOver(Pool first, Pool second) => new(
        1,
        new SnapshotId(1, 1),
        [new Route(0, 0, [new Leg(first.Id, first.Tokens[1], first.Tokens[0], 100, 9.9), new Leg(second.Id, second.Tokens[0], second.Tokens[1], 9.9, 101)], 1, 0)],
        2_000);

    private ActorRef<IExecutorMessage> Start(bool knowsTokens = true)
    {
        var executor = _spawn("executor");
        foreach (var token in knowsTokens ? SampleMarkets.Mixed.Tokens : []) executor.Tell(new TokenRegistered(1, token));
        foreach (var pool in SampleMarkets.Mixed.Pools)
        {
            executor.Tell(new PoolConfigured(1, pool));
            executor.Tell(new ReservesChanged(pool.Id, 1, pool.Curve.State, new PositionVector(new ChainPosition(1_000, 1))));
        }

        executor.Tell(new BeginExecuting());
        _bench.Run();
        return executor;
    }
}
