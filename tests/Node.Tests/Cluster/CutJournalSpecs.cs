using QTrade.Broker;
using QTrade.Messages.Cluster;
using QTrade.Messages.Execution;
using QTrade.Trading.Cluster;

namespace QTrade.Node.Tests.Cluster;

/// <summary>Nodes of a cluster that do not reach its journal, in virtual time.</summary>
public sealed class CutJournalSpecs
{
    private const NodeRoles Turns = NodeRoles.Feed | NodeRoles.Router | NodeRoles.Executor;

    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    // A node listens, takes what it was given back, reads it from the journal, and sees a whole market.
    private static readonly TimeSpan TakeOver = TimeSpan.FromSeconds(3);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void What_a_node_that_is_cut_from_the_journal_did_is_done_by_others_and_it_stands_by_again(ulong seed)
    {
        using var cluster = Trading(seed, out var first);
        first.Journal.IsCut = true;
        AssertMoved(cluster, first);
        first.Journal.IsCut = false;
        AssertStandsBy(cluster, first);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void So_it_is_where_the_journal_leaves_an_append_unanswered_and_writes_it_later(ulong seed)
    {
        using var cluster = Trading(seed, out var first);
        first.Journal.Hang();
        AssertMoved(cluster, first);
        first.Journal.Mend();
        AssertStandsBy(cluster, first);
    }

    [Fact]
    public void A_journal_that_is_away_for_less_than_the_bound_moves_nothing()
    {
        using var cluster = Trading(seed: 1, out var first);
        var epochs = cluster.Epochs;
        first.Journal.IsCut = true;
        cluster.RunFor(ClusterTiming.JournalSilence - Moment);
        first.Journal.IsCut = false;
        cluster.RunUntilExecuted(3, Patience);
        Assert.Equal(epochs, cluster.Epochs);
        Assert.Equal(Turns, first.Acts & Turns);
    }

    [Fact]
    public void Where_no_node_reaches_the_journal_nobody_acts_until_it_is_there_and_then_one_does()
    {
        using var cluster = Trading(seed: 1, out _);
        var epochs = cluster.Epochs;
        foreach (var node in cluster.Nodes)
            node.Journal.IsCut = true;
        // Whoever was given a turn meanwhile finds the journal broken too.
        cluster.RunFor(ClusterTiming.JournalSilence * (cluster.Nodes.Length + 1));
        for (var look = 0; look < 60; look++)
        {
            cluster.RunFor(Moment);
            Assert.All(cluster.Nodes, node => Assert.Equal(NodeRoles.None, node.Acts));
        }

        foreach (var node in cluster.Nodes)
            node.Journal.IsCut = false;
        cluster.RunUntilExecuted(3, Patience);
        Assert.Equal(epochs + 1, cluster.Epochs);
        Assert.Single(cluster.Nodes, node => node.Acts.HasFlag(NodeRoles.Router));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void A_halt_that_is_ordered_before_a_cut_node_gave_its_turn_back_holds_and_is_written_by_the_next(int orderedAt)
    {
        using var cluster = Trading(seed: 1, out var first);
        first.Journal.IsCut = true;
        cluster.RunFor(Moment);
        AssertHalts(cluster, cluster.Nodes[orderedAt]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void A_halt_that_is_ordered_after_a_cut_node_gave_its_turn_back_holds_too(int orderedAt)
    {
        using var cluster = Trading(seed: 1, out var first);
        first.Journal.IsCut = true;
        cluster.RunFor(ClusterTiming.JournalSilence + Moment);
        AssertHalts(cluster, cluster.Nodes[orderedAt]);
    }

    [Fact]
    public void A_halt_that_is_ordered_while_no_node_reaches_the_journal_waits_for_whoever_does_first()
    {
        using var cluster = Trading(seed: 1, out var first);
        foreach (var node in cluster.Nodes)
            node.Journal.IsCut = true;
        cluster.RunFor(ClusterTiming.JournalSilence * (cluster.Nodes.Length + 1));
        var intended = cluster.Laws.Intended;
        cluster.Order(first, TradingState.Halted, "enough");
        cluster.RunFor(TimeSpan.FromMinutes(1));
        Assert.NotEqual(0, cluster.Waiting(Hop.Results));
        foreach (var node in cluster.Nodes.Reverse())
            node.Journal.IsCut = false;
        cluster.RunUntil(() => StatesOf(cluster).LastOrDefault()?.State == TradingState.Halted, Patience);
        cluster.RunFor(TakeOver);
        Assert.Equal(intended, cluster.Laws.Intended);
    }

    private static SimulatedCluster Trading(ulong seed, out SimulatedCluster.Member first)
    {
        var cluster = new SimulatedCluster(nodes: 3, seed);
        cluster.RunUntilExecuted(3, Patience);
        first = cluster.Nodes[0];
        Assert.Equal(Turns | NodeRoles.Pools, first.Acts);
        return cluster;
    }

    private static void AssertMoved(SimulatedCluster cluster, SimulatedCluster.Member cut)
    {
        var epochs = cluster.Epochs;
        cluster.RunFor(ClusterTiming.JournalSilence + Moment);
        cluster.RunUntilExecuted(1, TakeOver);
        cluster.RunUntilExecuted(5, Patience);
        Assert.Equal(epochs + 1, cluster.Epochs);
        Assert.All(cluster.Nodes.Where(node => node != cut), node => Assert.True(node.Acts.HasFlag(NodeRoles.Pools)));
        var others = cluster.Nodes.Where(node => node != cut).Select(node => node.Acts & Turns);
        Assert.Equal(Turns, others.Aggregate((one, other) => one | other));
        Assert.StartsWith("journal: ", cut.Node.Status.TradingStateReason, StringComparison.Ordinal);
    }

    private static void AssertStandsBy(SimulatedCluster cluster, SimulatedCluster.Member healed)
    {
        var epochs = cluster.Epochs;
        cluster.RunUntil(() => healed.Acts == NodeRoles.Pools, Patience);
        cluster.RunUntilExecuted(5, Patience);
        Assert.Equal(NodeRoles.Pools, healed.Acts);
        Assert.Equal(epochs, cluster.Epochs);
        Assert.Equal(TradingState.Active, healed.Node.Status.TradingState);

        // It takes over from each of the others.
        foreach (var other in cluster.Nodes.Where(node => node != healed))
            other.Journal.IsCut = true;
        cluster.RunFor(ClusterTiming.JournalSilence + Moment);
        cluster.RunUntilExecuted(5, Patience);
        Assert.Equal(Turns | NodeRoles.Pools, healed.Acts);
    }

    private static void AssertHalts(SimulatedCluster cluster, SimulatedCluster.Member at)
    {
        var (cut, next) = (cluster.Nodes[0], cluster.Nodes[1]);
        cluster.Order(at, TradingState.Halted, "enough");
        Assert.Equal(TradingState.Halted, at.Node.Status.TradingState);
        cluster.RunFor(Moment);
        var intended = cluster.Laws.Intended;
        cluster.RunUntil(() => StatesOf(cluster).Any(), Patience);
        cluster.RunFor(TimeSpan.FromSeconds(15));
        Assert.Equal("enough", Assert.Single(StatesOf(cluster)).Detail);
        Assert.Equal(intended, cluster.Laws.Intended);
        Assert.All(cluster.Nodes, node => Assert.Equal(TradingState.Halted, node.Node.Status.TradingState));

        cluster.Order(cut, TradingState.Active, "go on");
        cluster.RunUntilExecuted(3, Patience);
        cut.Journal.IsCut = false;
        cluster.RunUntilExecuted(3, Patience);

        // What the cut node kept of the halt is over: it executes, and trades.
        next.Journal.IsCut = true;
        cluster.Nodes[2].Journal.IsCut = true;
        cluster.RunFor(ClusterTiming.JournalSilence + Moment);
        cluster.RunUntilExecuted(3, Patience);
        Assert.True(cut.Acts.HasFlag(NodeRoles.Executor));
        Assert.Equal([TradingState.Halted, TradingState.Active], StatesOf(cluster).Select(changed => changed.State));
    }

    private static IEnumerable<TradingStateChanged> StatesOf(SimulatedCluster cluster) => cluster.Events.OfType<TradingStateChanged>();
}
