using System.Collections.Immutable;
using QTrade.Markets;
using QTrade.Markets.Venues;
using QTrade.Messages.Pools;

namespace QTrade.Messages.Wire;

/// <summary>Wire forms of what pools say and are told.</summary>
internal static class PoolForms
{
    private const int WithVenue = 2;

    public static ImmutableArray<WireForm> All { get; } =
    [
        new WireForm<ObserveReserves>("pool.observe-reserves", WithVenue, Write, ReadObserve, observe => VersionWith(observe.Venue)),
        new WireForm<ReservesChanged>("pool.reserves-changed", WithVenue, Write, ReadChanged, changed => VersionWith(changed.Venue)),
    ];

    // A program that does not know venue states must not read one as if there were none: it would settle on the curve.
    private static int VersionWith(VenueState? venue) => venue is null ? 1 : WithVenue;

    private static void Write(ObserveReserves observe, ProtoWriter writer)
    {
        writer.Text(1, observe.PoolId.Value);
        writer.Doubles(3, observe.Reserves);
        Positions.Write(writer, 4, 5, observe.At);
        VenueForm.Write(writer, 6, observe.Venue);
    }

    private static void Write(ReservesChanged changed, ProtoWriter writer)
    {
        writer.Text(1, changed.PoolId.Value);
        writer.Int(2, changed.Sequence);
        writer.Doubles(3, changed.Reserves);
        Positions.Write(writer, 4, 5, changed.At);
        VenueForm.Write(writer, 6, changed.Venue);
    }

    private static ObserveReserves ReadObserve(ref ProtoReader reader)
    {
        var (id, _, reserves, at, venue) = Read(ref reader);
        return new ObserveReserves(id, reserves, at) { Venue = venue };
    }

    private static ReservesChanged ReadChanged(ref ProtoReader reader)
    {
        var (id, sequence, reserves, at, venue) = Read(ref reader);
        return new ReservesChanged(id, sequence, reserves, at) { Venue = venue };
    }

    private static (PoolId Id, long Sequence, ImmutableArray<double> Reserves, PositionVector At, VenueState? Venue) Read(ref ProtoReader reader)
    {
        var id = "";
        long sequence = 0;
        ImmutableArray<double> reserves = [];
        VenueState? venue = null;
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
                case 6: venue = VenueForm.Read(ref reader); break;
                default: break;
            }
        }

        return (new PoolId(id), sequence, reserves, Positions.Read(ref reader, slots, versions), venue);
    }
}
