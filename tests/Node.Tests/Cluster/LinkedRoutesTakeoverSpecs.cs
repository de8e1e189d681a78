using QTrade.Markets;
using QTrade.Messages;
using QTrade.Messages.Cluster;
using QTrade.Messages.Execution;
using QTrade.Messages.Routing;
using QTrade.Node.Actors;
using QTrade.Node.Configuration;
using QTrade.Node.Tests.EndToEnd;
using QTrade.Node.Tests.Simulation;
using QTrade.Shared.Journal;

namespace QTrade.Node.Tests.Cluster;

/// <summary>
/// Nodes are killed while linked routes end, and those of a cluster go on, which know what an earlier executor intended by what a router publishes again only.
/// </summary>
public sealed class LinkedRoutesTakeoverSpecs
{
    /// <summary>A cycle with more legs than one transaction holds, of which each leg gains by the tokens' values: so the second route does by itself.</summary>
    private static readonly Market Cycle = SampleMarkets.Mixed with
    {
        Name = "cycle",
        Tokens = SampleMarkets.Mixed.Tokens[..3],
        Pools =
        [
            Pool("a-b", "A", "B", 1_000, 10_200),
            Pool("b-c", "B", "C", 10_000, 10_200),
            Pool("c-a", "C", "A", 10_000, 1_020),
        ],
    };

    private static readonly NodeOptions Options = new()
    {
        // Only fills move the pools: nothing but the kill can come between the routes.
        Simulation = new Node.Configuration.SimulationOptions { Rate = 0.01, NoisePerFee = 0, NoiseFloor = 0, ValueDeviation = 0 },
        Router = NodeOptionsOf.Calm(rate: 6, minInterval: TimeSpan.FromMilliseconds(300)).Router,
        Executor = new ExecutorOptions { LegsMax = 2 },
        Queue = new QueueOptions { ExpirySlots = 200 },
    };

    /// <summary>So many of the two routes were intended, and the first ended without effect, of which the router knows.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Where_the_first_ended_without_effect_none_takes_effect(int intended)
    {
        using var killed = new SimulatedNode(Cycle, Options);
        killed.Held.TradeAppendsLeft = intended;
        killed.RunFor(TimeSpan.FromSeconds(1.5));
        Assert.Equal((intended, 0), (killed.Laws.Intended, killed.Laws.Outcomes.Count));
        var decided = JournalMessages.Of(killed.Journal).OfType<Decided>().First();
        Assert.Equal([0, 0], decided.Routes.Select(route => route.Chain));
        var first = TradeId.Of(decided.SnapshotId, 0);
        var missed = new TradeOutcome(first, decided.SnapshotId, 0, Ending.Rejected, ReasonCode.PoolMoved, "", [], 0, 0, 1_000, decided.At);
        killed.Journal.Append(new AppendProbe(PersistenceIds.Trade(first), 2, WireCodec<ITradeEvent>.Instance.Encode(new TradeEnded(missed))));
        killed.Journal.Append(new AppendProbe(
            PersistenceIds.Router, killed.Journal.HighestSequenceNumber(PersistenceIds.Router) + 1, WireCodec<IRouterEvent>.Instance.Encode(new RouteEnded(missed))));
        killed.RunFor(TimeSpan.FromMilliseconds(10));
        Assert.True(killed.Laws.Outcomes.ContainsKey(first));

        using var cluster = new SimulatedCluster(
            nodes: 2,
            options: Options,
            roles: [NodeRoles.Feed | NodeRoles.Pools, NodeRoles.Router | NodeRoles.Optimizer | NodeRoles.Executor],
            market: Cycle,
            found: killed.Journal);
        // The market is whole before anybody routes or executes.
        cluster.Nodes[1].Journal.IsCut = true;
        cluster.RunFor(TimeSpan.FromSeconds(10));
        cluster.Nodes[1].Journal.Mend();
        cluster.RunUntil(() => cluster.Laws.Outcomes.ContainsKey(TradeId.Of(decided.SnapshotId, 1)), TimeSpan.FromMinutes(1));

        Assert.Equal(Ending.Rejected, cluster.Laws.Outcomes[TradeId.Of(decided.SnapshotId, 1)].Ending);
        // It was not refused on the market as it stood.
        Assert.Equal(ReasonCode.NotIntended, cluster.Laws.Outcomes[TradeId.Of(decided.SnapshotId, 1)].Reason);
    }

    private static Pool Pool(string id, string token0, string token1, double reserve0, double reserve1) => SampleMarkets.Mixed.Pools[0] with
    {
        Id = new PoolId(id),
        Tokens = [new TokenId(token0), new TokenId(token1)],
        Curve = new ProductCurve([reserve0, reserve1]),
    };
}
