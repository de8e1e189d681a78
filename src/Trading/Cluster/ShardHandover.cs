using System.Collections.Immutable;
using QTrade.Messages.Cluster;

namespace QTrade.Trading.Cluster;

/// <summary>
/// The shards of one node. It takes a shard that hashing gives it once nobody who lives says that he holds it; it drains one that hashing gives to
/// another and releases it when all is acknowledged; it drops one whose append was refused. Mutable, and owned by one actor.
/// </summary>
/// <param name="node">The node's name.</param>
/// <param name="startedAt">When it began to listen to announcements.</param>
public sealed class ShardHandover(string node, TimeSpan startedAt)
{
    /// <summary>A shard that was dropped is not taken again before so much time: whoever writes its pools announces it by then.</summary>
    public static readonly TimeSpan DroppedFor = ClusterTiming.GoneAfter;

    private readonly TimeSpan[] notBefore = new TimeSpan[ShardSet.ShardCount];
    private ShardSet consumed;
    private ShardSet draining;

    /// <summary>Shards that are consumed or still being finished: what the node announces.</summary>
    public ShardSet Held => consumed.Union(draining);

    /// <summary>Shards given up with everything finished, and not taken since: what the node announces.</summary>
    public ShardSet Released { get; private set; }

    /// <summary>Shards whose consumer is cancelled and whose messages are being finished.</summary>
    public ShardSet Draining => draining;

    /// <summary>Whether the node gives everything up.</summary>
    public bool IsLeaving { get; private set; }

    /// <summary>Whether the node can finish nothing and takes nothing.</summary>
    public bool IsAside { get; private set; }

    /// <summary>Whether the node is leaving and holds nothing any more.</summary>
    public bool HasLeft => IsLeaving && Held.IsEmpty;

    /// <summary>Shards taken, repeats included.</summary>
    public long Taken { get; private set; }

    /// <summary>Shards drained and released.</summary>
    public long HandedOver { get; private set; }

    /// <summary>Shards dropped because another node wrote their pools, or because what held them failed.</summary>
    public long Dropped { get; private set; }

    /// <summary>What to do now, by ascending shard. Call when the view changed, and at least as often as nodes announce.</summary>
    public ImmutableArray<ShardOrder> Look(ClusterView view, TimeSpan now)
    {
        if (now - startedAt < ClusterTiming.ListenFirst)
            return [];
        var given = IsLeaving || IsAside ? default : Shards.Of(node, [.. view.PoolNodes.Where(other => other != node), node]);
        var elsewhere = new ShardSet();
        foreach (var other in view.Live)
        {
            if (other.Node != node)
                elsewhere = elsewhere.Union(other.Held);
        }

        var orders = ImmutableArray.CreateBuilder<ShardOrder>();
        for (var shard = 0; shard < ShardSet.ShardCount; shard++)
        {
            if (consumed.Contains(shard) && !given.Contains(shard))
                orders.Add(Drain(shard));
            else if (given.Contains(shard) && !Held.Contains(shard) && !elsewhere.Contains(shard) && now >= notBefore[shard])
                orders.Add(Take(shard));
        }

        return orders.DrainToImmutable();
    }

    /// <summary>Everything delivered of a shard being drained is finished and acknowledged. One that is not being drained changes nothing.</summary>
    public void Drained(int shard)
    {
        if (!draining.Contains(shard))
            return;
        draining = draining.Without(shard);
        Released = Released.With(shard);
        HandedOver++;
    }

    /// <summary>An append to a pool of the shard was refused by the journal's unique key: another node owns it. Or what held the shard here has failed.</summary>
    /// <returns>What to do; null where the shard is not held.</returns>
    public ShardOrder? Refused(int shard, TimeSpan now)
    {
        if (!Held.Contains(shard))
            return null;
        consumed = consumed.Without(shard);
        draining = draining.Without(shard);
        notBefore[shard] = now + DroppedFor;
        Dropped++;
        return new ShardOrder(shard, ShardOrderKind.Drop);
    }

    /// <summary>The node gives everything up: the next look drains all shards.</summary>
    public void Leave() => IsLeaving = true;

    /// <summary>The node can finish nothing, since its journal does not answer: it drops all that it holds, and takes nothing before <see cref="StandIn"/>.</summary>
    /// <returns>What to do, by ascending shard.</returns>
    public ImmutableArray<ShardOrder> StandAside()
    {
        IsAside = true;
        var orders = Held.ToImmutableArray().Select(shard => new ShardOrder(shard, ShardOrderKind.Drop)).ToImmutableArray();
        (consumed, draining) = (default, default);
        return orders;
    }

    /// <summary>It can again.</summary>
    public void StandIn() => IsAside = false;

    private ShardOrder Take(int shard)
    {
        consumed = consumed.With(shard);
        Released = Released.Without(shard);
        Taken++;
        return new ShardOrder(shard, ShardOrderKind.Consume);
    }

    private ShardOrder Drain(int shard)
    {
        consumed = consumed.Without(shard);
        draining = draining.With(shard);
        return new ShardOrder(shard, ShardOrderKind.Drain);
    }
}
