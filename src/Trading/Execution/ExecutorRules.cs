using System.Collections.Immutable;
using QTrade.Markets;
using QTrade.Messages;
using QTrade.Messages.Execution;
using QTrade.Messages.Routing;
using QTrade.Trading.Ledgers;
using QTrade.Trading.Routing;

namespace QTrade.Trading.Execution;

/// <summary>The executor's lasting rules: trading state, limits, and what outcomes come to. Each outcome counts once, however often it is told.</summary>
public static class ExecutorRules
{
    public static Decision<IExecutorEvent> Decide(ExecutorState state, IExecutorCommand command) => command switch
    {
        SetTradingState set => SetState(state, set),
        SetRiskLimits set => SetLimits(state, set),
        TradeOutcome outcome => state.Tallied.Contains(outcome.TradeId) ? default : Tally(state, [outcome], loss: null),
        _ => throw new ArgumentOutOfRangeException(nameof(command), command.GetType().Name, "not a command of the executor"),
    };

    public static ExecutorState Apply(ExecutorState state, IExecutorEvent change) => change switch
    {
        TradingStateChanged changed => Apply(state, changed),
        RiskLimitsChanged changed => InForce(state, changed.State, changed.At) with { Limits = changed.Limits, LimitsAt = changed.At, AreLimitsOrdered = true },
        OutcomeTallied tallied => Apply(InForce(state, tallied), tallied.Outcome, tallied.Loss),
        _ => throw new ArgumentOutOfRangeException(nameof(change), change.GetType().Name, "not an event of the executor"),
    };

    /// <summary>
    /// The executor takes over from a journal that lost its events. A halt that is lost must not become trading: where nothing behind the
    /// loss tells the trading state, it is halted until somebody resumes it. So it is where the settings' limits were lowered below what was lost already: that
    /// halt counts as ordered right behind the state that it ends, as whoever lowered them may have ordered the resumption before this executor recovered.
    /// </summary>
    /// <param name="state">What the journal left of the executor.</param>
    /// <param name="lost">How many of its events were lost.</param>
    /// <param name="told">Whether an event behind the last lost one was read.</param>
    /// <param name="at">Now.</param>
    public static Decision<IExecutorEvent> Recover(ExecutorState state, long lost, bool told, DateTimeOffset at) =>
        state.TradingState == TradingState.Halted ? default
        : lost > 0 && !told ? Decisions.Event<IExecutorEvent>(new TradingStateChanged(
            TradingState.Halted, ReasonCode.EventsLost, $"the journal lost the last {lost} events of the executor, a halt may be among them", at))
        // A person who has trading reduce after a loss knows of it.
        : state.TradingState == TradingState.Active ? Decisions.Events<IExecutorEvent>([.. HaltPast(state, state.Limits, state.StateAt.AddTicks(1))])
        : default;

    /// <summary>
    /// Counts the outcomes of linked routes, together and once all are over: each pays its own costs and the last brings the profit of all, so that none tells by itself whether
    /// something was lost. Where only some took effect, what those left is worth what the values say. What they brought of a token without a value is worth nothing; where they gave away
    /// such a token nobody can say what was lost, and trading is halted until a person has looked.
    /// </summary>
    /// <param name="state">The executor.</param>
    /// <param name="outcomes">What is known to have become of them, at least one.</param>
    /// <param name="routes">How many they are.</param>
    /// <param name="values">What tokens are worth.</param>
    public static Decision<IExecutorEvent> DecideLinked(ExecutorState state, ImmutableArray<TradeOutcome> outcomes, int routes, IPoolStates values)
    {
        var untold = outcomes.RemoveAll(outcome => state.Tallied.Contains(outcome.TradeId));
        if (untold.IsEmpty)
            return default;
        if (Left(state, outcomes, routes) is not { } left)
            return Tally(state, untold, Math.Max(0, -untold.Sum(outcome => outcome.Profit)));
        var profit = Worth(left, values) + untold.Sum(outcome => outcome.Ending == Ending.Executed ? -outcome.Cost : outcome.Profit);
        var unvalued = left.Where(flow => flow.Value < 0 && !values.TryToken(flow.Key, out _)).Select(flow => $"{-flow.Value} {flow.Key}").FirstOrDefault();
        return Tally(state, untold, Math.Max(0, -profit), unvalued);
    }

    /// <summary>Whether every token has a value that <see cref="DecideLinked"/> asks for.</summary>
    public static bool AreValued(ExecutorState state, ImmutableArray<TradeOutcome> outcomes, int routes, IPoolStates values) =>
        Left(state, outcomes, routes)?.All(flow => flow.Value == 0 || values.TryToken(flow.Key, out _)) ?? true;

    /// <summary>What an outcome adds to the balances, one entry per token, by ordinal order of the ids.</summary>
    public static ImmutableSortedDictionary<TokenId, double> Flows(ImmutableArray<SettledLeg> legs)
    {
        var flows = ImmutableSortedDictionary<TokenId, double>.Empty;
        foreach (var leg in legs)
        {
            flows = flows.SetItem(leg.TokenIn, flows.GetValueOrDefault(leg.TokenIn) - leg.Tender);
            flows = flows.SetItem(leg.TokenOut, flows.GetValueOrDefault(leg.TokenOut) + leg.Receive);
        }

        return flows;
    }

