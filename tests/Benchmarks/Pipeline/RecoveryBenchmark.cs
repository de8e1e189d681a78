using QTrade.Actors;
using QTrade.Actors.Scheduling;
using QTrade.Benchmarks.Journal;

namespace QTrade.Benchmarks.Pipeline;

/// <summary>The states of 1,000 pools out of one ordered scan of the whole SQLite journal, without snapshots: read, decoded and applied.</summary>
public sealed class RecoveryBenchmark : IBenchmark
{
    private const int Runs = 5;

    public string Name => "recovery";

    public string About => "recovery of 1,000 pool actors by one ordered scan of the SQLite journal: read, decoded, applied";

    public void Run(BenchmarkContext context)
    {
        using var folder = new JournalFolder();
        var journal = folder.Open();
        using (var system = new ActorSystem(new ThreadPoolScheduler(), new ActorSystemOptions { Journal = journal }))
            new PoolPipeline(system, pools: 1_000).Push(context.Size(full: 1_000_000, smoke: 5_000));
        journal.DisposeAsync().AsTask().GetAwaiter().GetResult();

        journal = folder.Open();
        for (var run = 1; run <= Runs; run++)
        {
            var events = 0L;
            var processor = Environment.CpuUsage.TotalTime;
            var elapsed = BenchmarkContext.Time(() => events = PoolPipeline.Recovery().Run(journal).Events);
            processor = Environment.CpuUsage.TotalTime - processor;
            context.Report($"run {run}: {events:N0} events", events / elapsed.TotalSeconds, "/s");
            context.Report($"run {run}: processor time", processor.TotalNanoseconds / events, "ns/event");
        }

        journal.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }
}
