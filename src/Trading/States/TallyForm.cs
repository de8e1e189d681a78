using System.Collections.Immutable;
using QTrade.Messages;
using QTrade.Messages.Wire;
using QTrade.Trading.Ledgers;

namespace QTrade.Trading.States;

/// <summary>Reasons with their counts, and the last refusals in words.</summary>
internal static class TallyForm
{
    public static void Write(ProtoWriter writer, int field, ReasonTally tally)
    {
        var mark = writer.Begin(field);
        foreach (var (reason, count) in tally.Counts)
        {
            var entry = writer.Begin(1);
            writer.Int(1, (int)reason);
            writer.Int(2, count);
            writer.End(entry);
        }

        foreach (var refusal in tally.Last)
        {
            var entry = writer.Begin(2);
            writer.Text(1, refusal.What);
            writer.Int(2, (int)refusal.Reason);
            writer.Text(3, refusal.Detail);
            writer.Time(4, refusal.At);
            writer.End(entry);
        }

        writer.End(mark);
    }

    public static ReasonTally Read(ref ProtoReader outer)
    {
        var reader = new ProtoReader(outer.Bytes());
        var counts = ImmutableSortedDictionary.CreateBuilder<ReasonCode, long>();
        ImmutableQueue<ReasonedRefusal> last = [];
        var lastCount = 0;
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    ReadCount(ref reader, counts);
                    break;
                case 2:
                    last = last.Enqueue(ReadRefusal(ref reader));
                    lastCount++;
                    break;
                default:
                    break;
            }
        }

        if (reader.Faulty || lastCount > ReasonTally.Kept)
            outer.Fail();
        return new ReasonTally(counts.ToImmutable(), last, lastCount);
    }

    private static void ReadCount(ref ProtoReader outer, ImmutableSortedDictionary<ReasonCode, long>.Builder counts)
    {
        var reader = new ProtoReader(outer.Bytes());
        var reason = ReasonCode.None;
        long count = 0;
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: reason = Fields.ReadReason(ref reader); break;
                case 2: count = reader.Int(); break;
                default: break;
            }
        }

        if (reader.Faulty)
            outer.Fail();
        counts[reason] = count;
    }

    private static ReasonedRefusal ReadRefusal(ref ProtoReader outer)
    {
        var reader = new ProtoReader(outer.Bytes());
        string what = "", detail = "";
        var reason = ReasonCode.None;
        DateTimeOffset at = default;
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: what = reader.Text(); break;
                case 2: reason = Fields.ReadReason(ref reader); break;
                case 3: detail = reader.Text(); break;
                case 4: at = reader.Time(); break;
                default: break;
            }
        }

        if (reader.Faulty)
            outer.Fail();
        return new ReasonedRefusal(what, reason, detail, at);
    }
}
