using QTrade.Actors;
using QTrade.Actors.Scheduling;
using QTrade.Benchmarks.Journal;

namespace QTrade.Benchmarks.Pipeline;

/// <summary>Updates offered at a steady rate to 1,000 conflating pool actors over the SQLite journal: each is journalled or counted as conflated.</summary>
public sealed class JournalledPipelineBenchmark : IBenchmark
{
    private const int Runs = 3;
    private const double OfferedPerSecond = 600_000;

    public string Name => "pipeline-journal";

    public string About => "updates through 1,000 pool actors to the router, each journalled in SQLite or counted as conflated";

    public void Run(BenchmarkContext context)
    {
        using var folder = new JournalFolder();
        var journal = folder.Open();
        using (var system = new ActorSystem(new ThreadPoolScheduler(), new ActorSystemOptions { Journal = journal }))
        {
            var pipeline = new PoolPipeline(system, pools: 1_000, conflate: true);
            for (var run = 1; run <= Runs; run++)
                Run(context, pipeline, run);
        }

        journal.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }

    private static void Run(BenchmarkContext context, PoolPipeline pipeline, int run)
    {
        var updates = context.Size(full: 3_000_000, smoke: 10_000);
        var (published, conflated) = (pipeline.Published, pipeline.Conflated);
        var offered = 0.0;
        var elapsed = BenchmarkContext.Time(() => offered = pipeline.Offer(updates, OfferedPerSecond));
        (published, conflated) = (pipeline.Published - published, pipeline.Conflated - conflated);
        context.Report($"run {run}: offered", offered, "/s");
        context.Report($"run {run}: journalled", published / elapsed.TotalSeconds, "/s");
        context.Report($"run {run}: conflated", conflated / elapsed.TotalSeconds, "/s");
        context.Report($"run {run}: offered, neither journalled nor conflated", updates - published - conflated, "updates");
    }
}
