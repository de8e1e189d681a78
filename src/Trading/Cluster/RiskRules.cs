using System.Collections.Immutable;
using QTrade.Messages;
using QTrade.Messages.Cluster;

namespace QTrade.Trading.Cluster;

/// <summary>
/// The rules of <c>risk</c>: what is lost and what is leased never pass the shared limit together, whatever messages are repeated or lost and whichever
/// executor dies. Only a report that gives a slice back frees what is left of it.
/// </summary>
public static class RiskRules
{
    /// <summary>An executor whose slice was not confirmed for so long trades no more.</summary>
    public static readonly TimeSpan Term = TimeSpan.FromSeconds(5);

    /// <summary>A slice that is not reported on for so long counts as lapsed. Only people are told: it stays out. Longer than <see cref="Term"/>, so that reports without news are seldom events.</summary>
    public static readonly TimeSpan LapseAfter = TimeSpan.FromMinutes(1);

    /// <summary>Least that is worth leasing, as a share of the whole limit: a smaller rest is left alone.</summary>
    public const double LeastShare = 1e-3;

    /// <summary>Least size of a slice, as a share of the whole limit: so few are out at once whatever executors ask for.</summary>
    public const double SliceShare = 1e-2;

    /// <summary>Sums of the same losses in another order differ by less than this share.</summary>
    internal const double SumTolerance = 1e-9;

    private const char IncarnationMark = '#';

    /// <summary>The name of an executor that recovered from a journal's entity: another one after every start.</summary>
    public static string NameOf(string entity, string incarnation) => $"{entity}{IncarnationMark}{incarnation}";

    /// <summary>The journal's entity that an executor recovered from; its whole name where it tells none.</summary>
    public static string EntityOf(string executor) =>
        executor.IndexOf(IncarnationMark, StringComparison.Ordinal) is var mark && mark > 0 ? executor[..mark] : executor;

    public static Decision<IRiskEvent> Decide(RiskState state, IRiskCommand command) => command switch
    {
        LeaseRiskSlice lease => Lease(state, lease),
        ReportRiskSlice report => Report(state, report),
        ReportRiskLoss report => Report(state, report),
        SetSharedLoss set => Set(state, set),
        // It is told until it arrives: what arrives again or behind a newer one must not forget what was lost since.
        ResetRisk reset => reset.At <= state.ResetAt ? default : Decisions.Event<IRiskEvent>(new RiskReset(state.Generation + 1, reset.At) { By = reset.By }),
        _ => throw new ArgumentOutOfRangeException(nameof(command), command.GetType().Name, "not a command of risk"),
    };

    /// <summary>
    /// What the executor is told once its command was taken, whether that made an event or was true already: its last answer may have been lost.
    /// Null for other commands.
    /// </summary>
    /// <param name="state">The state after the command.</param>
    /// <param name="command">A command that was not refused.</param>
    public static IRiskEvent? Answer(RiskState state, IRiskCommand command) => command switch
    {
        LeaseRiskSlice lease when state.Slices.TryGetValue((lease.Executor, lease.Slice), out var slice) =>
            new RiskSliceLeased(lease.Executor, lease.Slice, state.Generation, slice.LossMax, slice.Until, lease.At),
        ReportRiskSlice report when state.Slices.TryGetValue((report.Executor, report.Slice), out var slice) =>
            new RiskSliceReported(report.Executor, report.Slice, state.Generation, slice.Loss, false, slice.Until, report.At),
        ReportRiskSlice { IsReturned: true } report =>
            new RiskSliceReported(report.Executor, report.Slice, state.Generation, report.Loss, true, report.At, report.At),
        ReportRiskLoss report when report.Generation == state.Generation =>
            new RiskLossTold(report.Executor, state.Generation, state.Outside.GetValueOrDefault(report.Executor), report.At),
        _ => null,
    };

