using System.Collections.Immutable;
using QTrade.Messages.Execution;
using QTrade.Messages.Routing;

namespace QTrade.Messages.Wire;

/// <summary>Wire forms of what executor and trades say and keep.</summary>
internal static class ExecutionForms
{
    public static ImmutableArray<WireForm> All { get; } =
    [
        new WireForm<ExecuteSolution>("executor.execute-solution", 1, Write, ReadExecute),
        new WireForm<SetTradingState>("executor.set-trading-state", 1, Write, ReadSetState),
        new WireForm<SetRiskLimits>("executor.set-risk-limits", 1, (set, writer) => Write(writer, set.Limits, set.At, set.By, null), ReadSetLimits),
        new WireForm<TradingStateChanged>("executor.trading-state-changed", 1, Write, ReadStateChanged),
        new WireForm<RiskLimitsChanged>(
            "executor.risk-limits-changed", 1, Write, ReadLimitsChanged),
        new WireForm<OutcomeTallied>("executor.outcome-tallied", 1, Write, ReadTallied),
        new WireForm<TradeOutcome>("trade.outcome", 1, OutcomeForm.Write, OutcomeForm.Read),
        new WireForm<IntendTrade>("trade.intend", 1, (intend, writer) => Write(writer, intend.Intent), ReadIntend),
        new WireForm<EndTrade>("trade.end", 1, (end, writer) => OutcomeForm.Write(writer, 1, end.Outcome), ReadEnd),
        new WireForm<TradeIntended>("trade.intended", 1, (intended, writer) => Write(writer, intended.Intent), ReadIntended),
        new WireForm<TradeEnded>("trade.ended", 1, (ended, writer) => OutcomeForm.Write(writer, 1, ended.Outcome), ReadEnded),
    ];

    private static void Write(ExecuteSolution execute, ProtoWriter writer)
    {
        writer.Int(1, execute.Epoch);
        Fields.Write(writer, 2, execute.SnapshotId);
        Fields.Write(writer, 3, execute.Routes, RouteForm.Write);
        writer.UInt(4, execute.ExpirySlot);
    }

