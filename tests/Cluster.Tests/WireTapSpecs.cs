using QTrade.Broker;
using QTrade.Broker.RabbitMq;
using QTrade.Messages.Execution;
using QTrade.Messages.Routing;
using QTrade.Shared.Broker;

namespace QTrade.Cluster.Tests;

/// <summary>What the tap is there to hear, it hears: without that a cluster with two routers would pass.</summary>
public sealed class WireTapSpecs
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [ClusterFact]
    public async Task Two_nodes_that_speak_as_the_router_of_one_epoch_are_found_out_and_one_of_each_is_not()
    {
        using RabbitServerProcess rabbit = RabbitServerProcess.StartTracing();
        await using WireTap tap = await WireTap.OpenAsync(rabbit.Uri);
        await using RabbitTransport one = Open("n1", rabbit), other = Open("n2", rabbit);
        await PublishAsync(one, Solution(4));
        await PublishAsync(other, Solution(5));
        await HeardAsync(tap, 5);
        Assert.Equal([(4L, "n1"), (5L, "n2")], tap.Routers.Select(epoch => (epoch.Key, Assert.Single(epoch.Value))));
        Assert.Equal("", WireTap.Twice(tap.Routers));

        await PublishAsync(one, Solution(5));
        await PublishAsync(one, Solution(6));
        await HeardAsync(tap, 6);
        Assert.Equal("in epoch 5 the routers were n1 and n2", WireTap.Twice(tap.Routers));
    }

    private static RabbitTransport Open(string node, RabbitServerProcess rabbit) =>
        new(new RabbitTransportOptions { Broker = rabbit.Uri, Cluster = "taps", Node = node }, TimeProvider.System, static _ => { });

    private static ExecuteSolution Solution(long epoch) => new(epoch, new SnapshotId(epoch, 1), [], 10);

    private static async Task PublishAsync(RabbitTransport node, ExecuteSolution solution) =>
        Assert.Equal(PublishEnding.Confirmed, await node.PublishAsync(Hop.Results, solution));

    private static async Task HeardAsync(WireTap tap, long epoch)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!tap.Routers.ContainsKey(epoch))
            await Task.Delay(TimeSpan.FromMilliseconds(5), patience.Token);
    }
}
