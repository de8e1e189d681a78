using QTrade.Messages.Cluster;
using QTrade.Trading.Cluster;
using static QTrade.Trading.Tests.Cluster.ClusterSample;

namespace QTrade.Trading.Tests.Cluster;

public sealed class ClusterViewSpecs
{
    [Fact]
    public void A_node_is_gone_once_it_was_silent_for_one_and_a_half_seconds()
    {
        var view = View(Node("a"), Node("b"));
        view.Hear(Node("b", 2), After(1000));

        Assert.Empty(view.Look(After(1499)));
        Assert.Equal(["a"], view.Look(After(1500)).AsEnumerable());
        Assert.Equal(["b"], view.PoolNodes.AsEnumerable());
        Assert.Empty(view.Look(After(1501)));
        Assert.Equal(1, view.Gone);
    }

    [Fact]
    public void A_false_alarm_ends_with_the_next_announcement_and_is_counted()
    {
        var view = View(Node("a"));
        view.Look(After(2000));

        Assert.True(view.Hear(Node("a", 2), After(2001)));
        Assert.Equal(["a"], view.PoolNodes.AsEnumerable());
        Assert.Equal(1, view.Returned);
    }

    [Fact]
    public void Repeated_and_overtaken_announcements_do_not_keep_a_node_there()
    {
        var view = View(Node("a", 5));

        Assert.False(view.Hear(Node("a", 5), After(1000)));
        Assert.False(view.Hear(Node("a", 4), After(1000)));
        Assert.Equal(2, view.Stale);
        Assert.Equal(["a"], view.Look(After(1500)).AsEnumerable());
    }

    [Fact]
    public void A_new_process_under_the_name_replaces_the_old_one()
    {
        var view = View(Node("a", 900, incarnation: 1));

        Assert.True(view.Hear(Node("a", 1, incarnation: 2), After(1)));
        Assert.False(view.Hear(Node("a", 901, incarnation: 1), After(2)));
        Assert.Equal(2, view["a"]!.Announced.Incarnation);
    }

    [Fact]
    public void A_process_whose_clock_was_set_back_is_heard_once_its_predecessor_is_gone()
    {
        var view = View(Node("a", 900, incarnation: 7));
        view.Look(After(1500));

        Assert.False(view.Hear(Node("a", 900, incarnation: 7), After(1600)));
        Assert.True(view.Hear(Node("a", 1, incarnation: 2), After(1600)));
        Assert.Equal(["a"], view.PoolNodes.AsEnumerable());
    }

    [Fact]
    public void A_node_that_is_forgotten_is_remembered_if_it_speaks_again()
    {
        var view = View(Node("a"));

        Assert.True(view.Forget("a"));
        Assert.False(view.Forget("a"));
        Assert.True(view.Hear(Node("a", 2), After(1)));
    }

    [Fact]
    public void Shards_are_dealt_to_nodes_that_hold_pools_and_stay()
    {
        var view = View(Node("a"), Node("b", leaving: true), Node("c", roles: NodeRoles.Router | NodeRoles.Executor), Node("d"));

        Assert.Equal(["a", "d"], view.PoolNodes.AsEnumerable());
    }

    [Fact]
    public void A_node_that_is_long_gone_is_forgotten()
    {
        var view = View(Node("a"));
        view.Look(Start + ClusterView.ForgetAfter);

        Assert.Empty(view.All);
    }

    [Fact]
    public void More_nodes_than_the_bound_are_counted_and_passed_over()
    {
        var view = new ClusterView();
        for (var node = 0; node < ClusterView.NodesMax + 3; node++)
            view.Hear(Node($"node-{node}"), Start);

        Assert.Equal(ClusterView.NodesMax, view.All.Length);
        Assert.Equal(3, view.Crowded);
    }

    [Theory]
    [InlineData("", 0.5)]
    [InlineData("a\nb", 0.5)]
    [InlineData("a", double.NaN)]
    [InlineData("a", -0.1)]
    [InlineData("a", 1.1)]
    public void An_announcement_that_is_none_is_refused(string name, double load)
    {
        var view = new ClusterView();

        Assert.False(view.Hear(Node(name) with { Load = load }, Start));
        Assert.Equal(1, view.Malformed);
        Assert.Empty(view.All);
    }
}
