using QTrade.Messages.Cluster;
using QTrade.Messages.Routing;
using QTrade.Node.Replay;
using QTrade.Node.Tests.Cluster;
using QTrade.Solver;

namespace QTrade.Node.Tests.Tape;

/// <summary>Nodes in virtual time of which one loses its turn in the middle of a tape.</summary>
public sealed class TapeTakeoverSpecs
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    // Whoever has a turn alone, with pools of its own; the last stands by for either.
    private static readonly NodeRoles[] Roles =
    [
        NodeRoles.Feed | NodeRoles.Pools,
        NodeRoles.Router | NodeRoles.Pools,
        NodeRoles.Optimizer | NodeRoles.Executor | NodeRoles.Pools,
        NodeRoles.Feed | NodeRoles.Router | NodeRoles.Optimizer | NodeRoles.Pools,
    ];

    [Theory]
    [InlineData(NodeRoles.Router, 1)]
    [InlineData(NodeRoles.Feed, 1)]
    [InlineData(NodeRoles.Router | NodeRoles.Feed, 1)]
    [InlineData(NodeRoles.Router | NodeRoles.Feed, 2)]
    public void A_tape_whose_router_or_feed_is_taken_over_on_the_way_is_decided_as_by_one_node(NodeRoles lost, ulong seed)
    {
        using var cluster = new SimulatedCluster(Roles.Length, seed, TapeSpecs.Options(), Roles);
        foreach (var cut in new[] { 3, 8 })
        {
            cluster.RunUntil(() => Decided(cluster) >= cut, Patience);
            var acting = cluster.Nodes.Where(node => (node.Acts & lost) != 0).ToList();
            Assert.NotEmpty(acting);
            foreach (var node in acting)
                node.Journal.IsCut = true;
            cluster.RunUntil(() => cluster.Nodes.Except(acting).Aggregate(NodeRoles.None, (acts, node) => acts | (node.Acts & lost)) == lost, Patience);
            Assert.True(Decided(cluster) < TapeSpecs.Cuts, "the tape was over before anybody took over");
            cluster.RunUntil(() => Decided(cluster) > cut, Patience);
            foreach (var node in acting)
                node.Journal.Mend();
        }

        cluster.RunUntil(() => Decided(cluster) == TapeSpecs.Cuts, Patience);
        var report = new JournalReplay(SnapshotSolver.Solve, SolverVersion.Current).Verify(cluster.Journal);
        Assert.Equal((TapeSpecs.Cuts, ClusterTapeSpecs.OfANodeByItself(), true), (report.TapeCuts, report.TapeDigest, report.Verified));
        Assert.Equal(lost.HasFlag(NodeRoles.Router), cluster.Epochs > 2);
    }

    private static int Decided(SimulatedCluster cluster) => cluster.Events.OfType<Decided>().Count();
}
