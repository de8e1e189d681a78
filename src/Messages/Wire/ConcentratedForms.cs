using QTrade.Markets.Venues;

namespace QTrade.Messages.Wire;

/// <summary>Wire forms of venues of concentrated liquidity.</summary>
internal static class ConcentratedForms
{
    public static void Write(ProtoWriter writer, ConcentratedState state)
    {
        WideIntegers.Write(writer, 1, state.SqrtPrice);
        writer.UInt(2, WideIntegers.ZigZag(state.Tick));
        WideIntegers.Write(writer, 3, state.Liquidity);
        writer.UInt(4, state.FeeRate);
        writer.UInt(5, WideIntegers.ZigZag(state.Ticks.First));
        writer.UInt(6, WideIntegers.ZigZag(state.Ticks.Last));
        if (state.Ticks.Count > 0)
        {
            var ticks = writer.Begin(7);
            long before = state.Ticks.First;
            for (var i = 0; i < state.Ticks.Count; i++)
            {
                var tick = state.Ticks[i];
                writer.Varint((ulong)(tick.Tick - before));
                WideIntegers.WriteVarint(writer, WideIntegers.ZigZag(tick.Net));
                before = tick.Tick;
            }

            writer.End(ticks);
        }

        writer.Int(8, (state as WhirlpoolState)?.TickSpacing ?? 0);
        writer.Bool(9, state.CurveSpansAllTicks);
    }

    public static ConcentratedState? Read(ref ProtoReader outer, bool isWhirlpool)
    {
        var reader = new ProtoReader(outer.Bytes());
        UInt128 price = default, liquidity = default;
        int tick = 0, rate = 0, first = 0, last = 0, spacing = 0;
        var spansAll = false;
        ReadOnlySpan<byte> ticks = default;
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: price = WideIntegers.Read(ref reader); break;
                case 2: tick = WideIntegers.ReadZigZag(ref reader); break;
                case 3: liquidity = WideIntegers.Read(ref reader); break;
                case 4: rate = reader.Int32(); break;
                case 5: first = WideIntegers.ReadZigZag(ref reader); break;
                case 6: last = WideIntegers.ReadZigZag(ref reader); break;
                case 7: ticks = reader.Bytes(); break;
                case 8: spacing = reader.Int32(); break;
                case 9: spansAll = reader.UInt() != 0; break;
                default: break;
            }
        }

        if (reader.Faulty || rate < 0 || spacing is < 0 or > ushort.MaxValue || !TryTicks(ticks, first, last, isWhirlpool, out var range))
        {
            outer.Fail();
            return null;
        }

        return isWhirlpool
            ? new WhirlpoolState
            {
                SqrtPrice = price,
                Tick = tick,
                Liquidity = liquidity,
                FeeRate = (uint)rate,
                Ticks = range!,
                TickSpacing = (ushort)spacing,
                CurveSpansAllTicks = spansAll,
            }
            : new RaydiumClmmState
            {
                SqrtPrice = price,
                Tick = tick,
                Liquidity = liquidity,
                FeeRate = (uint)rate,
                Ticks = range!,
                CurveSpansAllTicks = spansAll,
            };
    }

    public static void Write(ProtoWriter writer, DammV2State state)
    {
        WideIntegers.Write(writer, 1, state.SqrtPrice);
        WideIntegers.Write(writer, 2, state.SqrtPriceMin);
        WideIntegers.Write(writer, 3, state.SqrtPriceMax);
        WideIntegers.Write(writer, 4, state.Liquidity);
        writer.UInt(5, state.FeeNumerator);
        writer.Bool(6, state.FeeOnlyB);
        writer.Bool(7, state.FeeFollowsVolatility);
        writer.Bool(8, state.IsFeeUnknown);
    }

    public static DammV2State ReadDammV2(ref ProtoReader outer)
    {
        var reader = new ProtoReader(outer.Bytes());
        UInt128 price = default, low = default, high = default, liquidity = default;
        ulong fee = 0;
        bool onlyB = false, follows = false, unknown = false;
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: price = WideIntegers.Read(ref reader); break;
                case 2: low = WideIntegers.Read(ref reader); break;
                case 3: high = WideIntegers.Read(ref reader); break;
                case 4: liquidity = WideIntegers.Read(ref reader); break;
                case 5: fee = reader.UInt(); break;
                case 6: onlyB = reader.UInt() != 0; break;
                case 7: follows = reader.UInt() != 0; break;
                case 8: unknown = reader.UInt() != 0; break;
                default: break;
            }
        }

        if (reader.Faulty)
            outer.Fail();
        return new DammV2State
        {
            SqrtPrice = price,
            SqrtPriceMin = low,
            SqrtPriceMax = high,
            Liquidity = liquidity,
            FeeNumerator = fee,
            FeeOnlyB = onlyB,
            FeeFollowsVolatility = follows,
            IsFeeUnknown = unknown,
        };
    }

    private static bool TryTicks(ReadOnlySpan<byte> bytes, int first, int last, bool isWhirlpool, out TickRange? range)
    {
        range = null;
        var ticks = new List<TickLiquidity>();
        long before = first;
        var reader = new ProtoReader(bytes);
        while (reader.NextPacked(out var distance))
        {
            if (!WideIntegers.TryReadVarint(ref reader, out var net) || ticks.Count == VenueState.LiquidityEntriesMax
                || distance > uint.MaxValue || (distance == 0 && ticks.Count > 0))
                return false;
            before += (long)distance;
            // Of both programs; an initialised tick outside what is known would be no fact.
            if (before > Math.Min(last, OrcaTicks.TickMax) || before < -OrcaTicks.TickMax)
                return false;
            ticks.Add(new TickLiquidity((int)before, WideIntegers.UnZigZag(net)));
        }

        if (reader.Faulty)
            return false;
        range = new TickRange([.. ticks], isWhirlpool ? OrcaTicks.SqrtPriceAt : RaydiumTicks.SqrtPriceAt, first, last);
        return true;
    }
}
