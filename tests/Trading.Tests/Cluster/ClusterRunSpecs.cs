using QTrade.Messages.Cluster;
using QTrade.Trading.Cluster;

namespace QTrade.Trading.Tests.Cluster;

/// <summary>
/// Nodes on a manual clock with announcements that are lost and late, pauses, deaths, starts and departures, and queues with a single active
/// consumer as the broker has them. A seed that fails is printed by the theory's name.
/// </summary>
public sealed class ClusterRunSpecs
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(50);

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 24)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Once_faults_end_every_shard_has_the_one_consumer_that_hashing_gives_it(int seed)
    {
        var run = new Run(seed);
        run.Go(TimeSpan.FromSeconds(20), faults: true);
        run.Go(TimeSpan.FromSeconds(6), faults: false);

        var alive = run.Nodes.Where(node => node is { IsDead: false, Shards.IsLeaving: false }).ToList();
        Assert.NotEmpty(alive);
        Assert.All(alive, node => Assert.Equal(Shards.Of(node.Name, [.. alive.Select(other => other.Name)]), node.Shards.Held));
        for (var shard = 0; shard < ShardSet.ShardCount; shard++)
            Assert.Equal(Shards.OwnerOf(shard, [.. alive.Select(other => other.Name)]), Assert.Single(run.Consumers[shard]));
        Assert.All(run.Nodes.Where(node => node is { IsDead: false, Shards.IsLeaving: true }), node => Assert.True(node.Shards.HasLeft));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Without_pauses_and_losses_no_two_nodes_ever_hold_a_shard(int seed)
    {
        var run = new Run(seed) { Lossless = true };
        run.Go(TimeSpan.FromSeconds(20), faults: true);

        Assert.Equal(0, run.HeldTwice);
    }

    private sealed class Run(int seed)
    {
        private readonly Random random = new(seed);
        private readonly List<(TimeSpan Due, SimulatedNode To, NodeAnnouncement Announced)> underWay = [];
        private TimeSpan now = TimeSpan.FromSeconds(10);
        private int named;

        public bool Lossless { get; init; }

        public List<SimulatedNode> Nodes { get; } = [];

        /// <summary>Consumers of each queue, the active one first.</summary>
        public List<string>[] Consumers { get; } = [.. Enumerable.Range(0, ShardSet.ShardCount).Select(_ => new List<string>())];

        public long HeldTwice { get; private set; }

        public void Go(TimeSpan time, bool faults)
        {
            if (Nodes.Count == 0)
            {
                for (var node = 0; node < 3; node++)
                    Start();
            }

            for (var end = now + time; now < end; now += Step)
            {
                if (faults)
                    Disturb();
                Deliver();
                foreach (var node in Nodes.Where(node => !node.IsDead && node.PausedUntil <= now).ToList())
                    Act(node, faults);
                if (Nodes.Where(node => !node.IsDead).Sum(node => node.Shards.Held.Count)
                    > Nodes.Where(node => !node.IsDead).Aggregate(new ShardSet(), (set, node) => set.Union(node.Shards.Held)).Count)
                    HeldTwice++;
            }
        }

        private void Disturb()
        {
            if (random.Next(60) != 0)
                return;
            var alive = Nodes.Where(node => node is { IsDead: false, Shards.IsLeaving: false }).ToList();
            var victim = alive[random.Next(alive.Count)];
            switch (random.Next(4))
            {
                case 0 when Nodes.Count < 8: Start(); break;
                case 1 when alive.Count > 1: victim.Shards.Leave(); break;
                case 2 when alive.Count > 1: Kill(victim); break;
                case 3 when !Lossless: victim.PausedUntil = now + TimeSpan.FromMilliseconds(random.Next(4000)); break;
                default: break;
            }
        }

        private void Start() => Nodes.Add(new SimulatedNode($"node-{++named}", now));

        private void Kill(SimulatedNode node)
        {
            node.IsDead = true;
            foreach (var queue in Consumers)
                queue.Remove(node.Name);
        }

        private void Deliver()
        {
            foreach (var (due, to, announced) in underWay.Where(message => message.Due <= now).ToList())
                to.View.Hear(announced, now);
            underWay.RemoveAll(message => message.Due <= now);
        }

        private void Act(SimulatedNode node, bool faults)
        {
            node.View.Look(now);
            foreach (var shard in node.Shards.Draining.ToImmutableArray())
            {
                if (random.Next(5) == 0)
                    node.Shards.Drained(shard);
            }

            foreach (var order in node.Shards.Look(node.View, now))
            {
                if (order.Kind == ShardOrderKind.Consume)
                    Consumers[order.Shard].Add(node.Name);
                else
                    Consumers[order.Shard].Remove(node.Name);
            }

            // A node that consumes a queue without being its active consumer may still have deliveries of before: its append is refused then.
            if (faults && !Lossless && random.Next(50) == 0 && node.Shards.Held.ToImmutableArray() is { Length: > 0 } held
                && node.Shards.Refused(held[random.Next(held.Length)], now) is { } drop)
                Consumers[drop.Shard].Remove(node.Name);

            if (now - node.Announced < ClusterTiming.AnnounceEvery)
                return;
            node.Announced = now;
            var announced = new NodeAnnouncement(
                node.Name, 1, ++node.Number, NodeRoles.Pools, "0.1.0", node.Shards.Held, node.Shards.Released, 0, "", node.Shards.IsLeaving);
            foreach (var other in Nodes.Where(other => other != node && !other.IsDead))
            {
                if (Lossless || !faults || random.Next(10) > 0)
                    underWay.Add((now + TimeSpan.FromMilliseconds(Lossless ? 0 : random.Next(300)), other, announced));
            }
        }
    }

    private sealed class SimulatedNode(string name, TimeSpan at)
    {
        public string Name => name;

        public ClusterView View { get; } = new();

        public ShardHandover Shards { get; } = new(name, at);

        public TimeSpan Announced { get; set; }

        public TimeSpan PausedUntil { get; set; }

        public long Number { get; set; }

        public bool IsDead { get; set; }
    }
}
