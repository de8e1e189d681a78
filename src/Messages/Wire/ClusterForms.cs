using System.Collections.Immutable;
using QTrade.Markets;
using QTrade.Markets.Files;
using QTrade.Markets.Venues;
using QTrade.Messages.Cluster;
using QTrade.Messages.Execution;
using QTrade.Messages.Routing;

namespace QTrade.Messages.Wire;

/// <summary>Wire forms of what nodes tell each other.</summary>
internal static class ClusterForms
{
    private const int WithTokenFees = 2;
    private const int WithVenue = 3;
    private const int WithStartTrades = 4;

    public static ImmutableArray<WireForm> All { get; } =
    [
        new WireForm<NodeAnnouncement>("cluster.node-announcement", 1, Write, ReadAnnouncement),
        new WireForm<ControlHeartbeat>("cluster.control-heartbeat", 1, Write, ReadHeartbeat),
        new WireForm<OfferSnapshot>("optimizer.offer-snapshot", WithStartTrades, Write, ReadOffer, VersionOf),
        new WireForm<GetWholeSnapshot>("optimizer.get-whole-snapshot", 1, Write, ReadGetWhole),
    ];

    private static int VersionOf(OfferSnapshot offer) =>
        !offer.StartTrades.IsEmpty ? WithStartTrades
        : offer.Changes.Pools.Any(pool => pool.Venue is not null) ? WithVenue
        : offer.Changes.Pools.Any(pool => pool.HasTokenFees) ? WithTokenFees
        : 1;

    private static void Write(NodeAnnouncement node, ProtoWriter writer)
    {
        writer.Text(1, node.Node);
        writer.Int(2, node.Incarnation);
        writer.Int(3, node.Number);
        writer.Int(4, (int)node.Roles);
        writer.Text(5, node.Version);
        writer.UInt(6, node.Held.Bits);
        writer.UInt(7, node.Released.Bits);
        writer.Double(8, node.Load);
        writer.Text(9, node.AdminAddress);
        writer.Bool(10, node.IsLeaving);
        writer.Int(11, (int)node.Acting);
        writer.Text(12, node.Feed);
    }

