using QTrade.Markets.Venues;

namespace QTrade.Messages.Wire;

/// <summary>
/// Wire form of a venue's integer state. It is whole in every message, never a difference, so that any later one heals a lost one; what follows from
/// the venue is left out, which makes a tick or a bin about ten bytes. Read states are sound (<see cref="VenueState.IsSound"/>) and hold at most
/// <see cref="VenueState.LiquidityEntriesMax"/> ticks or bins.
/// </summary>
internal static class VenueForm
{
    private const int AmmV4 = 5;
    private const int Cpmm = 6;
    private const int TokenSwap = 7;
    private const int Whirlpool = 8;
    private const int RaydiumClmm = 9;
    private const int DammV2 = 10;
    private const int Dlmm = 11;

    /// <summary>Nothing where there is none.</summary>
    public static void Write(ProtoWriter writer, int field, VenueState? state)
    {
        if (state is null)
            return;
        var mark = writer.Begin(field);
        writer.Int(1, state.TransferFee0.BasisPoints);
        writer.UInt(2, state.TransferFee0.Maximum);
        writer.Int(3, state.TransferFee1.BasisPoints);
        writer.UInt(4, state.TransferFee1.Maximum);
        var own = writer.Begin(FieldOf(state));
        switch (state)
        {
            case AmmV4State amm: ReserveForms.Write(writer, amm); break;
            case CpmmState cpmm: ReserveForms.Write(writer, cpmm); break;
            case TokenSwapState swap: ReserveForms.Write(writer, swap); break;
            case ConcentratedState concentrated: ConcentratedForms.Write(writer, concentrated); break;
            case DammV2State damm: ConcentratedForms.Write(writer, damm); break;
            case DlmmState dlmm: DlmmForm.Write(writer, dlmm); break;
        }

        writer.End(own);
        writer.End(mark);
    }

    /// <summary>The state; null, and the reader faulty, where the bytes are none.</summary>
    public static VenueState? Read(ref ProtoReader outer)
    {
        var reader = new ProtoReader(outer.Bytes());
        int bps0 = 0, bps1 = 0;
        ulong max0 = 0, max1 = 0;
        VenueState? state = null;
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: bps0 = reader.Int32(); break;
                case 2: max0 = reader.UInt(); break;
                case 3: bps1 = reader.Int32(); break;
                case 4: max1 = reader.UInt(); break;
                case AmmV4: state = ReserveForms.ReadAmmV4(ref reader); break;
                case Cpmm: state = ReserveForms.ReadCpmm(ref reader); break;
                case TokenSwap: state = ReserveForms.ReadTokenSwap(ref reader); break;
                case Whirlpool: state = ConcentratedForms.Read(ref reader, isWhirlpool: true); break;
                case RaydiumClmm: state = ConcentratedForms.Read(ref reader, isWhirlpool: false); break;
                case DammV2: state = ConcentratedForms.ReadDammV2(ref reader); break;
                case Dlmm: state = DlmmForm.Read(ref reader); break;
                default: break;
            }
        }

        var sound = !reader.Faulty && state is not null && bps0 is >= 0 and <= ushort.MaxValue && bps1 is >= 0 and <= ushort.MaxValue;
        if (sound)
        {
            state = state! with { TransferFee0 = new TransferFee((ushort)bps0, max0), TransferFee1 = new TransferFee((ushort)bps1, max1) };
            if (state.IsSound)
                return state;
        }

        // A venue of a newer program is not passed over either: without it the pool would settle on its curve.
        outer.Fail();
        return null;
    }

    private static int FieldOf(VenueState state) => state switch
    {
        AmmV4State => AmmV4,
        CpmmState => Cpmm,
        TokenSwapState => TokenSwap,
        WhirlpoolState => Whirlpool,
        RaydiumClmmState => RaydiumClmm,
        DammV2State => DammV2,
        DlmmState => Dlmm,
        _ => throw new ArgumentOutOfRangeException(nameof(state), state.GetType().Name, "a venue without a wire form"),
    };
}
