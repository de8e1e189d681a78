using System.Collections.Immutable;
using QTrade.Markets;
using QTrade.Messages.Execution;
using QTrade.Messages.Routing;

namespace QTrade.Messages.Wire;

/// <summary>A trade's outcome, which trade, router and executor each keep.</summary>
internal static class OutcomeForm
{
    public static void Write(ProtoWriter writer, int field, TradeOutcome outcome)
    {
        var mark = writer.Begin(field);
        Write(outcome, writer);
        writer.End(mark);
    }

    public static void Write(TradeOutcome outcome, ProtoWriter writer)
    {
        writer.Text(1, outcome.TradeId.Value);
        Fields.Write(writer, 2, outcome.SnapshotId);
        writer.Int(3, outcome.RouteIndex);
        writer.Int(4, (int)outcome.Ending);
        writer.Int(5, (int)outcome.Reason);
        writer.Text(6, outcome.Detail);
        Fields.Write(writer, 7, outcome.Legs, WriteLeg);
        writer.Double(8, outcome.Profit);
        writer.Double(9, outcome.Cost);
        writer.UInt(10, outcome.Slot);
        writer.Time(11, outcome.At);
    }

    /// <summary>The outcome of a message that holds one as its field 1 and nothing else.</summary>
    public static TradeOutcome? ReadOnly(ref ProtoReader reader)
    {
        TradeOutcome? outcome = null;
        while (reader.Next())
        {
            if (reader.Field == 1)
                outcome = ReadInner(ref reader);
        }

        return outcome;
    }

    /// <summary>The outcome in the field at which the reader is.</summary>
    public static TradeOutcome? ReadInner(ref ProtoReader reader)
    {
        var inner = new ProtoReader(reader.Bytes());
        var outcome = Read(ref inner);
        if (inner.Faulty || outcome is null)
            reader.Fail();
        return outcome;
    }

    public static TradeOutcome? Read(ref ProtoReader reader)
    {
        string trade = "", detail = "";
        SnapshotId id = default;
        var index = 0;
        Ending? ending = null;
        var reason = ReasonCode.None;
        double profit = 0, cost = 0;
        ulong slot = 0;
        DateTimeOffset at = default;
        var legs = ImmutableArray.CreateBuilder<SettledLeg>();
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: trade = reader.Text(); break;
                case 2: id = Fields.ReadSnapshotId(ref reader); break;
                case 3: index = reader.Int32(); break;
                case 4: ending = Fields.ReadEnum<Ending>(ref reader); break;
                case 5: reason = Fields.ReadReason(ref reader); break;
                case 6: detail = reader.Text(); break;
                case 7: legs.Add(ReadLeg(ref reader)); break;
                case 8: profit = reader.Double(); break;
                case 9: cost = reader.Double(); break;
                case 10: slot = reader.UInt(); break;
                case 11: at = reader.Time(); break;
                default: break;
            }
        }

        return ending is { } known
            ? new TradeOutcome(
                new TradeId(trade), id, index, known, reason, detail, legs.DrainToImmutable(), profit, cost, slot, at)
            : null;
    }

    public static void WriteLeg(SettledLeg leg, ProtoWriter writer)
    {
        writer.Text(1, leg.PoolId.Value);
        writer.Text(2, leg.TokenIn.Value);
        writer.Text(3, leg.TokenOut.Value);
        writer.Double(4, leg.Tender);
        writer.Double(5, leg.Receive);
        Positions.Write(writer, 6, 7, leg.At);
    }

    public static SettledLeg ReadLeg(ref ProtoReader outer)
    {
        var reader = new ProtoReader(outer.Bytes());
        string pool = "", tokenIn = "", tokenOut = "";
        double tender = 0, receive = 0;
        ReadOnlySpan<byte> slots = default, versions = default;
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: pool = reader.Text(); break;
                case 2: tokenIn = reader.Text(); break;
                case 3: tokenOut = reader.Text(); break;
                case 4: tender = reader.Double(); break;
                case 5: receive = reader.Double(); break;
                case 6: slots = reader.Bytes(); break;
                case 7: versions = reader.Bytes(); break;
                default: break;
            }
        }

        var at = Positions.Read(ref reader, slots, versions);
        if (reader.Faulty)
            outer.Fail();
        return new SettledLeg(new PoolId(pool), new TokenId(tokenIn), new TokenId(tokenOut), tender, receive, at);
    }
}