    private static NodeAnnouncement ReadAnnouncement(ref ProtoReader reader)
    {
        string name = "", version = "", address = "", feed = "";
        long incarnation = 0, number = 0;
        NodeRoles roles = NodeRoles.None, acting = NodeRoles.None;
        ShardSet held = default, released = default;
        double load = 0;
        var leaving = false;
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: name = reader.Text(); break;
                case 2: incarnation = reader.Int(); break;
                case 3: number = reader.Int(); break;
                case 4: roles = (NodeRoles)reader.Int32(); break;
                case 5: version = reader.Text(); break;
                case 6: held = new ShardSet(reader.UInt()); break;
                case 7: released = new ShardSet(reader.UInt()); break;
                case 8: load = reader.Double(); break;
                case 9: address = reader.Text(); break;
                case 10: leaving = reader.UInt() != 0; break;
                case 11: acting = (NodeRoles)reader.Int32(); break;
                case 12: feed = reader.Text(); break;
                default: break;
            }
        }

        return new NodeAnnouncement(name, incarnation, number, roles, version, held, released, load, address, leaving) { Acting = acting, Feed = feed };
    }

    private static void Write(ControlHeartbeat heartbeat, ProtoWriter writer)
    {
        writer.Int(1, heartbeat.Epoch);
        writer.Int(2, heartbeat.Number);
        writer.Int(3, (int)heartbeat.State);
        writer.Int(4, (int)heartbeat.Reason);
        writer.Text(5, heartbeat.Detail);
        ExecutionForms.Write(writer, 6, heartbeat.Limits);
        writer.Int(7, heartbeat.RiskGeneration);
        Fields.Write(writer, 8, heartbeat.By);
        if (heartbeat.Refused is not { } refused)
            return;
        var mark = writer.Begin(9);
        writer.Time(1, refused.At);
        Fields.Write(writer, 2, refused.By);
        writer.Text(3, refused.Why);
        writer.End(mark);
    }

    private static ControlHeartbeat? ReadHeartbeat(ref ProtoReader reader)
    {
        long epoch = 0, number = 0, generation = 0;
        TradingState? state = null;
        var reason = ReasonCode.None;
        var detail = "";
        RiskLimits? limits = null;
        Operator? by = null;
        RefusedOrder? refused = null;
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: epoch = reader.Int(); break;
                case 2: number = reader.Int(); break;
                case 3: state = Fields.ReadEnum<TradingState>(ref reader); break;
                case 4: reason = Fields.ReadReason(ref reader); break;
                case 5: detail = reader.Text(); break;
                case 6: limits = ExecutionForms.ReadLimits(ref reader); break;
                case 7: generation = reader.Int(); break;
                case 8: by = Fields.ReadOperator(ref reader); break;
                case 9: refused = ReadRefused(ref reader); break;
                default: break;
            }
        }

        return state is not { } told || limits is null
            ? null
            : new ControlHeartbeat(epoch, number, told, reason, detail, limits, generation) { By = by, Refused = refused };
    }

    private static RefusedOrder ReadRefused(ref ProtoReader outer)
    {
        var reader = new ProtoReader(outer.Bytes());
        DateTimeOffset at = default;
        Operator? by = null;
        var why = "";
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: at = reader.Time(); break;
                case 2: by = Fields.ReadOperator(ref reader); break;
                case 3: why = reader.Text(); break;
                default: break;
            }
        }

        if (reader.Faulty)
            outer.Fail();
        return new RefusedOrder(at, by, why);
    }

    private static void Write(OfferSnapshot offer, ProtoWriter writer)
    {
        Fields.Write(writer, 1, offer.SnapshotId);
        if (offer.Base is { } earlier)
            Fields.Write(writer, 2, earlier);
        writer.Bytes(3, MarketFile.Write(offer.Changes));
        foreach (var pool in offer.RemovedPools)
            writer.OptionalText(4, pool.Value);
        foreach (var token in offer.RemovedTokens)
            writer.OptionalText(5, token.Value);
        writer.Text(6, offer.MarketHash);
        writer.Doubles(7, offer.StartPrices);
        CutForm.WriteOptions(writer, 8, offer.Options);
        writer.Int(9, offer.Lease.Ticks);
        RoutingForms.WriteVenues(writer, 10, offer.Changes);
        Fields.Write(writer, 11, offer.StartTrades, ResultForm.Write);
    }

    private static OfferSnapshot? ReadOffer(ref ProtoReader reader)
    {
        SnapshotId id = default;
        SnapshotId? earlier = null;
        Market? changes = null;
        var removedPools = ImmutableArray.CreateBuilder<PoolId>();
        var removedTokens = ImmutableArray.CreateBuilder<TokenId>();
        var hash = "";
        ImmutableArray<double> prices = [];
        SolveOptions? options = null;
        long lease = 0;
        var venues = new List<(int Pool, VenueState? Venue)>();
        var trades = ImmutableArray.CreateBuilder<PoolTrade>();
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: id = Fields.ReadSnapshotId(ref reader); break;
                case 2: earlier = Fields.ReadSnapshotId(ref reader); break;
                case 3: changes = RegistryForms.ReadMarket(ref reader); break;
                case 4: removedPools.Add(new PoolId(reader.Text())); break;
                case 5: removedTokens.Add(new TokenId(reader.Text())); break;
                case 6: hash = reader.Text(); break;
                case 7: prices = reader.Doubles(); break;
                case 8: options = CutForm.ReadOptions(ref reader); break;
                case 9: lease = reader.Int(); break;
                case 10: venues.Add(RoutingForms.ReadVenue(ref reader)); break;
                case 11: trades.Add(ResultForm.ReadTrade(ref reader)); break;
                default: break;
            }
        }

        return changes is null || options is null || !RoutingForms.TryPut(venues, ref changes) ? null : new OfferSnapshot(
            id, earlier, changes, removedPools.DrainToImmutable(), removedTokens.DrainToImmutable(), hash, prices, options, new TimeSpan(lease))
        {
            StartTrades = trades.DrainToImmutable(),
        };
    }

    private static void Write(GetWholeSnapshot get, ProtoWriter writer)
    {
        writer.Text(1, get.Optimizer);
        Fields.Write(writer, 2, get.SnapshotId);
    }

    private static GetWholeSnapshot ReadGetWhole(ref ProtoReader reader)
    {
        var optimizer = "";
        SnapshotId id = default;
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: optimizer = reader.Text(); break;
                case 2: id = Fields.ReadSnapshotId(ref reader); break;
                default: break;
            }
        }

        return new GetWholeSnapshot(optimizer, id);
    }
}
