using System.Collections.Immutable;
using QTrade.Markets;
using QTrade.Messages.Routing;

namespace QTrade.Messages.Wire;

/// <summary>Wire forms of what feed and router say to each other where cuts are the tape's.</summary>
internal static class TapeForms
{
    public static ImmutableArray<WireForm> All { get; } =
    [
        new WireForm<TapeCut>("tape.cut", 1, Write, Read),
        new WireForm<TapeCutEnded>("tape.cut-ended", 1, Write, ReadEnded),
    ];

    private static void Write(TapeCut cut, ProtoWriter writer)
    {
        writer.Text(1, cut.Tape);
        writer.Int(2, cut.Number);
        writer.UInt(3, cut.Slot);
        Fields.Write(writer, 4, cut.Pools, static (pool, writer) =>
        {
            writer.Text(1, pool.PoolId.Value);
            Positions.Write(writer, 2, 3, pool.At);
        });
    }

    /// <summary>Null where the pools are not in order, or a number is none that a market can have.</summary>
    private static TapeCut? Read(ref ProtoReader reader)
    {
        var tape = "";
        long number = 0;
        ulong slot = 0;
        var pools = ImmutableArray.CreateBuilder<PoolPosition>();
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: tape = reader.Text(); break;
                case 2: number = reader.Int(); break;
                case 3: slot = reader.UInt(); break;
                case 4: pools.Add(ReadPool(ref reader)); break;
                default: break;
            }
        }

        for (var pool = 1; pool < pools.Count; pool++)
        {
            if (pools[pool - 1].PoolId.CompareTo(pools[pool].PoolId) >= 0)
                return null;
        }

        return number < 0 || slot > long.MaxValue ? null : new TapeCut(tape, number, slot, pools.DrainToImmutable());
    }

    private static PoolPosition ReadPool(ref ProtoReader outer)
    {
        var reader = new ProtoReader(outer.Bytes());
        var id = "";
        ReadOnlySpan<byte> slots = default, versions = default;
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: id = reader.Text(); break;
                case 2: slots = reader.Bytes(); break;
                case 3: versions = reader.Bytes(); break;
                default: break;
            }
        }

        var at = Positions.Read(ref reader, slots, versions);
        if (reader.Faulty)
            outer.Fail();
        return new PoolPosition(new PoolId(id), at);
    }

    private static void Write(TapeCutEnded ended, ProtoWriter writer)
    {
        writer.Text(1, ended.Tape);
        writer.Int(2, ended.Number);
    }

    private static TapeCutEnded ReadEnded(ref ProtoReader reader)
    {
        var tape = "";
        long number = 0;
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: tape = reader.Text(); break;
                case 2: number = reader.Int(); break;
                default: break;
            }
        }

        return new TapeCutEnded(tape, number);
    }
}
