using System.Collections.Concurrent;
using System.Diagnostics;
using QTrade.Broker;
using QTrade.Broker.RabbitMq;
using QTrade.Markets;
using QTrade.Messages.Execution;
using QTrade.Messages.Routing;
using QTrade.Shared.Broker;

namespace QTrade.Benchmarks.Cluster;

/// <summary>
/// From the moment that a router publishes a solution until an executor on another connection has it in hand, over a RabbitMQ of our own with its flushes on:
/// the hop is a quorum queue.
/// </summary>
internal sealed class ResultHopBenchmark : IBenchmark
{
    private const int Routes = 16;
    private const int WarmUp = 200;

    // As many as a router hands out at most.
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public string Name => "cluster-hop";

    public string About => $"a solution of {Routes} routes from one node to another through RabbitMQ, twenty a second";

    public void Run(BenchmarkContext context)
    {
        if (RabbitServerProcess.Missing is { } missing)
            context.Output.WriteLine($"  skipped: {missing}");
        else
            RunAsync(context).GetAwaiter().GetResult();
    }

    private static async Task RunAsync(BenchmarkContext context)
    {
        using RabbitServerProcess server = RabbitServerProcess.Start();
        await using RabbitTransport router = At(server, "router"), executor = At(server, "executor");
        var sent = new ConcurrentDictionary<SnapshotId, long>();
        var times = new ConcurrentQueue<double>();
        using var arrived = new SemaphoreSlim(0);
        await using ISubscription subscription = await executor.SubscribeAsync(Hop.Results, 500, delivery =>
        {
            long now = Stopwatch.GetTimestamp();
            if (delivery.Message is ExecuteSolution solution && sent.TryRemove(solution.SnapshotId, out long at))
                times.Enqueue(Stopwatch.GetElapsedTime(at, now).TotalMilliseconds);
            delivery.Ack();
            arrived.Release();
        });

        int solutions = context.Size(full: 600, smoke: 10), warmUp = context.Size(WarmUp, smoke: 10);
        var unconfirmed = new List<Task<PublishEnding>>();
        using var pace = new PeriodicTimer(Every);
        for (int number = 1; number <= warmUp + solutions; number++)
        {
            if (number == warmUp + 1) times.Clear();
            var id = new SnapshotId(1, number);
            sent[id] = Stopwatch.GetTimestamp();
            unconfirmed.Add(router.PublishAsync(Hop.Results, Solution(id)));
            if (!await arrived.WaitAsync(Patience)) throw new TimeoutException($"{id} did not arrive");
            if (number > warmUp || number % 10 == 0) await pace.WaitForNextTickAsync();
        }

        foreach (PublishEnding ending in await Task.WhenAll(unconfirmed))
            if (ending != PublishEnding.Confirmed) throw new InvalidOperationException($"a solution ended as {ending}");
        double[] sorted = [.. times.Order()];
        foreach ((string name, double share) in new[] { ("p50", 0.5), ("p90", 0.9), ("p99", 0.99) })
            context.Report($"published to in hand, {name}", sorted[Math.Min(sorted.Length - 1, (int)(sorted.Length * share))], "ms");
        context.Report("worst", sorted[^1], "ms");
    }

    private static RabbitTransport At(RabbitServerProcess server, string node) =>
        new(new RabbitTransportOptions { Broker = server.Uri, Cluster = "benchmark", Node = node }, TimeProvider.System, static _ => { });

    private static ExecuteSolution Solution(SnapshotId id) => new(
        1,
        id,
        [
            .. Enumerable.Range(0, Routes).Select(index => new Route(
                index,
                index,
                [.. Enumerable.Range(0, 3).Select(leg => new Leg(new PoolId($"HQcY5n2zP6rW74fyFEhWeBd3LnJpBcZechkvJpmdb8c{leg}"), new TokenId($"token-{leg}"), new TokenId($"token-{leg + 1}"), 1_000.5, 999.5))],
                1.5,
                0.001)),
        ],
        185_760_000);
}
