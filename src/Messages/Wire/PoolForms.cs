using System.Collections.Immutable;
using QTrade.Markets;
using QTrade.Messages.Pools;

namespace QTrade.Messages.Wire;

/// <summary>Wire forms of what pools say and are told.</summary>
internal static class PoolForms
{
    public static ImmutableArray<WireForm> All { get; } =
    [
        new WireForm<ObserveReserves>("pool.observe-reserves", 1, Write, ReadObserve),
        new WireForm<ReservesChanged>("pool.reserves-changed", 1, Write, ReadChanged),
    ];

    private static void Write(ObserveReserves observe, ProtoWriter writer)
    {
        writer.Text(1, observe.PoolId.Value);
        writer.Doubles(3, observe.Reserves);
        Positions.Write(writer, 4, 5, observe.At);
    }

    private static void Write(ReservesChanged changed, ProtoWriter writer)
    {
        writer.Text(1, changed.PoolId.Value);
        writer.Int(2, changed.Sequence);
        writer.Doubles(3, changed.Reserves);
        Positions.Write(writer, 4, 5, changed.At);
    }

    private static ObserveReserves ReadObserve(ref ProtoReader reader)
    {
        var (id, _, reserves, at) = Read(ref reader);
        return new ObserveReserves(id, reserves, at);
    }

    private static ReservesChanged ReadChanged(ref ProtoReader reader)
    {
        var (id, sequence, reserves, at) = Read(ref reader);
        return new ReservesChanged(id, sequence, reserves, at);
    }

    private static (PoolId Id, long Sequence, ImmutableArray<double> Reserves, PositionVector At) Read(ref ProtoReader reader)
    {
        var id = "";
        long sequence = 0;
        ImmutableArray<double> reserves = [];
        ReadOnlySpan<byte> slots = default, versions = default;
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: id = reader.Text(); break;
                case 2: sequence = reader.Int(); break;
                case 3: reserves = reader.Doubles(); break;
                case 4: slots = reader.Bytes(); break;
                case 5: versions = reader.Bytes(); break;
                default: break;
            }
        }

        return (new PoolId(id), sequence, reserves, Positions.Read(ref reader, slots, versions));
    }
}
