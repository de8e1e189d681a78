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
        new WireForm<TapeCutEnded>("tape.cut-ended", 1, (ended, writer) => writer.Int(1, ended.Number), ReadEnded),
    ];

    private static void Write(TapeCut cut, ProtoWriter writer)
    {
        writer.Int(1, cut.Number);
        writer.UInt(2, cut.Slot);
        Fields.Write(writer, 3, cut.Pools, static (pool, writer) =>
        {
            writer.Text(1, pool.PoolId.Value);
            Positions.Write(writer, 2, 3, pool.At);
        });
    }

    private static TapeCut Read(ref ProtoReader reader)
    {
        long number = 0;
        ulong slot = 0;
        var pools = ImmutableArray.CreateBuilder<PoolPosition>();
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: number = reader.Int(); break;
                case 2: slot = reader.UInt(); break;
                case 3: pools.Add(ReadPool(ref reader)); break;
                default: break;
            }
        }

        return new TapeCut(number, slot, pools.DrainToImmutable());
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

    private static TapeCutEnded ReadEnded(ref ProtoReader reader)
    {
        long number = 0;
        while (reader.Next())
        {
            if (reader.Field == 1)
                number = reader.Int();
        }

        return new TapeCutEnded(number);
    }
}
