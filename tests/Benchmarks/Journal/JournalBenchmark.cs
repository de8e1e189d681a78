using System.Diagnostics;
using Microsoft.Win32.SafeHandles;
using QTrade.Node.Journal;

namespace QTrade.Benchmarks.Journal;

/// <summary>
/// Events per second through the SQLite journal, counted after their commit, for 1,000, 100 and 1 entity with one append in flight each,
/// beside what a bare append of 4 KiB with a flush reaches in the same folder; then the recovery of all of them by one ordered scan.
/// </summary>
public static class JournalBenchmark
{
    private const int PageBytes = 4096;
    private const int PayloadBytes = 96;

    /// <summary>Runs it in a new folder under <paramref name="folder"/>, which it deletes.</summary>
    public static async Task RunAsync(string folder, TimeSpan each, TextWriter output)
    {
        string data = Directory.CreateDirectory(Path.Combine(folder, $"journal-benchmark-{Environment.ProcessId}")).FullName;
        try
        {
            double bare = BareFlushes(data, each);
            output.WriteLine($"bare append of 4 KiB + flush      {bare,12:N0} /s");
            SqliteJournal journal = Open(data);
            foreach (int entities in (int[])[1, 100, 1_000, 1, 1])
            {
                JournalMetrics metrics = journal.Metrics;
                (long events, long groups, long pages) = (metrics.Events, metrics.Groups, metrics.Pages);
                double rate = Appends(journal, entities, each);
                string share = entities == 1 ? $"   {rate / bare:P0} of the bare flushes" : "";
                double perGroup = (double)(metrics.Events - events) / (metrics.Groups - groups);
                output.WriteLine(
                    $"events, {entities,5:N0} in flight            {rate,12:N0} /s   {perGroup,6:N1} per commit, {(double)(metrics.Pages - pages) / (metrics.Groups - groups):N1} pages{share}");
            }
            bare = BareFlushes(data, each);
            output.WriteLine($"bare append of 4 KiB + flush      {bare,12:N0} /s");
            await journal.DisposeAsync();
            await RecoverAsync(data, output);
        }
        finally
        {
            Directory.Delete(data, recursive: true);
        }
    }

    private static async Task RecoverAsync(string data, TextWriter output)
    {
        long opening = Stopwatch.GetTimestamp();
        await using SqliteJournal journal = Open(data);
        output.WriteLine($"open                              {Stopwatch.GetElapsedTime(opening).TotalMilliseconds,12:N0} ms");
        long started = Stopwatch.GetTimestamp();
        long events = journal.ReadAll(0).LongCount();
        TimeSpan took = Stopwatch.GetElapsedTime(started);
        output.WriteLine($"recovery, one ordered scan        {events / took.TotalSeconds,12:N0} /s   {events:N0} events, checksums verified");
    }

    private static SqliteJournal Open(string data) =>
        SqliteJournal.TryOpen(new SqliteJournalOptions { Folder = data }, TimeProvider.System, null, out SqliteJournal? journal, out string? refusal)
            ? journal
            : throw new InvalidOperationException(refusal);

    private static double Appends(SqliteJournal journal, int entities, TimeSpan each)
    {
        using var run = new AppendRun(journal, entities, PayloadBytes);
        long started = Stopwatch.GetTimestamp();
        run.Start();
        using var timer = new Timer(_ => run.Stop(), null, each, Timeout.InfiniteTimeSpan);
        long events = run.WaitForAll();
        return events / Stopwatch.GetElapsedTime(started).TotalSeconds;
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
}
