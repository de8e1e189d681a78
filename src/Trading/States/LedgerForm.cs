using System.Collections.Immutable;
using QTrade.Messages.Routing;
using QTrade.Messages.Wire;
using QTrade.Trading.Ledgers;

namespace QTrade.Trading.States;

/// <summary>A ledger: the three counts apart, as they were counted.</summary>
internal static class LedgerForm
{
    /// <summary>Reads the id that is the present field.</summary>
    public delegate TId ReadId<out TId>(ref ProtoReader reader);

    public static void Write<TId>(ProtoWriter writer, int field, Ledger<TId> ledger, IEnumerable<TId> inFlight, Action<ProtoWriter, int, TId> writeId)
        where TId : notnull
    {
        var mark = writer.Begin(field);
        writer.Int(1, ledger.HandedOut);
        foreach (var (ending, count) in ledger.Endings)
        {
            var entry = writer.Begin(2);
            writer.Int(1, (int)ending);
            writer.Int(2, count);
            writer.End(entry);
        }

        foreach (var id in inFlight)
            writeId(writer, 3, id);
        writer.End(mark);
    }

    public static Ledger<TId> Read<TId>(ref ProtoReader outer, ReadId<TId> readId)
        where TId : notnull
    {
        var reader = new ProtoReader(outer.Bytes());
        long handedOut = 0;
        var endings = ImmutableSortedDictionary.CreateBuilder<Ending, long>();
        var inFlight = ImmutableHashSet.CreateBuilder<TId>();
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: handedOut = reader.Int(); break;
                case 2: ReadEnding(ref reader, endings); break;
                case 3: inFlight.Add(readId(ref reader)); break;
                default: break;
            }
        }

        if (reader.Faulty)
            outer.Fail();
        return new Ledger<TId>(handedOut, endings.ToImmutable(), inFlight.ToImmutable());
    }

    private static void ReadEnding(ref ProtoReader outer, ImmutableSortedDictionary<Ending, long>.Builder endings)
    {
        var reader = new ProtoReader(outer.Bytes());
        Ending ending = default;
        long count = 0;
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: ending = Fields.ReadEnum<Ending>(ref reader); break;
                case 2: count = reader.Int(); break;
                default: break;
            }
        }

        if (reader.Faulty)
            outer.Fail();
        endings[ending] = count;
    }
}
