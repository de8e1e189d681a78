using System.Diagnostics;
using Xunit.Abstractions;

namespace QTrade.Cluster.Tests;

/// <summary>Every fault of the table, once, at moments drawn from one seed. The program runs more seeds and more nodes.</summary>
[Collection(ClusterCollection.Name)]
public sealed class FaultSpecs(ClusterFixture fixture, ITestOutputHelper output)
{
    // A node that goes on as if it had heard nothing, and a server that orders wait at; the program strikes with all.
    private static readonly string[] StruckWhileHalted = ["halted, SIGSTOP, then CONT", "halted, broker restarted"];

    [ClusterFact]
    public async Task Whatever_strikes_nothing_is_lost_nothing_happens_twice_and_the_pools_are_the_chain_s()
    {
        long started = Stopwatch.GetTimestamp();
        FaultCluster cluster = fixture.Cluster;
        output.WriteLine($"seed {ClusterFixture.Seed}");
        var draws = new Random(ClusterFixture.Seed);
        await cluster.SettleAsync();
        foreach (Fault fault in Fault.All.Concat(Fault.Halted.Where(fault => StruckWhileHalted.Contains(fault.Name))))
            output.WriteLine((await FaultRun.StrikeAsync(cluster, fault, draws)).ToString());
        output.WriteLine($"routers on the wire: {string.Join(", ", cluster.Routers.Select(epoch => $"{epoch.Key} {string.Join(" and ", epoch.Value)}"))}");
        Assert.True(cluster.Routers.Count > 1, "no other router was heard on the wire");
        output.WriteLine($"{cluster.Books.HandedOut} snapshots, {cluster.Books.Executed} trades executed, epochs 1 to {cluster.Books.Epochs[^1]}, {Stopwatch.GetElapsedTime(started).TotalSeconds:0} s");
    }
}
