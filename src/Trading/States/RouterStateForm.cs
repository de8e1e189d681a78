using System.Collections.Immutable;
using QTrade.Markets;
using QTrade.Messages.Execution;
using QTrade.Messages.Routing;
using QTrade.Messages.Wire;
using QTrade.Trading.Routing;

namespace QTrade.Trading.States;

/// <summary>What survives of the router.</summary>
internal static class RouterStateForm
{
    public static void Write(RouterState state, ProtoWriter writer)
    {
        writer.Int(1, state.Epoch);
        writer.Int(2, state.Number);
        if (state.LastHandOut is { } last)
            RoutingStateParts.WriteCut(writer, 3, last);
        foreach (var (id, undecided) in state.Undecided)
            RoutingStateParts.WriteUndecided(writer, 4, id, undecided);
        foreach (var (_, open) in state.Open)
            RoutingStateParts.WriteOpen(writer, 5, open);
        if (state.LastDecision is { } decision)
            RoutingStateParts.WriteDecision(writer, 6, decision);
        foreach (var (pool, withheld) in state.Withheld.OrderBy(entry => entry.Key))
            RoutingStateParts.WriteWithheld(writer, 7, pool, withheld);
        LedgerForm.Write(writer, 8, state.Snapshots, state.Snapshots.InFlight.Order(), Fields.Write);
        LedgerForm.Write(
            writer, 9, state.Routes, state.Routes.InFlight.OrderBy(trade => trade.Value, StringComparer.Ordinal),
            static (writer, field, trade) => writer.OptionalText(field, trade.Value));
        TallyForm.Write(writer, 10, state.Reasons);
        writer.Double(11, state.Profit);
        writer.Int(12, state.TapeCut);
        writer.Text(13, state.Tape);
    }

    public static RouterState? Read(ref ProtoReader reader)
    {
        var state = RouterState.Initial;
        var undecided = ImmutableSortedDictionary.CreateBuilder<SnapshotId, UndecidedSnapshot>();
        var open = ImmutableSortedDictionary.CreateBuilder<SnapshotId, OpenSolution>();
        var withheld = ImmutableDictionary.CreateBuilder<PoolId, WithheldPool>();
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: state = state with { Epoch = reader.Int() }; break;
                case 2: state = state with { Number = reader.Int() }; break;
                case 3: state = state with { LastHandOut = RoutingStateParts.ReadCut(ref reader) }; break;
                case 4: RoutingStateParts.ReadUndecided(ref reader, undecided); break;
                case 5: RoutingStateParts.ReadOpen(ref reader, open); break;
                case 6: state = state with { LastDecision = RoutingStateParts.ReadDecision(ref reader) }; break;
                case 7: RoutingStateParts.ReadWithheld(ref reader, withheld); break;
                case 8: state = state with { Snapshots = LedgerForm.Read(ref reader, Fields.ReadSnapshotId) }; break;
                case 9: state = state with { Routes = LedgerForm.Read(ref reader, ReadTradeId) }; break;
                case 10: state = state with { Reasons = TallyForm.Read(ref reader) }; break;
                case 11: state = state with { Profit = reader.Double() }; break;
                case 12: state = state with { TapeCut = reader.Int() }; break;
                case 13: state = state with { Tape = reader.Text() }; break;
                default: break;
            }
        }

        return state with { Undecided = undecided.ToImmutable(), Open = open.ToImmutable(), Withheld = withheld.ToImmutable() };
    }

    private static TradeId ReadTradeId(ref ProtoReader reader) => new(reader.Text());
}