    public static RiskState Apply(RiskState state, IRiskEvent change) => change switch
    {
        RiskSliceLeased leased => leased.Generation != state.Generation ? state : state with
        {
            Slices = state.Slices.SetItem(
                (leased.Executor, leased.Slice), new RiskSlice(leased.Executor, leased.Slice, leased.LossMax, 0, leased.Until)),
        },
        RiskSliceReported reported => reported.Generation != state.Generation ? state : Apply(state, reported),
        RiskLossTold told => told.Generation != state.Generation ? state : Apply(state, told),
        SharedLossChanged changed => state with
        {
            LossMax = changed.LossMax,
            IsOrdered = changed.By is not null,
            OrderedAt = changed.By is null ? state.OrderedAt : changed.At,
        },
        RiskReset reset => RiskState.Initial with
        {
            Generation = reset.Generation,
            LossMax = state.LossMax,
            IsOrdered = state.IsOrdered,
            OrderedAt = state.OrderedAt,
            ResetAt = reset.At,
        },
        _ => throw new ArgumentOutOfRangeException(nameof(change), change.GetType().Name, "not an event of risk"),
    };

    private static Decision<IRiskEvent> Lease(RiskState state, LeaseRiskSlice lease)
    {
        if (lease.Executor.Length == 0 || !(lease.Wanted > 0 && double.IsFinite(lease.Wanted)))
            return Reject(ReasonCode.InvalidSetting, "a slice needs an executor and an amount above 0");
        if (lease.Known is { } known && !(known >= 0 && double.IsFinite(known)))
            return Reject(ReasonCode.InvalidSetting, "a loss must be a finite number of at least 0");
        if (state.Slices.ContainsKey((lease.Executor, lease.Slice)))
            return default;
        var returned = GiveBack(state, lease);
        foreach (var change in returned)
            state = Apply(state, change);
        var leased = Lease(state, lease.Executor, lease.Slice, lease.Wanted, lease.At);
        // What was given back stands, also where there is nothing left to lease: the next request is refused.
        return returned.IsEmpty ? leased : Decisions.Events([.. returned, .. leased.ToImmutableArray()]);
    }

    /// <summary>
    /// An executor that recovered from the journal knows what its predecessors lost in all: their slices are given back, and what they had not reported is
    /// counted with the last of them.
    /// </summary>
    private static ImmutableArray<IRiskEvent> GiveBack(RiskState state, LeaseRiskSlice lease)
    {
        var entity = EntityOf(lease.Executor);
        if (lease.Known is not { } known || entity == lease.Executor)
            return [];
        var old = state.Slices.Values.Where(slice => slice.Executor != lease.Executor && EntityOf(slice.Executor) == entity).ToList();
        var outside = state.Outside.Where(told => told.Key != lease.Executor && EntityOf(told.Key) == entity).Select(told => told.Value).Order().Sum();
        var unreported = Math.Max(0, known - state.LostBy.GetValueOrDefault(entity) - old.Sum(slice => slice.Loss) - outside);
        if (old.Count == 0)
            // What was asked before trading was resumed knows of losses that count no more. Both times of the resumption are one clock's, that of the request need not be.
            return unreported <= known * SumTolerance || (lease.At <= state.ResetAt && lease.ResumedAt < state.ResetAt) ? []
                : [new RiskLossTold(entity, state.Generation, state.Outside.GetValueOrDefault(entity) + unreported, lease.At)];
        return
        [
            .. old.Select((slice, i) => new RiskSliceReported(
                slice.Executor, slice.Number, state.Generation, slice.Loss + (i == old.Count - 1 ? unreported : 0), true, lease.At, lease.At)),
        ];
    }

    private static Decision<IRiskEvent> Lease(RiskState state, string executor, long slice, double wanted, DateTimeOffset at)
    {
        if (state.Slices.Count >= RiskState.SlicesMax)
            return Reject(ReasonCode.RiskExhausted, $"{RiskState.SlicesMax} slices are out already");
        var loss = Math.Min(Math.Max(wanted, state.LossMax * SliceShare), state.Free);
        return loss > 0 && loss >= state.LossMax * LeastShare
            ? Decisions.Event<IRiskEvent>(new RiskSliceLeased(executor, slice, state.Generation, loss, at + LapseAfter, at))
            : Reject(ReasonCode.RiskExhausted, $"{state.Free} of the shared loss limit of {state.LossMax} is free, {state.Slices.Count} slices are out");
    }

