using System.Collections.Immutable;
using QTrade.Markets;
using QTrade.Messages.Routing;

namespace QTrade.Messages.Wire;

/// <summary>A cut, and what a decision may spend.</summary>
internal static class CutForm
{
    public static void Write(SnapshotCut cut, ProtoWriter writer)
    {
        if (cut.Base is { } earlier)
            Fields.Write(writer, 1, earlier);
        Fields.Write(writer, 2, cut.Pools, static (pool, writer) =>
        {
            writer.Text(1, pool.PoolId.Value);
            writer.Int(2, pool.Sequence);
            writer.Int(3, pool.ConfigurationSequence);
        });
        Fields.Write(writer, 3, cut.Tokens, static (token, writer) =>
        {
            writer.Text(1, token.TokenId.Value);
            writer.Int(2, token.Sequence);
        });
        foreach (var pool in cut.RemovedPools)
            writer.OptionalText(4, pool.Value);
        foreach (var token in cut.RemovedTokens)
            writer.OptionalText(5, token.Value);
    }

    public static SnapshotCut Read(ref ProtoReader outer)
    {
        var reader = new ProtoReader(outer.Bytes());
        SnapshotId? earlier = null;
        var pools = ImmutableArray.CreateBuilder<PoolCut>();
        var tokens = ImmutableArray.CreateBuilder<TokenCut>();
        var removedPools = ImmutableArray.CreateBuilder<PoolId>();
        var removedTokens = ImmutableArray.CreateBuilder<TokenId>();
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: earlier = Fields.ReadSnapshotId(ref reader); break;
                case 2: pools.Add(ReadPool(ref reader)); break;
                case 3: tokens.Add(ReadToken(ref reader)); break;
                case 4: removedPools.Add(new PoolId(reader.Text())); break;
                case 5: removedTokens.Add(new TokenId(reader.Text())); break;
                default: break;
            }
        }

        if (reader.Faulty)
            outer.Fail();
        return new SnapshotCut(
            earlier,
            pools.DrainToImmutable(),
            tokens.DrainToImmutable(),
            removedPools.DrainToImmutable(),
            removedTokens.DrainToImmutable());
    }

    public static void WriteOptions(ProtoWriter writer, int field, SolveOptions options)
    {
        var mark = writer.Begin(field);
        writer.Int(1, options.IterationsMax);
        var routes = writer.Begin(2);
        writer.Int(1, options.Routes.LegsMax);
        writer.Int(2, options.Routes.LinkedRoutesMax);
        writer.Int(3, options.Routes.RoutesMax);
        writer.Double(4, options.Routes.CostPerLeg);
        writer.Double(5, options.Routes.CostPerRoute);
        writer.Double(6, options.Routes.ProfitMin);
        writer.Double(7, options.Routes.WorkingCapital);
        writer.End(routes);
        writer.End(mark);
    }

    public static SolveOptions ReadOptions(ref ProtoReader outer)
    {
        var reader = new ProtoReader(outer.Bytes());
        var iterationsMax = 0;
        var routes = new RouteOptions(0, 0, 0, 0, 0, 0, 0);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: iterationsMax = reader.Int32(); break;
                case 2: routes = ReadRouteOptions(ref reader); break;
                default: break;
            }
        }

        if (reader.Faulty)
            outer.Fail();
        return new SolveOptions(iterationsMax, routes);
    }

    private static RouteOptions ReadRouteOptions(ref ProtoReader outer)
    {
        var reader = new ProtoReader(outer.Bytes());
        int legs = 0, linked = 0, routes = 0;
        double perLeg = 0, perRoute = 0, profit = 0, capital = 0;
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: legs = reader.Int32(); break;
                case 2: linked = reader.Int32(); break;
                case 3: routes = reader.Int32(); break;
                case 4: perLeg = reader.Double(); break;
                case 5: perRoute = reader.Double(); break;
                case 6: profit = reader.Double(); break;
                case 7: capital = reader.Double(); break;
                default: break;
            }
        }

        if (reader.Faulty)
            outer.Fail();
        return new RouteOptions(legs, linked, routes, perLeg, perRoute, profit, capital);
    }

    private static PoolCut ReadPool(ref ProtoReader outer)
    {
        var reader = new ProtoReader(outer.Bytes());
        var id = "";
        long sequence = 0, configurationSequence = 0;
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: id = reader.Text(); break;
                case 2: sequence = reader.Int(); break;
                case 3: configurationSequence = reader.Int(); break;
                default: break;
            }
        }

        if (reader.Faulty)
            outer.Fail();
        return new PoolCut(new PoolId(id), sequence, configurationSequence);
    }

    private static TokenCut ReadToken(ref ProtoReader outer)
    {
        var reader = new ProtoReader(outer.Bytes());
        var id = "";
        long sequence = 0;
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: id = reader.Text(); break;
                case 2: sequence = reader.Int(); break;
                default: break;
            }
        }

        if (reader.Faulty)
            outer.Fail();
        return new TokenCut(new TokenId(id), sequence);
    }
}
