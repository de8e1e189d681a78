using QTrade.Broker;
using QTrade.Broker.InProcess;
using QTrade.Messages.Routing;
using QTrade.Shared.Actors;
using QTrade.Trading.Cluster;

namespace QTrade.Lighthouse.Tests;

public sealed class BrokerEarSpecs
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Nodes_that_announce_themselves_on_the_broker_are_known()
    {
        var broker = new InProcessBroker();
        await using var here = new InProcessTransport(broker, "lighthouse");
        await using var there = new InProcessTransport(broker, "node-1");
        var clock = new ManualClock();
        var directory = new NodeDirectory("lighthouse", clock);
        using var stop = new CancellationTokenSource();
        Task listening = BrokerEar.ListenAsync(here, directory, clock, stop.Token);

        // What is no announcement, and one that cannot be, hold nothing up.
        await there.PublishAsync(Hop.Nodes, new OptimizerReady("x"));
        await there.PublishAsync(Hop.Nodes, Beacon.Node("node-9", "http://elsewhere/x"));
        await there.PublishAsync(Hop.Nodes, Beacon.Node("node-1", "10.0.0.1:9110"));
        Assert.True(SpinWait.SpinUntil(() => !directory.Show().IsEmpty, Patience));

        ClusterNode node = Assert.Single(directory.Show());
        Assert.Equal(("node-1", "10.0.0.1:9110"), (node.Announced.Node, node.Announced.AdminAddress));
        await stop.CancelAsync();
        await listening;
    }
}
