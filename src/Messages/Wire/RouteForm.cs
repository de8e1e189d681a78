using System.Collections.Immutable;
using QTrade.Markets;
using QTrade.Messages.Routing;

namespace QTrade.Messages.Wire;

/// <summary>A route with its legs.</summary>
internal static class RouteForm
{
    public static void Write(Route route, ProtoWriter writer)
    {
        writer.Int(1, route.Index);
        writer.Int(2, route.Chain);
        Fields.Write(writer, 3, route.Legs, static (leg, writer) =>
        {
            writer.Text(1, leg.PoolId.Value);
            writer.Text(2, leg.TokenIn.Value);
            writer.Text(3, leg.TokenOut.Value);
            writer.Double(4, leg.Tender);
            writer.Double(5, leg.Receive);
        });
        writer.Double(4, route.Profit);
        writer.Double(5, route.Cost);
    }

    public static Route Read(ref ProtoReader outer)
    {
        var reader = new ProtoReader(outer.Bytes());
        int index = 0, chain = 0;
        double profit = 0, cost = 0;
        var legs = ImmutableArray.CreateBuilder<Leg>();
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: index = reader.Int32(); break;
                case 2: chain = reader.Int32(); break;
                case 3: legs.Add(ReadLeg(ref reader)); break;
                case 4: profit = reader.Double(); break;
                case 5: cost = reader.Double(); break;
                default: break;
            }
        }

        if (reader.Faulty)
            outer.Fail();
        return new Route(index, chain, legs.DrainToImmutable(), profit, cost);
    }

    private static Leg ReadLeg(ref ProtoReader outer)
    {
        var reader = new ProtoReader(outer.Bytes());
        string pool = "", tokenIn = "", tokenOut = "";
        double tender = 0, receive = 0;
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: pool = reader.Text(); break;
                case 2: tokenIn = reader.Text(); break;
                case 3: tokenOut = reader.Text(); break;
                case 4: tender = reader.Double(); break;
                case 5: receive = reader.Double(); break;
                default: break;
            }
        }

        if (reader.Faulty)
            outer.Fail();
        return new Leg(new PoolId(pool), new TokenId(tokenIn), new TokenId(tokenOut), tender, receive);
    }
}
