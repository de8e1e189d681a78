using System.Collections.Immutable;
using QTrade.Markets;
using QTrade.Markets.Files;
using QTrade.Markets.Venues;
using QTrade.Messages.Routing;

namespace QTrade.Messages.Wire;

/// <summary>Wire forms of what router and optimizers say and keep.</summary>
internal static class RoutingForms
{
    private const int WithVenue = 2;
    private const int WithTokenFees = 3;
    private const int WithStartTrades = 4;
    private const int StartingWithTrades = 2;
    private const int OfTheTape = 3;

    public static ImmutableArray<WireForm> All { get; } =
    [
        new WireForm<SlotObserved>("chain.slot-observed", 1, Write, ReadSlot),
        new WireForm<OptimizerReady>("optimizer.ready", 1, Write, ReadReady),
        new WireForm<SolveSnapshot>("optimizer.solve-snapshot", WithStartTrades, Write, ReadSolve, VersionOf),
        new WireForm<SnapshotSolved>("optimizer.snapshot-solved", 1, Write, ReadSolved),
        new WireForm<SnapshotFailed>("optimizer.snapshot-failed", 1, Write, ReadFailed),
        new WireForm<EpochStarted>("router.epoch-started", 1, Write, ReadEpoch),
        new WireForm<SnapshotHandedOut>("router.snapshot-handed-out", OfTheTape, Write, ReadHandedOut, VersionOf),
        new WireForm<Decided>("router.decided", 1, Write, ReadDecided),
        new WireForm<RouteEnded>("router.route-ended", 1, (ended, writer) => OutcomeForm.Write(writer, 1, ended.Outcome), ReadRouteEnded),
        new WireForm<SnapshotEnded>("router.snapshot-ended", 1, Write, ReadEnded),
    ];

    private static int VersionOf(SolveSnapshot solve) =>
        !solve.StartTrades.IsEmpty ? WithStartTrades : solve.Market.Pools.Any(pool => pool.HasTokenFees) ? WithTokenFees : solve.Market.Pools.Any(pool => pool.Venue is not null) ? WithVenue : 1;

    private static int VersionOf(SnapshotHandedOut handedOut) => handedOut.TapeCut > 0 ? OfTheTape : handedOut.StartsWithTrades ? StartingWithTrades : 1;

    private static void Write(SlotObserved observed, ProtoWriter writer)
    {
        writer.UInt(1, observed.Slot);
        writer.Int(2, observed.Term);
    }

