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
    // A halt is promised within a second; what is measured depends on what else runs beside it.
    private static readonly TimeSpan HaltMax = TimeSpan.FromSeconds(5);

    [ClusterFact]
    public async Task A_halt_at_any_node_stops_all_executors_outlives_them_and_says_who_and_why()
    {
        FaultCluster cluster = fixture.Cluster;
        await cluster.ExecutedAsync();
        foreach (string node in cluster.Names)
        {
            long started = Stopwatch.GetTimestamp();
            AdminAnswer halted = await AskAsync(cluster, node, "executor halt", $"from {node}");
            output.WriteLine($"halt at {node}: {halted.Message} after {Stopwatch.GetElapsedTime(started).TotalMilliseconds:0} ms");
            foreach (string other in cluster.Names) await StateAsync(cluster, other, "halted");
            TimeSpan everywhere = Stopwatch.GetElapsedTime(started);
            output.WriteLine($"halted everywhere after {everywhere.TotalMilliseconds:0} ms");
            Assert.True(everywhere < HaltMax, $"halted everywhere after {everywhere}");
            await cluster.UntilAsync(books => books.States.Any(state => state.State == TradingState.Halted && state.Detail == $"from {node}"), "the halt to be journalled");
            Assert.Equal("somebody", cluster.Books.States[^1].By?.Name);

            if (node == cluster.Names[^1]) break;
            Assert.Equal(AdminStatus.Done, (await AskAsync(cluster, node, "executor resume", "checked")).Status);
            await cluster.ExecutedAsync();
        }

        // The books refuse every trade that is intended before trading is resumed.
        foreach (string node in cluster.Names)
        {
            await cluster[node].KillAsync();
            cluster.Start(node);
        }

        await cluster.DecidedAsync(3);
        foreach (string node in cluster.Names) await StateAsync(cluster, node, "halted");
        Assert.Equal(AdminStatus.Done, (await AskAsync(cluster, cluster.Names[0], "executor resume", "checked")).Status);
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

    private static async Task StateAsync(FaultCluster cluster, string node, string state) =>
        await cluster[node].UntilAsync(status => string.Equals(status.GetProperty("tradingState").GetString(), state, StringComparison.OrdinalIgnoreCase));

    private static async Task<AdminAnswer> AskAsync(FaultCluster cluster, string node, string command, string reason)
    {
        using var client = new AdminClient(await cluster.AdminOfAsync(node), null, TimeSpan.FromSeconds(20));
        return await client.AskAsync(
            new AdminRequest("1", null, command, ImmutableSortedDictionary<string, string>.Empty.Add("reason", reason), "somebody"), CancellationToken.None);
    }
}