    /// <summary>What flows are worth, in value units; a token that is not registered is worth nothing.</summary>
    internal static double Worth(ImmutableSortedDictionary<TokenId, double> flows, IPoolStates values)
    {
        var worth = 0.0;
        foreach (var (id, flow) in flows)
        {
            if (values.TryToken(id, out var token))
                worth += flow * token.Value;
        }

        return worth;
    }

    private static Decision<IExecutorEvent> SetState(ExecutorState state, SetTradingState set) =>
        !Enum.IsDefined(set.State) ? Decisions.Reject<IExecutorEvent>(ReasonCode.InvalidSetting, $"{(int)set.State} is not a trading state")
        : state.TradingState == TradingState.Halted && set.State != TradingState.Halted && set.At < state.StateAt ? Decisions.Reject<IExecutorEvent>(
            ReasonCode.SupersededByNewer, $"a halt was ordered after it ({state.StateReason.Describe()}): look, and resume again")
        : IsInForce(state, set) ? default
        : Decisions.Event<IExecutorEvent>(new TradingStateChanged(set.State, set.Reason, set.Detail, set.At) { By = set.By });

    // A halt that is ordered once more is newer than what was ordered in between and has not arrived.
    private static bool IsInForce(ExecutorState state, SetTradingState set) =>
        state.TradingState == set.State
        && state.StateReason == new TradingStateReason(set.Reason, set.Detail) { By = set.By }
        && (set.State != TradingState.Halted || set.At <= state.StateAt);

    private static Decision<IExecutorEvent> SetLimits(ExecutorState state, SetRiskLimits set) =>
        Fault(set.Limits) is { } fault ? Decisions.Reject<IExecutorEvent>(ReasonCode.InvalidSetting, fault)
        : state.AreLimitsOrdered && state.Limits == set.Limits && set.At <= state.LimitsAt ? default
        : set.At < state.LimitsAt ? Decisions.Reject<IExecutorEvent>(
            ReasonCode.SupersededByNewer, $"other limits were ordered after it, at {state.LimitsAt:u}: look at those in force, and order again")
        // Limits that are ordered once more are newer than what was ordered in between and has not arrived.
        : Decisions.Events<IExecutorEvent>(
            [new RiskLimitsChanged(set.Limits, set.At) { By = set.By, State = state.TradingState }, .. HaltPast(state, set.Limits, set.At > state.StateAt ? set.At : state.StateAt)]);

    /// <summary>What was lost already may pass limits that were lowered.</summary>
    private static IEnumerable<IExecutorEvent> HaltPast(ExecutorState state, RiskLimits limits, DateTimeOffset at) =>
        state.TradingState != TradingState.Halted && state.Loss > limits.LossMax ? [new TradingStateChanged(TradingState.Halted, ReasonCode.LossLimit, LossPast(state.Loss, limits), at)]
        : state.TradingState != TradingState.Halted && state.ErrorStreak >= limits.ErrorStreakMax ? [new TradingStateChanged(
            TradingState.Halted, ReasonCode.ErrorStreak, $"{state.ErrorStreak} trades in a row failed, and the limit is {limits.ErrorStreakMax} now", at)]
        : [];

    private static string LossPast(double loss, RiskLimits limits) => $"losses of {loss} since trading was resumed pass the limit of {limits.LossMax}";

    private static string? Fault(RiskLimits limits) =>
        !(limits.NotionalMax >= 0 && double.IsFinite(limits.NotionalMax)) ? "the notional limit must be a finite number of at least 0"
        : !(limits.LossMax >= 0 && double.IsFinite(limits.LossMax)) ? "the loss limit must be a finite number of at least 0"
        : limits.ErrorStreakMax < 1 ? "the error streak must be at least 1"
        : null;

    /// <summary>What those of linked routes that took effect left and was not counted; null where all did, which left what their profit says.</summary>
    private static ImmutableSortedDictionary<TokenId, double>? Left(ExecutorState state, ImmutableArray<TradeOutcome> outcomes, int routes) =>
        outcomes.Length == routes && outcomes.All(outcome => outcome.Ending == Ending.Executed)
            ? null
            : Flows([.. outcomes.Where(outcome => outcome.Ending == Ending.Executed && !state.Tallied.Contains(outcome.TradeId)).SelectMany(outcome => outcome.Legs)]);