    private static SlotObserved ReadSlot(ref ProtoReader reader)
    {
        ulong slot = 0;
        long term = 0;
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: slot = reader.UInt(); break;
                case 2: term = reader.Int(); break;
                default: break;
            }
        }

        return new SlotObserved(slot) { Term = term };
    }

    private static void Write(OptimizerReady ready, ProtoWriter writer)
    {
        writer.Text(1, ready.Optimizer);
        writer.Bool(2, ready.TakesOffers);
    }

    private static OptimizerReady ReadReady(ref ProtoReader reader)
    {
        var optimizer = "";
        var takesOffers = false;
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: optimizer = reader.Text(); break;
                case 2: takesOffers = reader.UInt() != 0; break;
                default: break;
            }
        }

        return new OptimizerReady(optimizer) { TakesOffers = takesOffers };
    }

    private static void Write(SolveSnapshot solve, ProtoWriter writer)
    {
        Fields.Write(writer, 1, solve.SnapshotId);
        writer.Bytes(2, MarketFile.Write(solve.Market));
        writer.Text(3, solve.MarketHash);
        writer.Doubles(4, solve.StartPrices);
        CutForm.WriteOptions(writer, 5, solve.Options);
        WriteVenues(writer, 6, solve.Market);
        Fields.Write(writer, 7, solve.StartTrades, ResultForm.Write);
    }

    /// <summary>The integer states of a market's pools, which its file does not hold, by the pools' places.</summary>
    internal static void WriteVenues(ProtoWriter writer, int field, Market market)
    {
        for (var pool = 0; pool < market.Pools.Length; pool++)
        {
            if (market.Pools[pool].Venue is not { } venue)
                continue;
            var mark = writer.Begin(field);
            writer.Int(1, pool);
            VenueForm.Write(writer, 2, venue);
            writer.End(mark);
        }
    }

    private static SolveSnapshot? ReadSolve(ref ProtoReader reader)
    {
        SnapshotId id = default;
        Market? market = null;
        var hash = "";
        ImmutableArray<double> prices = [];
        SolveOptions? options = null;
        var venues = new List<(int Pool, VenueState? Venue)>();
        var trades = ImmutableArray.CreateBuilder<PoolTrade>();
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: id = Fields.ReadSnapshotId(ref reader); break;
                case 2: market = RegistryForms.ReadMarket(ref reader); break;
                case 3: hash = reader.Text(); break;
                case 4: prices = reader.Doubles(); break;
                case 5: options = CutForm.ReadOptions(ref reader); break;
                case 6: venues.Add(ReadVenue(ref reader)); break;
                case 7: trades.Add(ResultForm.ReadTrade(ref reader)); break;
                default: break;
            }
        }

        return market is null || options is null || !TryPut(venues, ref market)
            ? null
            : new SolveSnapshot(id, market, hash, prices, options) { StartTrades = trades.DrainToImmutable() };
    }

    internal static (int Pool, VenueState? Venue) ReadVenue(ref ProtoReader outer)
    {
        var reader = new ProtoReader(outer.Bytes());
        var pool = 0;
        VenueState? venue = null;
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: pool = reader.Int32(); break;
                case 2: venue = VenueForm.Read(ref reader); break;
                default: break;
            }
        }

        if (reader.Faulty)
            outer.Fail();
        return (pool, venue);
    }

    /// <summary>Puts integer states into their pools; false where a place or a state is none.</summary>
    internal static bool TryPut(List<(int Pool, VenueState? Venue)> venues, ref Market market)
    {
        if (venues.Count == 0)
            return true;
        var pools = market.Pools.ToBuilder();
        foreach (var (pool, venue) in venues)
        {
            if (pool < 0 || pool >= pools.Count || venue is null)
                return false;
            pools[pool] = pools[pool] with { Venue = venue };
        }

        market = market with { Pools = pools.MoveToImmutable() };
        return true;
    }

    private static void Write(SnapshotSolved solved, ProtoWriter writer)
    {
        Fields.Write(writer, 1, solved.SnapshotId);
        var result = writer.Begin(2);
        ResultForm.Write(solved.Result, writer);
        writer.End(result);
        Fields.Write(writer, 3, solved.Routes, RouteForm.Write);
        writer.Int(4, (int)solved.Unrouted);
    }

    private static SnapshotSolved? ReadSolved(ref ProtoReader reader)
    {
        SnapshotId id = default;
        MarketResult? result = null;
        var routes = ImmutableArray.CreateBuilder<Route>();
        var unrouted = ReasonCode.None;
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: id = Fields.ReadSnapshotId(ref reader); break;
                case 2: result = ResultForm.Read(ref reader); break;
                case 3: routes.Add(RouteForm.Read(ref reader)); break;
                case 4: unrouted = Fields.ReadReason(ref reader); break;
                default: break;
            }
        }

        return result is null ? null : new SnapshotSolved(id, result, routes.DrainToImmutable(), unrouted);
    }

    private static void Write(SnapshotFailed failed, ProtoWriter writer)
    {
        Fields.Write(writer, 1, failed.SnapshotId);
        writer.Int(2, (int)failed.Reason);
        writer.Text(3, failed.Detail);
    }

    private static SnapshotFailed ReadFailed(ref ProtoReader reader)
    {
        SnapshotId id = default;
        var reason = ReasonCode.None;
        var detail = "";
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: id = Fields.ReadSnapshotId(ref reader); break;
                case 2: reason = Fields.ReadReason(ref reader); break;
                case 3: detail = reader.Text(); break;
                default: break;
            }
        }

        return new SnapshotFailed(id, reason, detail);
    }

    private static void Write(EpochStarted started, ProtoWriter writer)
    {
        writer.Int(1, started.Epoch);
        writer.Time(2, started.At);
        writer.Int(3, (int)started.Units);
    }

    private static EpochStarted ReadEpoch(ref ProtoReader reader)
    {
        long epoch = 0;
        DateTimeOffset at = default;
        AmountUnit units = default;
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: epoch = reader.Int(); break;
                case 2: at = reader.Time(); break;
                case 3: units = (AmountUnit)reader.Int32(); break;
                default: break;
            }
        }

        return new EpochStarted(epoch, at, units);
    }

    private static void Write(SnapshotHandedOut handedOut, ProtoWriter writer)
    {
        Fields.Write(writer, 1, handedOut.SnapshotId);
        writer.UInt(2, handedOut.Slot);
        var cut = writer.Begin(3);
        CutForm.Write(handedOut.Cut, writer);
        writer.End(cut);
        writer.Text(4, handedOut.MarketHash);
        if (handedOut.Start is { } start)
            Fields.Write(writer, 5, start);
        CutForm.WriteOptions(writer, 6, handedOut.Options);
        writer.Int(7, handedOut.Skipped);
        writer.Time(8, handedOut.At);
        writer.Bool(9, handedOut.StartsWithTrades);
        writer.Int(10, handedOut.TapeCut);
        writer.Text(11, handedOut.Tape);
    }

    private static SnapshotHandedOut? ReadHandedOut(ref ProtoReader reader)
    {
        SnapshotId id = default;
        SnapshotId? start = null;
        SnapshotCut? cut = null;
        SolveOptions? options = null;
        var hash = "";
        ulong slot = 0;
        long skipped = 0;
        DateTimeOffset at = default;
        var startsWithTrades = false;
        long tapeCut = 0;
        var tape = "";
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: id = Fields.ReadSnapshotId(ref reader); break;
                case 2: slot = reader.UInt(); break;
                case 3: cut = CutForm.Read(ref reader); break;
                case 4: hash = reader.Text(); break;
                case 5: start = Fields.ReadSnapshotId(ref reader); break;
                case 6: options = CutForm.ReadOptions(ref reader); break;
                case 7: skipped = reader.Int(); break;
                case 8: at = reader.Time(); break;
                case 9: startsWithTrades = reader.UInt() != 0; break;
                case 10: tapeCut = reader.Int(); break;
                case 11: tape = reader.Text(); break;
                default: break;
            }
        }

        return cut is null || options is null
            ? null
            : new SnapshotHandedOut(id, slot, cut, hash, start, options, skipped, at) { StartsWithTrades = startsWithTrades, TapeCut = tapeCut, Tape = tape };
    }

    private static void Write(Decided decided, ProtoWriter writer)
    {
        Fields.Write(writer, 1, decided.SnapshotId);
        var result = writer.Begin(2);
        ResultForm.Write(decided.Result, writer);
        writer.End(result);
        Fields.Write(writer, 3, decided.Routes, RouteForm.Write);
        writer.UInt(4, decided.ExpirySlot);
        writer.Time(5, decided.At);
    }

    private static Decided? ReadDecided(ref ProtoReader reader)
    {
        SnapshotId id = default;
        MarketResult? result = null;
        var routes = ImmutableArray.CreateBuilder<Route>();
        ulong expirySlot = 0;
        DateTimeOffset at = default;
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: id = Fields.ReadSnapshotId(ref reader); break;
                case 2: result = ResultForm.Read(ref reader); break;
                case 3: routes.Add(RouteForm.Read(ref reader)); break;
                case 4: expirySlot = reader.UInt(); break;
                case 5: at = reader.Time(); break;
                default: break;
            }
        }

        return result is null ? null : new Decided(id, result, routes.DrainToImmutable(), expirySlot, at);
    }

    private static RouteEnded? ReadRouteEnded(ref ProtoReader reader) =>
        OutcomeForm.ReadOnly(ref reader) is { } outcome ? new RouteEnded(outcome) : null;

    private static void Write(SnapshotEnded ended, ProtoWriter writer)
    {
        Fields.Write(writer, 1, ended.SnapshotId);
        writer.Int(2, (int)ended.Ending);
        writer.Int(3, (int)ended.Reason);
        writer.Text(4, ended.Detail);
        writer.Time(5, ended.At);
    }

    private static SnapshotEnded? ReadEnded(ref ProtoReader reader)
    {
        SnapshotId id = default;
        Ending? ending = null;
        var reason = ReasonCode.None;
        var detail = "";
        DateTimeOffset at = default;
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: id = Fields.ReadSnapshotId(ref reader); break;
                case 2: ending = Fields.ReadEnum<Ending>(ref reader); break;
                case 3: reason = Fields.ReadReason(ref reader); break;
                case 4: detail = reader.Text(); break;
                case 5: at = reader.Time(); break;
                default: break;
            }
        }

        return ending is { } known ? new SnapshotEnded(id, known, reason, detail, at) : null;
    }
}
