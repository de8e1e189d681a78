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
        var warmUp = context.Size(full: 200, smoke: 1);
        var latencies = new double[context.Size(full: 200, smoke: 3)];
        var flushes = new double[latencies.Length];
        var (unmoved, collected) = (0, 0);
        for (int update = 0, measured = -warmUp; measured < latencies.Length; update++)
        {
            Quiet(node, decisions, pause);
            var observation = Nudge(market, update);
            var collections = GC.CollectionCount(0);
            var start = Stopwatch.GetTimestamp();
            node.Observe(observation);

            // Our own fills may have left the pool where it is nudged to: then nothing moved, and no decision is due.
            if (!decisions.Wait(WakePatience))
                unmoved++;
            else if (measured++ >= 0)
            {
                latencies[measured - 1] = Stopwatch.GetElapsedTime(start, decisions.LastAt).TotalMilliseconds;
                collected += GC.CollectionCount(0) > collections ? 1 : 0;
                flushes[measured - 1] = bare.Time().TotalMilliseconds;
            }

            if (unmoved > latencies.Length / 4)
                throw new TimeoutException($"{unmoved} of {update + 1} updates led to no decision within {WakePatience}");
        }

        Array.Sort(latencies);
        Array.Sort(flushes);
        context.Report("p50", latencies[latencies.Length / 2], "ms");
        context.Report("p90", latencies[latencies.Length * 9 / 10], "ms");
        context.Report("p99", latencies[latencies.Length * 99 / 100], "ms");
        context.Report("longest", latencies[^1], "ms");
        context.Report("a bare flush: p50", flushes[flushes.Length / 2], "ms");
        context.Report("a bare flush: p99", flushes[flushes.Length * 99 / 100], "ms");
        context.Report("updates during which the heap was collected", collected, "");
        context.Report("updates that moved nothing", unmoved, "");
    }

    /// <summary>A pool's price five thousandths away from where the market file has it, on alternating sides.</summary>
    private static ObserveReserves Nudge(Market market, int update)
    {
        var pool = market.Pools[update * 37 % market.Pools.Length];
        var factor = update % 2 == 0 ? 1.005 : 0.995;
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
