using QTrade.Actors;
using QTrade.Actors.Scheduling;

namespace QTrade.Benchmarks.Pipeline;

/// <summary>Updates through 1,000 pool actors to one router, journal off.</summary>
public sealed class PipelineBenchmark : IBenchmark
{
    private const int Runs = 5;

    public string Name => "pipeline";

    public string About => "updates through 1,000 pool actors to the router, journal off";

    public void Run(BenchmarkContext context)
    {
        var updates = context.Size(full: 8_000_000, smoke: 20_000);
        using var system = new ActorSystem(new ThreadPoolScheduler());
        var pipeline = new PoolPipeline(system, pools: 1_000);
        pipeline.Push(updates / 4);

        for (var run = 1; run <= Runs; run++)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            var processor = Environment.CpuUsage.TotalTime;
            var elapsed = BenchmarkContext.Time(() => pipeline.Push(updates));
            processor = Environment.CpuUsage.TotalTime - processor;
            var allocated = GC.GetTotalAllocatedBytes(precise: true) - before;
            context.Report($"run {run}: updates", updates / elapsed.TotalSeconds, "/s");
            context.Report($"run {run}: processor time", processor.TotalNanoseconds / updates, "ns/update");
            context.Report($"run {run}: allocated beside the two messages", ((double)allocated / updates) - PoolPipeline.MessageBytes, "B/update");
        }
    }
}
