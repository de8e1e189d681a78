using System.Collections.Immutable;
using QTrade.Markets;
using QTrade.Messages.Execution;
using QTrade.Messages.Routing;
using QTrade.Messages.Wire;
using QTrade.Trading.Routing;

namespace QTrade.Trading.States;

/// <summary>The parts of the router's state, each one field.</summary>
internal static class RoutingStateParts
{
    public static void WriteCut(ProtoWriter writer, int field, HandedOutCut last)
    {
        var mark = writer.Begin(field);
        Fields.Write(writer, 1, last.SnapshotId);
        var cut = writer.Begin(2);
        CutForm.Write(new SnapshotCut(null, last.Pools, last.Tokens, [], []), writer);
        writer.End(cut);
        writer.Time(3, last.At);
        writer.End(mark);
    }

    public static HandedOutCut ReadCut(ref ProtoReader outer)
    {
        var reader = new ProtoReader(outer.Bytes());
        SnapshotId id = default;
        SnapshotCut? cut = null;
        DateTimeOffset at = default;
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: id = Fields.ReadSnapshotId(ref reader); break;
                case 2: cut = CutForm.Read(ref reader); break;
                case 3: at = reader.Time(); break;
                default: break;
            }
        }

        if (reader.Faulty || cut is null)
            outer.Fail();
        return new HandedOutCut(id, cut?.Pools ?? [], cut?.Tokens ?? [], at);
    }

    public static void WriteUndecided(ProtoWriter writer, int field, SnapshotId id, UndecidedSnapshot undecided)
    {
        var mark = writer.Begin(field);
        Fields.Write(writer, 1, id);
        writer.UInt(2, undecided.Slot);
        WriteTokens(writer, 3, undecided.Tokens);
        writer.Time(4, undecided.At);
        writer.Int(5, undecided.TapeCut);
        writer.End(mark);
    }

    public static void ReadUndecided(ref ProtoReader outer, ImmutableSortedDictionary<SnapshotId, UndecidedSnapshot>.Builder undecided)
    {
        var reader = new ProtoReader(outer.Bytes());
        SnapshotId id = default;
        ulong slot = 0;
        var tokens = ImmutableArray.CreateBuilder<TokenId>();
        DateTimeOffset at = default;
        long tapeCut = 0;
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: id = Fields.ReadSnapshotId(ref reader); break;
                case 2: slot = reader.UInt(); break;
                case 3: tokens.Add(new TokenId(reader.Text())); break;
                case 4: at = reader.Time(); break;
                case 5: tapeCut = reader.Int(); break;
                default: break;
            }
        }

        if (reader.Faulty)
            outer.Fail();
        undecided[id] = new UndecidedSnapshot(slot, tokens.DrainToImmutable(), at, tapeCut);
    }

    public static void WriteOpen(ProtoWriter writer, int field, OpenSolution open)
    {
        var mark = writer.Begin(field);
        Fields.Write(writer, 1, open.SnapshotId);
        Fields.Write(writer, 2, open.Routes, RouteForm.Write);
        foreach (var (_, outcome) in open.Outcomes)
            OutcomeForm.Write(writer, 3, outcome);
        writer.UInt(4, open.ExpirySlot);
        writer.Time(5, open.At);
        writer.End(mark);
    }

    public static void ReadOpen(ref ProtoReader outer, ImmutableSortedDictionary<SnapshotId, OpenSolution>.Builder open)
    {
        var reader = new ProtoReader(outer.Bytes());
        SnapshotId id = default;
        var routes = ImmutableArray.CreateBuilder<Route>();
        var outcomes = ImmutableSortedDictionary.CreateBuilder<int, TradeOutcome>();
        ulong expirySlot = 0;
        DateTimeOffset at = default;
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: id = Fields.ReadSnapshotId(ref reader); break;
                case 2: routes.Add(RouteForm.Read(ref reader)); break;
                case 3: ReadOutcome(ref reader, outcomes); break;
                case 4: expirySlot = reader.UInt(); break;
                case 5: at = reader.Time(); break;
                default: break;
            }
        }

        if (reader.Faulty)
            outer.Fail();
        open[id] = new OpenSolution(id, routes.DrainToImmutable(), outcomes.ToImmutable(), expirySlot, at);
    }

    public static void WriteDecision(ProtoWriter writer, int field, LastDecision decision)
    {
        var mark = writer.Begin(field);
        Fields.Write(writer, 1, decision.SnapshotId);
        WriteTokens(writer, 2, decision.Tokens);
        var result = writer.Begin(3);
        ResultForm.Write(decision.Result, writer);
        writer.End(result);
        writer.End(mark);
    }

    public static LastDecision? ReadDecision(ref ProtoReader outer)
    {
        var reader = new ProtoReader(outer.Bytes());
        SnapshotId id = default;
        var tokens = ImmutableArray.CreateBuilder<TokenId>();
        MarketResult? result = null;
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: id = Fields.ReadSnapshotId(ref reader); break;
                case 2: tokens.Add(new TokenId(reader.Text())); break;
                case 3: result = ResultForm.Read(ref reader); break;
                default: break;
            }
        }

        if (reader.Faulty || result is null)
            outer.Fail();
        return result is null ? null : new LastDecision(id, tokens.DrainToImmutable(), result);
    }

    public static void WriteWithheld(ProtoWriter writer, int field, PoolId pool, WithheldPool withheld)
    {
        var mark = writer.Begin(field);
        writer.Text(1, pool.Value);
        foreach (var trade in withheld.Live.OrderBy(trade => trade.Value, StringComparer.Ordinal))
            writer.OptionalText(2, trade.Value);
        if (withheld.After is { } after)
            Positions.Write(writer, 3, 4, after);
        writer.End(mark);
    }

    public static void ReadWithheld(ref ProtoReader outer, ImmutableDictionary<PoolId, WithheldPool>.Builder withheld)
    {
        var reader = new ProtoReader(outer.Bytes());
        var pool = "";
        var live = ImmutableHashSet.CreateBuilder<TradeId>();
        ReadOnlySpan<byte> slots = default, versions = default;
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: pool = reader.Text(); break;
                case 2: live.Add(new TradeId(reader.Text())); break;
                case 3: slots = reader.Bytes(); break;
                case 4: versions = reader.Bytes(); break;
                default: break;
            }
        }

        var after = Positions.Read(ref reader, slots, versions);
        if (reader.Faulty)
            outer.Fail();
        withheld[new PoolId(pool)] = new WithheldPool(live.ToImmutable(), after.Count == 0 ? null : after);
    }

    private static void ReadOutcome(ref ProtoReader outer, ImmutableSortedDictionary<int, TradeOutcome>.Builder outcomes)
    {
        var reader = new ProtoReader(outer.Bytes());
        var outcome = OutcomeForm.Read(ref reader);
        if (reader.Faulty || outcome is null)
            outer.Fail();
        else
            outcomes[outcome.RouteIndex] = outcome;
    }

    private static void WriteTokens(ProtoWriter writer, int field, ImmutableArray<TokenId> tokens)
    {
        foreach (var token in tokens)
            writer.OptionalText(field, token.Value);
    }
}
