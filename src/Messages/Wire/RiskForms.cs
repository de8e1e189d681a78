using System.Collections.Immutable;
using QTrade.Messages.Cluster;
using QTrade.Messages.Execution;

namespace QTrade.Messages.Wire;

/// <summary>Wire forms of what the <c>risk</c> entity is told and keeps. They share one layout: a message writes the fields it has.</summary>
internal static class RiskForms
{
    public static ImmutableArray<WireForm> All { get; } =
    [
        new WireForm<LeaseRiskSlice>("risk.lease-slice", 1, Write, ReadLease),
        new WireForm<ReportRiskSlice>("risk.report-slice", 1, Write, ReadReport),
        new WireForm<SetSharedLoss>("risk.set-shared-loss", 1, Write, ReadSet),
        new WireForm<ResetRisk>("risk.reset-risk", 1, Write, ReadReset),
        new WireForm<RiskSliceLeased>("risk.slice-leased", 1, Write, ReadLeased),
        new WireForm<RiskSliceReported>("risk.slice-reported", 1, Write, ReadReported),
        new WireForm<SharedLossChanged>("risk.shared-loss-changed", 1, Write, ReadChanged),
        new WireForm<RiskReset>("risk.reset", 1, Write, ReadWasReset),
        new WireForm<RiskRefused>("risk.refused", 1, Write, ReadRefused),
        new WireForm<RiskTold>("risk.told", 1, Write, ReadTold),
        new WireForm<ReportRiskLoss>("risk.report-loss", 1, Write, ReadReportLoss),
        new WireForm<RiskLossTold>("risk.loss-told", 1, Write, ReadLossTold),
    ];

    private static void Write(LeaseRiskSlice lease, ProtoWriter writer)
    {
        Write(writer, lease.Executor, lease.Slice, 0, lease.Wanted, false, null, lease.At, null);
        writer.OptionalDouble(9, lease.Known);
        writer.Time(10, lease.ResumedAt);
    }

    private static void Write(RiskRefused refused, ProtoWriter writer)
    {
        writer.Text(1, refused.Executor);
        writer.Int(2, refused.Slice);
        writer.Int(3, refused.Generation);
        writer.Int(4, (int)refused.Reason);
        writer.Text(5, refused.Detail);
    }

    private static RiskRefused ReadRefused(ref ProtoReader reader)
    {
        var refused = new RiskRefused("", 0, 0, ReasonCode.None, "");
        while (reader.Next())
        {
            refused = reader.Field switch
            {
                1 => refused with { Executor = reader.Text() },
                2 => refused with { Slice = reader.Int() },
                3 => refused with { Generation = reader.Int() },
                4 => refused with { Reason = Fields.ReadReason(ref reader) },
                5 => refused with { Detail = reader.Text() },
                _ => refused,
            };
        }

        return refused;
    }

    private static void Write(RiskTold told, ProtoWriter writer)
    {
        writer.Int(1, told.Generation);
        writer.Double(2, told.LossMax);
        writer.Double(3, told.Lost);
        writer.Double(4, told.Leased);
        writer.Int(5, told.Slices);
        writer.Int(6, told.Lapsed);
        writer.Bool(7, told.IsOrdered);
    }

    private static RiskTold ReadTold(ref ProtoReader reader)
    {
        var told = new RiskTold(0, 0, 0, 0, 0, 0, false);
        while (reader.Next())
        {
            told = reader.Field switch
            {
                1 => told with { Generation = reader.Int() },
                2 => told with { LossMax = reader.Double() },
                3 => told with { Lost = reader.Double() },
                4 => told with { Leased = reader.Double() },
                5 => told with { Slices = reader.Int32() },
                6 => told with { Lapsed = reader.Int32() },
                7 => told with { IsOrdered = reader.UInt() != 0 },
                _ => told,
            };
        }

        return told;
    }

    private static void Write(ReportRiskSlice report, ProtoWriter writer) =>
        Write(writer, report.Executor, report.Slice, 0, report.Loss, report.IsReturned, null, report.At, null);

    private static void Write(SetSharedLoss set, ProtoWriter writer) => Write(writer, "", 0, 0, set.LossMax, false, null, set.At, set.By);

    private static void Write(ResetRisk reset, ProtoWriter writer) => Write(writer, "", 0, 0, 0, false, null, reset.At, reset.By);

    private static void Write(RiskSliceLeased leased, ProtoWriter writer) =>
        Write(writer, leased.Executor, leased.Slice, leased.Generation, leased.LossMax, false, leased.Until, leased.At, null);

