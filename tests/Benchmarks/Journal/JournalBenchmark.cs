using System.Diagnostics;
using Microsoft.Win32.SafeHandles;
using QTrade.Node.Journal;

namespace QTrade.Benchmarks.Journal;

/// <summary>
/// Events per second through the SQLite journal, counted after their commit, for 1,000, 100 and 1 entity with one append in flight each,
/// beside what a bare append of 4 KiB with a flush reaches in the same folder and run; then the recovery of all of them by one ordered
/// scan. It works in a folder under the current one, whose disk is what is measured.
/// </summary>
internal sealed class JournalBenchmark : IBenchmark
{
    private const int PageBytes = 4096;
    private const int PayloadBytes = 96;
    private const int Rounds = 3;
    private const int Slices = 20;

    /// <inheritdoc/>
    public string Name => "journal";

    /// <inheritdoc/>
    public string About => $"events of {PayloadBytes} bytes made durable in SQLite (WAL, synchronous=FULL), and recovered";

    /// <inheritdoc/>
    public void Run(BenchmarkContext context)
    {
        TimeSpan each = TimeSpan.FromMilliseconds(context.Size(2_000, 100));
        string data = Directory.CreateDirectory($"journal-benchmark-{Environment.ProcessId}").FullName;
        try
        {
            using (var journal = new Opened(data)) Append(context, journal.Journal, data, each);
            Recover(context, data);
        }
        finally
        {
            Directory.Delete(data, recursive: true);
        }
    }

    private static void Append(BenchmarkContext context, SqliteJournal journal, string data, TimeSpan each)
    {
        for (int round = 1; round <= Rounds; round++)
        {
            OneAtATime(context, journal, data, each / Slices, round);
            foreach (int entities in (int[])[100, 1_000])
            {
                (long groups, long pages) = (journal.Metrics.Groups, journal.Metrics.Pages);
                (double rate, long events) = Appends(journal, $"{round}-{entities}", entities, each);
                context.Report($"round {round}: events, {entities:N0} in flight", rate, "/s");
                groups = journal.Metrics.Groups - groups;
                context.Report("  per commit", (double)events / groups, "events");
                context.Report("  per commit", (double)(journal.Metrics.Pages - pages) / groups, "pages");
            }
        }
    }

    /// <summary>In slices that alternate, so that both see the disk in the same moods.</summary>
    private static void OneAtATime(BenchmarkContext context, SqliteJournal journal, string data, TimeSpan slice, int round)
    {
        double bare = 0, one = 0;
        for (int i = 0; i < Slices; i++)
        {
            bare += BareFlushes(data, slice) / Slices;
            one += Appends(journal, $"{round}-one-{i}", 1, slice).Rate / Slices;
        }
        context.Report($"round {round}: bare append of 4 KiB and flush", bare, "/s");
        context.Report($"round {round}: events, 1 in flight", one, "/s");
        context.Report("  of the bare flushes", 100 * one / bare, "%");
    }

    private static void Recover(BenchmarkContext context, string data)
    {
        long opening = Stopwatch.GetTimestamp();
        using var opened = new Opened(data);
        context.Report("open", Stopwatch.GetElapsedTime(opening).TotalMilliseconds, "ms");
        for (int round = 1; round <= Rounds; round++)
        {
            long started = Stopwatch.GetTimestamp();
            long events = opened.Journal.ReadAll(0).LongCount();
            double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
            context.Report($"round {round}: recovery of {events:N0} events by one ordered scan", events / seconds, "/s");
        }
    }

    private static (double Rate, long Events) Appends(SqliteJournal journal, string name, int entities, TimeSpan each)
    {
        using var run = new AppendRun(journal, name, entities, PayloadBytes);
        long started = Stopwatch.GetTimestamp();
        run.Start();
        using var timer = new Timer(_ => run.Stop(), null, each, Timeout.InfiniteTimeSpan);
        long events = run.WaitForAll();
        return (events / Stopwatch.GetElapsedTime(started).TotalSeconds, events);
    }

    private static double BareFlushes(string data, TimeSpan each)
    {
        string path = Path.Combine(data, "bare.bin");
        byte[] page = new byte[PageBytes];
        long count = 0;
        TimeSpan took;
        using (SafeFileHandle file = File.OpenHandle(path, FileMode.Create, FileAccess.Write))
        {
            long started = Stopwatch.GetTimestamp();
            do
            {
                RandomAccess.Write(file, page, count++ * PageBytes);
                Flush.Data(file);
                took = Stopwatch.GetElapsedTime(started);
            }
            while (took < each);
        }
        File.Delete(path);
        return count / took.TotalSeconds;
    }

    /// <summary>A journal that a synchronous benchmark opens and closes.</summary>
    private sealed class Opened : IDisposable
    {
        public Opened(string data)
        {
            var options = new SqliteJournalOptions { Folder = data };
            if (!SqliteJournal.TryOpen(options, TimeProvider.System, null, out SqliteJournal? journal, out string? refusal))
                throw new InvalidOperationException(refusal);
            Journal = journal;
        }

        public SqliteJournal Journal { get; }

        public void Dispose() => Journal.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }
}