    private static ExecuteSolution ReadExecute(ref ProtoReader reader)
    {
        long epoch = 0;
        SnapshotId id = default;
        ulong expirySlot = 0;
        var routes = ImmutableArray.CreateBuilder<Route>();
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: epoch = reader.Int(); break;
                case 2: id = Fields.ReadSnapshotId(ref reader); break;
                case 3: routes.Add(RouteForm.Read(ref reader)); break;
                case 4: expirySlot = reader.UInt(); break;
                default: break;
            }
        }

        return new ExecuteSolution(epoch, id, routes.DrainToImmutable(), expirySlot);
    }

    private static void Write(SetTradingState set, ProtoWriter writer) => Write(writer, set.State, set.Reason, set.Detail, set.At, set.By);

    private static void Write(TradingStateChanged changed, ProtoWriter writer) =>
        Write(writer, changed.State, changed.Reason, changed.Detail, changed.At, changed.By);

    private static void Write(ProtoWriter writer, TradingState state, ReasonCode reason, string detail, DateTimeOffset at, Operator? by)
    {
        writer.Int(1, (int)state);
        writer.Int(2, (int)reason);
        writer.Text(3, detail);
        writer.Time(4, at);
        Fields.Write(writer, 5, by);
    }

    private static SetTradingState? ReadSetState(ref ProtoReader reader) =>
        ReadState(ref reader) is ({ } state, var reason, var detail, var at, var by) ? new SetTradingState(state, reason, detail, at) { By = by } : null;

    private static TradingStateChanged? ReadStateChanged(ref ProtoReader reader) =>
        ReadState(ref reader) is ({ } state, var reason, var detail, var at, var by) ? new TradingStateChanged(state, reason, detail, at) { By = by } : null;

    private static (TradingState? State, ReasonCode Reason, string Detail, DateTimeOffset At, Operator? By) ReadState(ref ProtoReader reader)
    {
        TradingState? state = null;
        var reason = ReasonCode.None;
        var detail = "";
        DateTimeOffset at = default;
        Operator? by = null;
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: state = Fields.ReadEnum<TradingState>(ref reader); break;
                case 2: reason = Fields.ReadReason(ref reader); break;
                case 3: detail = reader.Text(); break;
                case 4: at = reader.Time(); break;
                case 5: by = Fields.ReadOperator(ref reader); break;
                default: break;
            }
        }

        return (state, reason, detail, at, by);
    }

    private static void Write(RiskLimitsChanged changed, ProtoWriter writer) => Write(writer, changed.Limits, changed.At, changed.By, changed.State);

    private static void Write(ProtoWriter writer, RiskLimits limits, DateTimeOffset at, Operator? by, TradingState? state)
    {
        Write(writer, 1, limits);
        writer.Time(2, at);
        Fields.Write(writer, 3, by);
        if (state is { } known)
            writer.Int(4, (int)known);
    }

    public static void Write(ProtoWriter writer, int field, RiskLimits limits)
    {
        var mark = writer.Begin(field);
        writer.Double(1, limits.NotionalMax);
        writer.Double(2, limits.LossMax);
        writer.Int(3, limits.ErrorStreakMax);
        writer.End(mark);
    }

    private static SetRiskLimits? ReadSetLimits(ref ProtoReader reader) =>
        ReadLimitsAt(ref reader) is ({ } limits, var at, var by, _) ? new SetRiskLimits(limits, at) { By = by } : null;

    private static RiskLimitsChanged? ReadLimitsChanged(ref ProtoReader reader) =>
        ReadLimitsAt(ref reader) is ({ } limits, var at, var by, var state) ? new RiskLimitsChanged(limits, at) { By = by, State = state } : null;

    private static (RiskLimits? Limits, DateTimeOffset At, Operator? By, TradingState? State) ReadLimitsAt(ref ProtoReader reader)
    {
        RiskLimits? limits = null;
        DateTimeOffset at = default;
        Operator? by = null;
        TradingState? state = null;
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: limits = ReadLimits(ref reader); break;
                case 2: at = reader.Time(); break;
                case 3: by = Fields.ReadOperator(ref reader); break;
                case 4: state = Fields.ReadEnum<TradingState>(ref reader); break;
                default: break;
            }
        }

        return (limits, at, by, state);
    }

    public static RiskLimits ReadLimits(ref ProtoReader outer)
    {
        var reader = new ProtoReader(outer.Bytes());
        double notionalMax = 0, lossMax = 0;
        var errorStreakMax = 0;
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: notionalMax = reader.Double(); break;
                case 2: lossMax = reader.Double(); break;
                case 3: errorStreakMax = reader.Int32(); break;
                default: break;
            }
        }

        if (reader.Faulty)
            outer.Fail();
        return new RiskLimits(notionalMax, lossMax, errorStreakMax);
    }

    private static void Write(OutcomeTallied tallied, ProtoWriter writer)
    {
        OutcomeForm.Write(writer, 1, tallied.Outcome);
        if (tallied.State is { } state)
            writer.Int(2, (int)state);
        if (tallied.Limits is { } limits)
            Write(writer, 3, limits);
        writer.OptionalDouble(4, tallied.Loss);
    }

    private static OutcomeTallied? ReadTallied(ref ProtoReader reader)
    {
        TradeOutcome? outcome = null;
        TradingState? state = null;
        RiskLimits? limits = null;
        double? loss = null;
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: outcome = OutcomeForm.ReadInner(ref reader); break;
                case 2: state = Fields.ReadEnum<TradingState>(ref reader); break;
                case 3: limits = ReadLimits(ref reader); break;
                case 4: loss = reader.Double(); break;
                default: break;
            }
        }

        return outcome is null ? null : new OutcomeTallied(outcome, state, limits) { Loss = loss };
    }

    private static EndTrade? ReadEnd(ref ProtoReader reader) =>
        OutcomeForm.ReadOnly(ref reader) is { } outcome ? new EndTrade(outcome) : null;

    private static TradeEnded? ReadEnded(ref ProtoReader reader) =>
        OutcomeForm.ReadOnly(ref reader) is { } outcome ? new TradeEnded(outcome) : null;

    private static IntendTrade? ReadIntend(ref ProtoReader reader) =>
        ReadIntentOnly(ref reader) is { } intent ? new IntendTrade(intent) : null;

    private static TradeIntended? ReadIntended(ref ProtoReader reader) =>
        ReadIntentOnly(ref reader) is { } intent ? new TradeIntended(intent) : null;

    private static void Write(ProtoWriter writer, TradeIntent intent)
    {
        var mark = writer.Begin(1);
        writer.Text(1, intent.TradeId.Value);
        Fields.Write(writer, 2, intent.SnapshotId);
        writer.Int(3, intent.RouteIndex);
        Fields.Write(writer, 4, intent.Legs, OutcomeForm.WriteLeg);
        writer.Double(5, intent.Profit);
        writer.Double(6, intent.Cost);
        writer.UInt(7, intent.ExpirySlot);
        writer.Bytes(8, intent.Payload.AsSpan());
        writer.Time(9, intent.At);
        if (!intent.LinkedRoutes.IsEmpty)
        {
            var routes = writer.Begin(10);
            foreach (var route in intent.LinkedRoutes)
                writer.Varint((ulong)route);
            writer.End(routes);
        }

        writer.End(mark);
    }

    private static TradeIntent? ReadIntentOnly(ref ProtoReader reader)
    {
        TradeIntent? intent = null;
        while (reader.Next())
        {
            if (reader.Field == 1)
                intent = ReadIntent(ref reader);
        }

        return intent;
    }

    private static TradeIntent ReadIntent(ref ProtoReader outer)
    {
        var reader = new ProtoReader(outer.Bytes());
        var trade = "";
        SnapshotId id = default;
        var index = 0;
        double profit = 0, cost = 0;
        ulong expirySlot = 0;
        DateTimeOffset at = default;
        ImmutableArray<byte> payload = [];
        ImmutableArray<int> linked = [];
        var legs = ImmutableArray.CreateBuilder<SettledLeg>();
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: trade = reader.Text(); break;
                case 2: id = Fields.ReadSnapshotId(ref reader); break;
                case 3: index = reader.Int32(); break;
                case 4: legs.Add(OutcomeForm.ReadLeg(ref reader)); break;
                case 5: profit = reader.Double(); break;
                case 6: cost = reader.Double(); break;
                case 7: expirySlot = reader.UInt(); break;
                case 8: payload = [.. reader.Bytes()]; break;
                case 9: at = reader.Time(); break;
                case 10: linked = ReadRoutes(ref reader); break;
                default: break;
            }
        }

        if (reader.Faulty)
            outer.Fail();
        return new TradeIntent(new TradeId(trade), id, index, legs.DrainToImmutable(), profit, cost, expirySlot, payload, at) { LinkedRoutes = linked };
    }

    private static ImmutableArray<int> ReadRoutes(ref ProtoReader outer)
    {
        var reader = new ProtoReader(outer.Bytes());
        var routes = ImmutableArray.CreateBuilder<int>();
        while (reader.NextPacked(out var route))
        {
            if (route > int.MaxValue)
                reader.Fail();
            routes.Add((int)(route & int.MaxValue));
        }

        if (reader.Faulty)
            outer.Fail();
        return routes.DrainToImmutable();
    }
}
