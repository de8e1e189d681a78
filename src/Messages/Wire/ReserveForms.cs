using QTrade.Markets.Venues;

namespace QTrade.Messages.Wire;

/// <summary>Wire forms of venues of two reserves.</summary>
internal static class ReserveForms
{
    public static void Write(ProtoWriter writer, AmmV4State state)
    {
        writer.UInt(1, state.Reserve0);
        writer.UInt(2, state.Reserve1);
        writer.UInt(3, state.FeeNumerator);
        writer.UInt(4, state.FeeDenominator);
    }

    public static AmmV4State ReadAmmV4(ref ProtoReader outer)
    {
        Span<ulong> fields = stackalloc ulong[4];
        ReadNumbers(ref outer, fields);
        return new AmmV4State { Reserve0 = fields[0], Reserve1 = fields[1], FeeNumerator = fields[2], FeeDenominator = fields[3] };
    }

    public static void Write(ProtoWriter writer, CpmmState state)
    {
        writer.UInt(1, state.Reserve0);
        writer.UInt(2, state.Reserve1);
        writer.UInt(3, state.TradeRate);
        writer.UInt(4, state.CreatorRate);
        writer.UInt(5, (ulong)state.CreatorFeeOn);
        writer.UInt(6, state.ProtocolShare);
        writer.UInt(7, state.FundShare);
    }

    public static CpmmState ReadCpmm(ref ProtoReader outer)
    {
        Span<ulong> fields = stackalloc ulong[7];
        ReadNumbers(ref outer, fields);
        return new CpmmState
        {
            Reserve0 = fields[0],
            Reserve1 = fields[1],
            TradeRate = fields[2],
            CreatorRate = fields[3],
            CreatorFeeOn = fields[4] <= (ulong)CreatorFeeSide.Token1 ? (CreatorFeeSide)fields[4] : (CreatorFeeSide)(-1),
            ProtocolShare = fields[5],
            FundShare = fields[6],
        };
    }

    public static void Write(ProtoWriter writer, TokenSwapState state)
    {
        writer.UInt(1, state.Reserve0);
        writer.UInt(2, state.Reserve1);
        writer.UInt(3, state.TradeNumerator);
        writer.UInt(4, state.TradeDenominator);
        writer.UInt(5, state.OwnerNumerator);
        writer.UInt(6, state.OwnerDenominator);
    }

    public static TokenSwapState ReadTokenSwap(ref ProtoReader outer)
    {
        Span<ulong> fields = stackalloc ulong[6];
        ReadNumbers(ref outer, fields);
        return new TokenSwapState
        {
            Reserve0 = fields[0],
            Reserve1 = fields[1],
            TradeNumerator = fields[2],
            TradeDenominator = fields[3],
            OwnerNumerator = fields[4],
            OwnerDenominator = fields[5],
        };
    }

    // Fields 1, 2, ... of a message, all of them numbers.
    private static void ReadNumbers(ref ProtoReader outer, scoped Span<ulong> fields)
    {
        var reader = new ProtoReader(outer.Bytes());
        fields.Clear();
        while (reader.Next())
        {
            if (reader.Field <= fields.Length)
                fields[reader.Field - 1] = reader.UInt();
        }

        if (reader.Faulty)
            outer.Fail();
    }
}
