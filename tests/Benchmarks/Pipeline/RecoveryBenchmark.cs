using QTrade.Actors;
using QTrade.Actors.EventSourcing;
using QTrade.Actors.Journal;
using QTrade.Actors.Scheduling;
using QTrade.Benchmarks.Journal;

namespace QTrade.Benchmarks.Pipeline;

/// <summary>
/// The states of 1,000 pools out of the SQLite journal, without snapshots: read, decoded and applied as a node does at its start; beside it the
/// same with the journal's end alone read in order and the rest by entity.
/// </summary>
public sealed class RecoveryBenchmark : IBenchmark
{
    private const int Runs = 5;

    public string Name => "recovery";

    public string About => "recovery of 1,000 pool actors from the SQLite journal as a node starts: read, decoded, applied";

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
            Recover(context, journal, $"run {run}", new RecoveryScan());
            if (run == Runs)
                Recover(context, journal, "by entity behind the end", new RecoveryScan(RecoveryScan.DefaultEventsMax, detour: 0));
        }

        journal.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }

    private static void Recover(BenchmarkContext context, IJournal journal, string what, RecoveryScan scan)
    {
        var events = 0L;
        var processor = Environment.CpuUsage.TotalTime;
        var elapsed = BenchmarkContext.Time(() => events = PoolPipeline.Recovery(scan).Run(journal).Events);
        processor = Environment.CpuUsage.TotalTime - processor;
        context.Report($"{what}: {events:N0} events", events / elapsed.TotalSeconds, "/s");
        context.Report($"{what}: processor time", processor.TotalNanoseconds / events, "ns/event");
    }
}
