using System.Diagnostics;
using QTrade.Node.Journal.Postgres;
using QTrade.Shared.Journal;

namespace QTrade.Benchmarks.Journal;

/// <summary>
/// Events per second through the PostgreSQL journal, counted after their commit, from one node and from two at a time on one server of our
/// own with its flushes on; then the recovery of all of them by one ordered scan.
/// </summary>
internal sealed class PostgresJournalBenchmark : IBenchmark
{
    private const int PayloadBytes = 96;
    private const int Rounds = 3;

    /// <inheritdoc/>
    public string Name => "journal-postgres";

    /// <inheritdoc/>
    public string About => $"events of {PayloadBytes} bytes made durable in PostgreSQL (fsync on) by one node and by two, and recovered";

    /// <inheritdoc/>
    public void Run(BenchmarkContext context)
    {
        if (PostgresServerProcess.Missing is { } missing)
        {
            context.Output.WriteLine($"  skipped: {missing}");
            return;
        }
        using PostgresServerProcess server = PostgresServerProcess.Start();
        TimeSpan each = TimeSpan.FromMilliseconds(context.Size(3_000, 200));
        using var one = new Opened(server);
        using var two = new Opened(server);
        for (int round = 1; round <= Rounds; round++)
        {
            Append(context, $"round {round}: events of one node, 1 in flight", each, 1, one);
            Append(context, $"round {round}: events of one node, 1,000 in flight", each, 1_000, one);
            Append(context, $"round {round}: events of two nodes, 1,000 in flight each", each, 1_000, one, two);
        }
        for (int round = 1; round <= Rounds; round++)
        {
            long started = Stopwatch.GetTimestamp();
            long events = one.Journal.ReadAll(0).LongCount();
            context.Report($"round {round}: recovery of {events:N0} events by one ordered scan", events / Stopwatch.GetElapsedTime(started).TotalSeconds, "/s");
        }
    }

    private static void Append(BenchmarkContext context, string what, TimeSpan each, int entities, params Opened[] nodes)
    {
        long groups = nodes.Sum(node => node.Journal.Metrics.Groups);
        AppendRun[] runs = [.. nodes.Select((node, i) => new AppendRun(node.Journal, $"{what}-{i}", entities, PayloadBytes))];
        long started = Stopwatch.GetTimestamp();
        foreach (AppendRun run in runs) run.Start();
        using var timer = new Timer(_ => Array.ForEach(runs, run => run.Stop()), null, each, Timeout.InfiniteTimeSpan);
        long events = runs.Sum(run => run.WaitForAll());
        context.Report(what, events / Stopwatch.GetElapsedTime(started).TotalSeconds, "/s");
        context.Report("  per commit", (double)events / (nodes.Sum(node => node.Journal.Metrics.Groups) - groups), "events");
        foreach (AppendRun run in runs) run.Dispose();
    }

    /// <summary>A journal that a synchronous benchmark opens and closes.</summary>
    private sealed class Opened : IDisposable
    {
        public Opened(PostgresServerProcess server)
        {
            var options = new PostgresJournalOptions { Connection = server.Connection, Password = server.Password };
            if (!PostgresJournal.TryOpen(options, TimeProvider.System, null, out PostgresJournal? journal, out string? refusal))
                throw new InvalidOperationException(refusal);
            Journal = journal;
        }

        public PostgresJournal Journal { get; }

        public void Dispose() => Journal.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }
}
