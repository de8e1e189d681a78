using System.Collections.Immutable;
using QTrade.Markets.Venues;

namespace QTrade.Messages.Wire;

/// <summary>Wire form of a Meteora DLMM pair.</summary>
internal static class DlmmForm
{
    public static void Write(ProtoWriter writer, DlmmState state)
    {
        writer.UInt(1, WideIntegers.ZigZag(state.ActiveId));
        writer.Int(2, state.BinStep);
        writer.UInt(3, state.Fees.BaseRate);
        writer.UInt(4, state.Fees.VariableControl);
        writer.UInt(5, state.Fees.AccumulatorMax);
        writer.UInt(6, state.VolatilityReference);
        writer.UInt(7, WideIntegers.ZigZag(state.IndexReference));
        writer.Bool(8, state.FeeOnlyY);
        writer.UInt(9, state.ReserveX);
        writer.UInt(10, state.ReserveY);
        writer.UInt(11, WideIntegers.ZigZag(state.FirstBin));
        writer.UInt(12, WideIntegers.ZigZag(state.LastBin));
        if (state.Bins.IsEmpty)
            return;
        var bins = writer.Begin(13);
        long before = state.FirstBin;
        foreach (var bin in state.Bins)
        {
            writer.Varint((ulong)(bin.Id - before));
            writer.Varint(bin.X);
            writer.Varint(bin.Y);
            writer.Varint((ulong)bin.Side);
            if (bin.Side != BinOrders.None)
            {
                writer.Varint(bin.ProcessedOrders);
                writer.Varint(bin.OpenOrders);
            }

            before = bin.Id;
        }

        writer.End(bins);
    }

    public static DlmmState? Read(ref ProtoReader outer)
    {
        var reader = new ProtoReader(outer.Bytes());
        int active = 0, step = 0, index = 0, first = 0, last = 0;
        ulong rate = 0, control = 0, accumulator = 0, volatility = 0, x = 0, y = 0;
        var onlyY = false;
        ReadOnlySpan<byte> bytes = default;
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: active = WideIntegers.ReadZigZag(ref reader); break;
                case 2: step = reader.Int32(); break;
                case 3: rate = reader.UInt(); break;
                case 4: control = reader.UInt(); break;
                case 5: accumulator = reader.UInt(); break;
                case 6: volatility = reader.UInt(); break;
                case 7: index = WideIntegers.ReadZigZag(ref reader); break;
                case 8: onlyY = reader.UInt() != 0; break;
                case 9: x = reader.UInt(); break;
                case 10: y = reader.UInt(); break;
                case 11: first = WideIntegers.ReadZigZag(ref reader); break;
                case 12: last = WideIntegers.ReadZigZag(ref reader); break;
                case 13: bytes = reader.Bytes(); break;
                default: break;
            }
        }

        if (reader.Faulty || step is < 1 or > ushort.MaxValue || control > uint.MaxValue || accumulator > uint.MaxValue || volatility > uint.MaxValue
            || !TryBins(bytes, first, (ushort)step, out var bins))
        {
            outer.Fail();
            return null;
        }

        return new DlmmState
        {
            Bins = bins,
            FirstBin = first,
            LastBin = last,
            ActiveId = active,
            BinStep = (ushort)step,
            Fees = new DlmmFees(rate, (uint)control, (uint)accumulator),
            VolatilityReference = (uint)volatility,
            IndexReference = index,
            FeeOnlyY = onlyY,
            ReserveX = x,
            ReserveY = y,
        };
    }

    private static bool TryBins(ReadOnlySpan<byte> bytes, int first, ushort step, out ImmutableArray<LiquidityBin> bins)
    {
        bins = [];
        var found = ImmutableArray.CreateBuilder<LiquidityBin>();
        long id = first;
        var reader = new ProtoReader(bytes);
        while (reader.NextPacked(out var distance))
        {
            ulong processed = 0, open = 0;
            if (found.Count == VenueState.LiquidityEntriesMax || distance > uint.MaxValue || (distance == 0 && found.Count > 0)
                || !reader.NextPacked(out var x) || !reader.NextPacked(out var y)
                || !reader.NextPacked(out var side) || side > (ulong)BinOrders.Asks
                || (side != 0 && (!reader.NextPacked(out processed) || !reader.NextPacked(out open))))
                return false;
            id += (long)distance;
            if (!TryPrice(id, step, out var price))
                return false;
            found.Add(new LiquidityBin((int)id, x, y, price, (BinOrders)side, processed, open));
        }

        bins = found.DrainToImmutable();
        return !reader.Faulty;
    }

    private static bool TryPrice(long id, ushort step, out UInt128 price)
    {
        price = default;
        if (id is < -DlmmState.BinIdMax or > DlmmState.BinIdMax)
            return false;
        try
        {
            price = DlmmState.PriceOf((int)id, step);
            return price != UInt128.Zero;
        }
        catch (OverflowException)
        {
            return false;
        }
    }
}
