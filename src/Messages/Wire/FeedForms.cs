using System.Collections.Immutable;
using QTrade.Markets;
using QTrade.Messages.Cluster;
using QTrade.Messages.Routing;

namespace QTrade.Messages.Wire;

/// <summary>Wire forms of what the feed of a chain vouches for, and of its terms.</summary>
internal static class FeedForms
{
    public static ImmutableArray<WireForm> All { get; } =
    [
        new WireForm<TrustFrom>("feed.trust-from", 1, Write, ReadTrust),
        new WireForm<FeedStarted>("feed.started", 1, Write, ReadStarted),
    ];

    private static void Write(TrustFrom trust, ProtoWriter writer)
    {
        if (trust.Pool is { } pool)
            writer.Text(1, pool.Value);
        writer.UInt(2, trust.Slot);
        writer.Int(3, trust.Term);
        writer.Int(4, trust.Number);
    }

    private static TrustFrom ReadTrust(ref ProtoReader reader)
    {
        var pool = "";
        ulong slot = 0;
        long term = 0, number = 0;
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: pool = reader.Text(); break;
                case 2: slot = reader.UInt(); break;
                case 3: term = reader.Int(); break;
                case 4: number = reader.Int(); break;
                default: break;
            }
        }

        return new TrustFrom(pool.Length > 0 ? new PoolId(pool) : null, slot) { Term = term, Number = number };
    }

    private static void Write(FeedStarted started, ProtoWriter writer)
    {
        writer.Int(1, started.Term);
        writer.Text(2, started.Node);
        writer.Time(3, started.At);
    }

    private static FeedStarted ReadStarted(ref ProtoReader reader)
    {
        var started = new FeedStarted(0, "", default);
        while (reader.Next())
        {
            started = reader.Field switch
            {
                1 => started with { Term = reader.Int() },
                2 => started with { Node = reader.Text() },
                3 => started with { At = reader.Time() },
                _ => started,
            };
        }

        return started;
    }
}
