using System.Collections.Immutable;
using QTrade.Messages.Cluster;

namespace QTrade.Messages.Wire;

/// <summary>Wire forms of the market as nodes publish it to each other.</summary>
internal static class MarketForms
{
    public static ImmutableArray<WireForm> All { get; } =
    [
        new WireForm<MarketBatch>("market.batch", 1, Write, ReadBatch),
        new WireForm<GetMarketState>("market.get-state", 1, (get, writer) => writer.Text(1, get.Node), ReadGet),
        new WireForm<TakeTurn>("cluster.take-turn", 1, Write, ReadTurn),
    ];

    private static void Write(MarketBatch batch, ProtoWriter writer)
    {
        writer.Text(1, batch.Node);
        writer.Int(2, batch.Incarnation);
        writer.Int(3, batch.Number);
        writer.Bool(4, batch.IsWhole);
        foreach (var change in batch.Changes)
        {
            var mark = writer.Begin(5);
            writer.Text(1, change.Manifest);
            writer.Int(2, change.Version);
            writer.Bytes(3, change.Bytes.Span);
            writer.End(mark);
        }
    }

    private static MarketBatch ReadBatch(ref ProtoReader reader)
    {
        var node = "";
        long incarnation = 0, number = 0;
        var whole = false;
        var changes = ImmutableArray.CreateBuilder<EncodedMessage>();
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: node = reader.Text(); break;
                case 2: incarnation = reader.Int(); break;
                case 3: number = reader.Int(); break;
                case 4: whole = reader.UInt() != 0; break;
                case 5:
                    var inner = new ProtoReader(reader.Bytes());
                    changes.Add(ReadChange(ref inner));
                    if (inner.Faulty)
                        reader.Fail();
                    break;
                default: break;
            }
        }

        return new MarketBatch(node, incarnation, number, whole, changes.DrainToImmutable());
    }

    private static EncodedMessage ReadChange(ref ProtoReader reader)
    {
        var manifest = "";
        var version = 0;
        byte[] bytes = [];
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: manifest = reader.Text(); break;
                case 2: version = reader.Int32(); break;
                case 3: bytes = reader.Bytes().ToArray(); break;
                default: break;
            }
        }

        return new EncodedMessage(manifest, version, bytes);
    }

    private static GetMarketState ReadGet(ref ProtoReader reader)
    {
        var node = "";
        while (reader.Next())
        {
            if (reader.Field == 1)
                node = reader.Text();
        }

        return new GetMarketState(node);
    }

    private static void Write(TakeTurn turn, ProtoWriter writer)
    {
        writer.Text(1, turn.Node);
        writer.Int(2, turn.Incarnation);
    }

    private static TakeTurn ReadTurn(ref ProtoReader reader)
    {
        var node = "";
        long incarnation = 0;
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: node = reader.Text(); break;
                case 2: incarnation = reader.Int(); break;
                default: break;
            }
        }

        return new TakeTurn(node, incarnation);
    }
}