    /// <param name="state">The executor.</param>
    /// <param name="outcomes">What was not tallied.</param>
    /// <param name="loss">What they lost together; null where it is each one's own.</param>
    /// <param name="unvalued">What they gave away that nobody knows the worth of; null where there is no such thing.</param>
    private static Decision<IExecutorEvent> Tally(ExecutorState state, ImmutableArray<TradeOutcome> outcomes, double? loss, string? unvalued = null)
    {
        var events = ImmutableArray.CreateBuilder<IExecutorEvent>(outcomes.Length + 1);
        var after = state;
        string? streak = null;
        foreach (var outcome in outcomes)
        {
            events.Add(new OutcomeTallied(outcome, state.TradingState, state.AreLimitsOrdered ? state.Limits : null)
            {
                Loss = loss is null || events.Count == outcomes.Length - 1 ? loss : 0,
            });
            after = Apply(after, events[^1]);
            if (after.ErrorStreak >= state.Limits.ErrorStreakMax)
                streak ??= $"{after.ErrorStreak} trades in a row failed, the last: {outcome.Reason} {outcome.Detail}";
        }

        (ReasonCode Reason, string Detail)? halt =
            state.TradingState == TradingState.Halted ? null
            : unvalued is not null ? (
                ReasonCode.UnknownToken,
                $"linked routes of {outcomes[0].SnapshotId} were filled in part and gave away {unvalued}, whose worth is not known: what they lost is not in the losses")
            : after.Loss > state.Limits.LossMax ? (ReasonCode.LossLimit, LossPast(after.Loss, state.Limits))
            : streak is not null ? (ReasonCode.ErrorStreak, streak)
            : null;
        if (halt is var (reason, detail))
            events.Add(new TradingStateChanged(TradingState.Halted, reason, detail, outcomes.Max(outcome => outcome.At)));
        return Decisions.Events(events.DrainToImmutable());
    }

    /// <summary>Trading state and limits as the tally found them: the same, unless events were lost since.</summary>
    private static ExecutorState InForce(ExecutorState state, OutcomeTallied tallied)
    {
        if (tallied.Limits is { } limits && limits != state.Limits)
            state = state with { Limits = limits, LimitsAt = tallied.Outcome.At > state.LimitsAt ? tallied.Outcome.At : state.LimitsAt, AreLimitsOrdered = true };
        return InForce(state, tallied.State, tallied.Outcome.At);
    }

    private static ExecutorState InForce(ExecutorState state, TradingState? told, DateTimeOffset at) =>
        told is not { } known || known == state.TradingState
            ? state
            : Apply(state, new TradingStateChanged(known, ReasonCode.EventsLost, "the journal lost when and why", at));

    private static ExecutorState Apply(ExecutorState state, TradingStateChanged changed)
    {
        var resumed = changed.State == TradingState.Active && state.TradingState != TradingState.Active;
        return state with
        {
            TradingState = changed.State,
            StateReason = new TradingStateReason(changed.Reason, changed.Detail) { By = changed.By },
            // A halt that arrives late does not make the one in force older.
            StateAt = changed.State == TradingState.Halted && state.TradingState == TradingState.Halted && changed.At < state.StateAt ? state.StateAt : changed.At,
            ResumedAt = resumed ? changed.At : state.ResumedAt,
            Loss = resumed ? 0 : state.Loss,
            ErrorStreak = resumed ? 0 : state.ErrorStreak,
        };
    }

    private static ExecutorState Apply(ExecutorState state, TradeOutcome outcome, double? loss)
    {
        var executed = outcome.Ending == Ending.Executed;
        var (tallied, order) = Remember(state, outcome.TradeId);
        return state with
        {
            Balances = executed ? Add(state.Balances, Flows(outcome.Legs)) : state.Balances,
            Profit = state.Profit + outcome.Profit,
            Loss = state.Loss + (loss ?? Math.Max(0, -outcome.Profit)),
            ErrorStreak = executed ? 0 : IsError(outcome) ? state.ErrorStreak + 1 : state.ErrorStreak,
            Executed = state.Executed + (executed ? 1 : 0),
            Refusals = executed
                ? state.Refusals
                : state.Refusals.Add(new ReasonedRefusal($"trade {outcome.TradeId}", outcome.Reason, outcome.Detail, outcome.At)),
            Tallied = tallied,
            TalliedOrder = order,
        };
    }

    // What a damaged journal lost says nothing about the venue.
    private static bool IsError(TradeOutcome outcome) => outcome is { Ending: Ending.Failed, Reason: not ReasonCode.EventsLost };

    /// <summary>Balances with flows added.</summary>
    internal static ImmutableSortedDictionary<TokenId, double> Add(
        ImmutableSortedDictionary<TokenId, double> balances, ImmutableSortedDictionary<TokenId, double> flows)
    {
        foreach (var (token, flow) in flows)
            balances = balances.SetItem(token, balances.GetValueOrDefault(token) + flow);
        return balances;
    }

    private static (ImmutableHashSet<TradeId> Tallied, ImmutableQueue<TradeId> Order) Remember(ExecutorState state, TradeId id)
    {
        var tallied = state.Tallied.Add(id);
        var order = state.TalliedOrder.Enqueue(id);
        if (tallied.Count > ExecutorState.TalliedKept)
        {
            order = order.Dequeue(out var oldest);
            tallied = tallied.Remove(oldest);
        }

        return (tallied, order);
    }
}
