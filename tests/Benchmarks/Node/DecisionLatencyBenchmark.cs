using System.Diagnostics;
using QTrade.Actors.Scheduling;
using QTrade.Benchmarks.Journal;
using QTrade.Markets;
using QTrade.Markets.Files;
using QTrade.Messages;
using QTrade.Messages.Pools;
using QTrade.Node;
using QTrade.Node.Configuration;

namespace QTrade.Benchmarks.Node;

/// <summary>
/// From the moment a node whose code is compiled is told of a pool's new price to the moment its certified result is durable, on the real market: the update's commit,
/// the cut, its commit beside the solve and the routes, the decision's commit. The feed's own updates are few, so that one decision answers one update. After each a bare flush is timed,
/// as three flushes one after the other are the part of it that the disk decides.
/// </summary>
public sealed class DecisionLatencyBenchmark : IBenchmark
{
    internal const string Market = "samples/orca-185759999.json";
    private const ulong SlotsAhead = 1_000_000;

    private static readonly TimeSpan WakePatience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public string Name => "latency";

    public string About => "last update -> certified result, Orca market, SQLite journal";

    public void Run(BenchmarkContext context)
    {
        if (!MarketFile.TryReadFile(Path.Combine(AppContext.BaseDirectory, Market), out var market, out _, out var error))
            throw new InvalidOperationException(error.ToString());
        using var folder = new JournalFolder();
        var journal = folder.Open();
        using var decisions = new DecisionWatch();
        var options = new NodeOptions { Simulation = new QTrade.Node.Configuration.SimulationOptions { Rate = 0.1 } };
        using (var node = TradingNode.Start(new TradingNodeSetup
        {
            Options = options,
            Market = market,
            Scheduler = new ThreadPoolScheduler(),
            Journal = journal,
            JournalPath = journal.Path,
            EventsCommitted = () => journal.Metrics.Events,
            Decided = decisions.Hear,
        }))
        {
            using var bare = new BareFlush(Path.GetDirectoryName(journal.Path)!);
            Measure(context, node, decisions, market, options.Router.MinInterval * 3, bare);
            node.StopAsync().GetAwaiter().GetResult();
        }

        journal.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }

    private static void Measure(BenchmarkContext context, TradingNode node, DecisionWatch decisions, Market market, TimeSpan pause, BareFlush bare)
    {
        decisions.Wait(Patience);

        // The code that decides is compiled anew, on the same cores, until some thousand decisions were made.
        int first = context.Size(full: 200, smoke: 1), warmUp = context.Size(full: 1_200, smoke: 2), count = context.Size(full: 400, smoke: 3);
        var latencies = new double[warmUp + count];
        var flushes = new double[latencies.Length];
        var (unmoved, collected) = (0, 0);
        for (int update = 0, measured = 0; measured < latencies.Length; update++)
        {
            Quiet(node, decisions, pause);
            var observation = Nudge(market, update);
            var collections = GC.CollectionCount(0);
            var start = Stopwatch.GetTimestamp();
            node.Observe(observation);

            // Our own fills may have left the pool where it is nudged to: then nothing moved, and no decision is due.
            if (!decisions.Wait(WakePatience))
            {
                unmoved++;
            }
            else
            {
                latencies[measured] = Stopwatch.GetElapsedTime(start, decisions.LastAt).TotalMilliseconds;
                collected += measured >= warmUp && GC.CollectionCount(0) > collections ? 1 : 0;
                flushes[measured++] = bare.Time().TotalMilliseconds;
            }

            if (unmoved > latencies.Length / 4)
                throw new TimeoutException($"{unmoved} of {update + 1} updates led to no decision within {WakePatience}");
        }

        Report(context, "", latencies[warmUp..]);
        Report(context, "a bare flush: ", flushes[warmUp..]);
        Report(context, "while code was compiled: ", latencies[first..Math.Min(warmUp, 2 * first)]);
        context.Report("updates during which the heap was collected", collected, "");
        context.Report("updates that moved nothing", unmoved, "");
    }

    private static void Report(BenchmarkContext context, string what, double[] times)
    {
        Array.Sort(times);
        context.Report($"{what}p50", times[times.Length / 2], "ms");
        context.Report($"{what}p90", times[times.Length * 9 / 10], "ms");
        context.Report($"{what}p99", times[times.Length * 99 / 100], "ms");
        context.Report($"{what}longest", times[^1], "ms");
    }

    /// <summary>A pool's price five thousandths away from where the market file has it, every time on the other side.</summary>
    private static ObserveReserves Nudge(Market market, int update)
    {
        var pool = market.Pools[update * 37 % market.Pools.Length];
        var factor = (update + (update / market.Pools.Length)) % 2 == 0 ? 1.005 : 0.995;
        return new ObserveReserves(
            pool.Id,
            [pool.Curve.State[0] * factor],
            new PositionVector(new ChainPosition((ulong)market.Slot!.Value + SlotsAhead + (ulong)update, 0)));
    }

    /// <summary>Waits until no decision was made for a while, and the next snapshot may be handed out at once.</summary>
    private static void Quiet(TradingNode node, DecisionWatch decisions, TimeSpan pause)
    {
        var end = Stopwatch.GetTimestamp() + (long)(Patience.TotalSeconds * Stopwatch.Frequency);
        while (decisions.Wait(pause) || node.Status.Outstanding > 0)
        {
            if (Stopwatch.GetTimestamp() > end)
                throw new TimeoutException($"the node did not come to rest within {Patience}");
        }
    }

    /// <summary>When the node's last decision was durable, and a wait for the next.</summary>
    private sealed class DecisionWatch : IDisposable
    {
        private readonly AutoResetEvent _decided = new(false);
        private long _lastAt;

        public long LastAt => Volatile.Read(ref _lastAt);

        public void Hear(LastDecisionStatus decision)
        {
            Volatile.Write(ref _lastAt, Stopwatch.GetTimestamp());
            _decided.Set();
        }

        public bool Wait(TimeSpan patience) => _decided.WaitOne(patience);

        public void Dispose() => _decided.Dispose();
    }
}