    private static Decision<IRiskEvent> Report(RiskState state, ReportRiskSlice report)
    {
        if (!(report.Loss >= 0 && double.IsFinite(report.Loss)))
            return Reject(ReasonCode.InvalidSetting, "a loss must be a finite number of at least 0");
        if (!state.Slices.TryGetValue((report.Executor, report.Slice), out var slice))
            return Reject(ReasonCode.UnknownRiskSlice, $"executor '{report.Executor}' has no slice {report.Slice}: it was given back, or trading was resumed since");

        // A report that was overtaken tells a smaller loss than one heard before.
        var loss = Math.Max(slice.Loss, report.Loss);
        return loss == slice.Loss && !report.IsReturned && slice.Until - report.At > LapseAfter / 2 ? default
            : Decisions.Event<IRiskEvent>(new RiskSliceReported(
                report.Executor, report.Slice, state.Generation, loss, report.IsReturned, report.At + LapseAfter, report.At));
    }

    private static Decision<IRiskEvent> Report(RiskState state, ReportRiskLoss report) =>
        report.Executor.Length == 0 || !(report.Loss >= 0 && double.IsFinite(report.Loss)) ? Reject(ReasonCode.InvalidSetting, "a loss needs an executor and must be a finite number of at least 0")
        : report.Generation != state.Generation ? Reject(ReasonCode.SupersededByNewer, $"generation {state.Generation} counts what is lost, not {report.Generation}")
        : report.Loss <= state.Outside.GetValueOrDefault(report.Executor) ? default
        : Decisions.Event<IRiskEvent>(new RiskLossTold(report.Executor, state.Generation, report.Loss, report.At));

    private static RiskState Apply(RiskState state, RiskLossTold told)
    {
        var outside = state.Outside;
        var more = told.Loss - outside.GetValueOrDefault(told.Executor);
        if (!(more > 0))
            return state;
        return state with { Lost = state.Lost + more, Outside = Room(outside, told.Executor).SetItem(told.Executor, told.Loss) };
    }

    /// <summary>Where as many executors are known as may be, what those of the same journal lost is that journal's.</summary>
    private static ImmutableDictionary<string, double> Room(ImmutableDictionary<string, double> outside, string executor)
    {
        var entity = EntityOf(executor);
        if (outside.Count < RiskState.OutsideMax || outside.ContainsKey(executor))
            return outside;
        var ofIt = outside.Where(told => EntityOf(told.Key) == entity).ToList();
        return outside.RemoveRange(ofIt.Select(told => told.Key)).SetItem(entity, ofIt.Select(told => told.Value).Order().Sum());
    }

    private static Decision<IRiskEvent> Set(RiskState state, SetSharedLoss set) =>
        !(set.LossMax >= 0 && double.IsFinite(set.LossMax)) ? Reject(ReasonCode.InvalidSetting, "the shared loss limit must be a finite number of at least 0")
        : set.By is not null && set.At < state.OrderedAt ? Reject(ReasonCode.SupersededByNewer, $"a shared loss limit of {state.LossMax} was ordered after it: look, and set it again")
        : set.LossMax == state.LossMax && (set.By is null || (state.IsOrdered && set.At == state.OrderedAt)) ? default
        : Decisions.Event<IRiskEvent>(new SharedLossChanged(set.LossMax, set.At) { By = set.By });

    private static RiskState Apply(RiskState state, RiskSliceReported reported)
    {
        var key = (reported.Executor, reported.Slice);
        if (!state.Slices.TryGetValue(key, out var slice))
            return state;
        return reported.IsReturned
            ? state with
            {
                Lost = state.Lost + reported.Loss,
                LostBy = state.LostBy.SetItem(EntityOf(slice.Executor), state.LostBy.GetValueOrDefault(EntityOf(slice.Executor)) + reported.Loss),
                Slices = state.Slices.Remove(key),
            }
            : state with { Slices = state.Slices.SetItem(key, slice with { Loss = reported.Loss, Until = reported.Until }) };
    }

    private static Decision<IRiskEvent> Reject(ReasonCode code, string detail) => Decisions.Reject<IRiskEvent>(code, detail);
}
