using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using QTrade.Messages.Execution;
using QTrade.Web.Admin;
using Xunit.Abstractions;

namespace QTrade.Cluster.Tests;

/// <summary>The kill switch of a cluster, whichever node it is pressed at.</summary>
[Collection(ClusterCollection.Name)]
public sealed class HaltSpecs(ClusterFixture fixture, ITestOutputHelper output)
{
    [ClusterFact]
    public async Task A_halt_at_any_node_stops_all_executors_outlives_them_and_says_who_and_why()
    {
        FaultCluster cluster = fixture.Cluster;
        await cluster.ExecutedAsync();
        foreach (string node in cluster.Names)
        {
            (long started, MachineLoad load) = (Stopwatch.GetTimestamp(), MachineLoad.Now());
            AdminAnswer halted = await cluster.OrderAsync(node, "executor halt", $"from {node}");
            output.WriteLine($"halt at {node}: {halted.Message} after {Stopwatch.GetElapsedTime(started).TotalMilliseconds:0} ms");
            foreach (string other in cluster.Names) await cluster.StateAsync(other, "halted");
            var everywhere = new Timing("halted everywhere", Stopwatch.GetElapsedTime(started), Timing.HaltMax, load.Factor());
            output.WriteLine(everywhere.ToString());
            Assert.True(everywhere.IsWithin, everywhere.ToString());
            await cluster.UntilAsync(books => books.States.Any(state => state.State == TradingState.Halted && state.Detail == $"from {node}"), "the halt to be journalled");
            Assert.Equal("somebody", cluster.Books.States[^1].By?.Name);

            if (node == cluster.Names[^1]) break;
            Assert.Equal(AdminStatus.Done, (await cluster.OrderAsync(node, "executor resume", "checked")).Status);
            await cluster.ExecutedAsync();
        }

        // The books refuse every trade that is intended before trading is resumed.
        foreach (string node in cluster.Names)
        {
            await cluster[node].KillAsync();
            cluster.Start(node);
        }

        await cluster.DecidedAsync(3);
        foreach (string node in cluster.Names) await cluster.StateAsync(node, "halted");
        Assert.Equal(AdminStatus.Done, (await cluster.OrderAsync(cluster.Names[0], "executor resume", "checked")).Status);
        await cluster.ExecutedAsync();
        Assert.Equal(TradingState.Active, cluster.Books.States[^1].State);
        await cluster.SettleAsync();
    }

    [ClusterFact]
    public async Task The_loss_limit_that_executors_share_is_set_at_any_node_and_shown_at_every_other()
    {
        FaultCluster cluster = fixture.Cluster;
        await cluster.ExecutedAsync();
        double limit = 80;
        foreach (string node in cluster.Names)
        {
            limit++;
            AdminAnswer set = await LimitsAsync(cluster, node, ("shared-loss", limit.ToString(CultureInfo.InvariantCulture)));
            Assert.True(set.Status == AdminStatus.Done, set.Message);
            foreach (string other in cluster.Names)
                await SharedAsync(cluster, other, shown => shown["sharedLoss"]!.GetValue<double>() == limit && shown["maxLoss"]!.GetValue<double>() == 100);
        }

        // Whoever executes trades on one slice of it; those of executors before are not out any more.
        await cluster.ExecutedAsync();
        await SharedAsync(cluster, cluster.Names[0], shown => shown["sharedSlices"]!.GetValue<int>() == 1);
    }

    [ClusterFact]
    public async Task A_halt_and_a_resumption_that_are_ordered_at_a_router_that_is_cut_from_the_database_are_obeyed_by_the_next()
    {
        FaultCluster cluster = fixture.Cluster;
        await cluster.ExecutedAsync();
        string cut = await cluster.RoutingAsync(), next = cluster.Names.First(name => name != cut);
        cluster.DatabaseOf(cut).Cut();
        await cluster.StateAsync(cut, "halted");
        await cluster.OrderAsync(cut, "executor halt", "while it is cut");
        await cluster.UntilAsync(books => books.States.LastOrDefault() is { State: TradingState.Halted, Detail: "while it is cut" }, "the halt to be journalled");
        foreach (string node in cluster.Names) await cluster.StateAsync(node, "halted");
        AdminAnswer resumed = await cluster.OrderAsync(cut, "executor resume", "by the next");
        Assert.True(resumed.Status == AdminStatus.Done, resumed.Message);
        await cluster.ExecutedAsync();
        cluster.DatabaseOf(cut).Mend();
        await cluster.StateAsync(cut, "active");

        // What it kept of the halt is over: it takes all from the next one, and trades.
        cluster.DatabaseOf(next).Cut();
        await cluster.EpochAfterAsync();
        await cluster.ExecutedAsync();
        cluster.DatabaseOf(next).Mend();
        await cluster.SettleAsync();
        Assert.Equal("by the next", cluster.Books.States[^1].Detail);
    }

    private static async Task SharedAsync(FaultCluster cluster, string node, Func<JsonNode, bool> isSo)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (true)
        {
            AdminAnswer shown = await LimitsAsync(cluster, node);
            if (shown.Result is { } limits && limits["sharedLoss"] is not null && isSo(limits)) return;
            if (patience.IsCancellationRequested) throw new TimeoutException($"node {node} shows {shown.Result?.ToJsonString()}");
        }
    }

    private static async Task<AdminAnswer> LimitsAsync(FaultCluster cluster, string node, params (string Name, string Value)[] arguments)
    {
        using var client = new AdminClient(await cluster.AdminOfAsync(node), null, TimeSpan.FromSeconds(20));
        return await client.AskAsync(
            new AdminRequest("1", null, "executor limits", arguments.ToImmutableSortedDictionary(argument => argument.Name, argument => argument.Value), "somebody"),
            CancellationToken.None);
    }
}