    private static void Write(RiskSliceReported reported, ProtoWriter writer) => Write(
        writer, reported.Executor, reported.Slice, reported.Generation, reported.Loss, reported.IsReturned, reported.Until, reported.At, null);

    private static void Write(SharedLossChanged changed, ProtoWriter writer) =>
        Write(writer, "", 0, 0, changed.LossMax, false, null, changed.At, changed.By);

    private static void Write(RiskReset reset, ProtoWriter writer) => Write(writer, "", 0, reset.Generation, 0, false, null, reset.At, reset.By);

    private static void Write(ReportRiskLoss report, ProtoWriter writer) =>
        Write(writer, report.Executor, 0, report.Generation, report.Loss, false, null, report.At, null);

    private static void Write(RiskLossTold told, ProtoWriter writer) =>
        Write(writer, told.Executor, 0, told.Generation, told.Loss, false, null, told.At, null);

    private static ReportRiskLoss ReadReportLoss(ref ProtoReader reader)
    {
        var read = Read(ref reader);
        return new ReportRiskLoss(read.Executor, read.Generation, read.Amount, read.At);
    }

    private static RiskLossTold ReadLossTold(ref ProtoReader reader)
    {
        var read = Read(ref reader);
        return new RiskLossTold(read.Executor, read.Generation, read.Amount, read.At);
    }

    private static LeaseRiskSlice ReadLease(ref ProtoReader reader)
    {
        var read = Read(ref reader);
        return new LeaseRiskSlice(read.Executor, read.Slice, read.Amount, read.At) { Known = read.Known, ResumedAt = read.ResumedAt };
    }

    private static ReportRiskSlice ReadReport(ref ProtoReader reader)
    {
        var read = Read(ref reader);
        return new ReportRiskSlice(read.Executor, read.Slice, read.Amount, read.IsReturned, read.At);
    }

    private static SetSharedLoss ReadSet(ref ProtoReader reader)
    {
        var read = Read(ref reader);
        return new SetSharedLoss(read.Amount, read.At) { By = read.By };
    }

    private static ResetRisk ReadReset(ref ProtoReader reader)
    {
        var read = Read(ref reader);
        return new ResetRisk(read.At) { By = read.By };
    }

    private static RiskSliceLeased ReadLeased(ref ProtoReader reader)
    {
        var read = Read(ref reader);
        return new RiskSliceLeased(read.Executor, read.Slice, read.Generation, read.Amount, read.Until, read.At);
    }

    private static RiskSliceReported ReadReported(ref ProtoReader reader)
    {
        var read = Read(ref reader);
        return new RiskSliceReported(read.Executor, read.Slice, read.Generation, read.Amount, read.IsReturned, read.Until, read.At);
    }

    private static SharedLossChanged ReadChanged(ref ProtoReader reader)
    {
        var read = Read(ref reader);
        return new SharedLossChanged(read.Amount, read.At) { By = read.By };
    }

    private static RiskReset ReadWasReset(ref ProtoReader reader)
    {
        var read = Read(ref reader);
        return new RiskReset(read.Generation, read.At) { By = read.By };
    }

    private static void Write(
        ProtoWriter writer, string executor, long slice, long generation, double amount, bool isReturned, DateTimeOffset? until, DateTimeOffset at, Operator? by)
    {
        writer.Text(1, executor);
        writer.Int(2, slice);
        writer.Int(3, generation);
        writer.Double(4, amount);
        writer.Bool(5, isReturned);
        if (until is { } moment)
            writer.Time(6, moment);
        writer.Time(7, at);
        Fields.Write(writer, 8, by);
    }

    private static RiskFields Read(ref ProtoReader reader)
    {
        var read = new RiskFields("", 0, 0, 0, false, default, default, null, null, default);
        while (reader.Next())
        {
            read = reader.Field switch
            {
                1 => read with { Executor = reader.Text() },
                2 => read with { Slice = reader.Int() },
                3 => read with { Generation = reader.Int() },
                4 => read with { Amount = reader.Double() },
                5 => read with { IsReturned = reader.UInt() != 0 },
                6 => read with { Until = reader.Time() },
                7 => read with { At = reader.Time() },
                8 => read with { By = Fields.ReadOperator(ref reader) },
                9 => read with { Known = reader.Double() },
                10 => read with { ResumedAt = reader.Time() },
                _ => read,
            };
        }

        return read;
    }

    private readonly record struct RiskFields(
        string Executor, long Slice, long Generation, double Amount, bool IsReturned, DateTimeOffset Until, DateTimeOffset At, Operator? By, double? Known, DateTimeOffset ResumedAt);
}
