using System.Collections.Immutable;
using QTrade.Messages.Wire;
using QTrade.Trading.Cluster;

namespace QTrade.Trading.States;

/// <summary>What survives of the shared loss limit.</summary>
internal static class RiskStateForm
{
    public static void Write(RiskState state, ProtoWriter writer)
    {
        writer.Int(1, state.Generation);
        writer.Double(2, state.LossMax);
        writer.Double(3, state.Lost);
        foreach (var (_, slice) in state.Slices)
        {
            var mark = writer.Begin(4);
            writer.Text(1, slice.Executor);
            writer.Int(2, slice.Number);
            writer.Double(3, slice.LossMax);
            writer.Double(4, slice.Loss);
            writer.Time(5, slice.Until);
            writer.End(mark);
        }

        Write(writer, 5, state.LostBy);
        Write(writer, 6, state.Outside);
        writer.Bool(7, state.IsOrdered);
        writer.Time(8, state.OrderedAt);
        if (state.ResetAt is { } reset)
            writer.Time(9, reset);
    }

    public static RiskState? Read(ref ProtoReader reader)
    {
        var state = RiskState.Initial with { Generation = 0 };
        var slices = state.Slices.ToBuilder();
        ImmutableDictionary<string, double>.Builder lostBy = state.LostBy.ToBuilder(), outside = state.Outside.ToBuilder();
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: state = state with { Generation = reader.Int() }; break;
                case 2: state = state with { LossMax = reader.Double() }; break;
                case 3: state = state with { Lost = reader.Double() }; break;
                case 4:
                    var slice = ReadSlice(ref reader);
                    slices[(slice.Executor, slice.Number)] = slice;
                    break;
                case 5: Read(ref reader, lostBy); break;
                case 6: Read(ref reader, outside); break;
                case 7: state = state with { IsOrdered = reader.UInt() != 0 }; break;
                case 8: state = state with { OrderedAt = reader.Time() }; break;
                case 9: state = state with { ResetAt = reader.Time() }; break;
                default: break;
            }
        }

        return state.Generation < 1 ? null
            : state with { Slices = slices.ToImmutable(), LostBy = lostBy.ToImmutable(), Outside = outside.ToImmutable() };
    }

    private static void Write(ProtoWriter writer, int field, ImmutableDictionary<string, double> losses)
    {
        foreach (var (whose, loss) in losses.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            var mark = writer.Begin(field);
            writer.Text(1, whose);
            writer.Double(2, loss);
            writer.End(mark);
        }
    }

    private static RiskSlice ReadSlice(ref ProtoReader outer)
    {
        var reader = new ProtoReader(outer.Bytes());
        var slice = new RiskSlice("", 0, 0, 0, default);
        while (reader.Next())
        {
            slice = reader.Field switch
            {
                1 => slice with { Executor = reader.Text() },
                2 => slice with { Number = reader.Int() },
                3 => slice with { LossMax = reader.Double() },
                4 => slice with { Loss = reader.Double() },
                5 => slice with { Until = reader.Time() },
                _ => slice,
            };
        }

        if (reader.Faulty)
            outer.Fail();
        return slice;
    }

    private static void Read(ref ProtoReader outer, ImmutableDictionary<string, double>.Builder losses)
    {
        var reader = new ProtoReader(outer.Bytes());
        var whose = "";
        double loss = 0;
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: whose = reader.Text(); break;
                case 2: loss = reader.Double(); break;
                default: break;
            }
        }

        if (reader.Faulty)
            outer.Fail();
        losses[whose] = loss;
    }
}
