using QTrade.Node.Configuration;

namespace QTrade.Node.Doctor;

/// <summary>The disk under the journal: whether it can be written, its space, and how many flushes a second it takes.</summary>
internal static class DiskCheck
{
    private const long SpaceLeast = 64L << 20;
    private const int BlockBytes = 4096;
    private const int FlushesMax = 200;
    private const double FlushesWanted = 100;
    private static readonly TimeSpan ProbeTime = TimeSpan.FromMilliseconds(500);

    public static IEnumerable<Finding> Look(JournalOptions options, string workingFolder, TimeProvider time)
    {
        string wanted = Path.GetFullPath(options.DataDir, workingFolder);
        string folder = NearestExisting(wanted);
        yield return Space(folder, options.MaxSize);
        yield return Flushes(folder, time);
    }

    /// <summary>The folder itself, or the one in which a start would make it.</summary>
    private static string NearestExisting(string folder)
    {
        while (!Directory.Exists(folder) && Path.GetDirectoryName(folder) is { } parent)
            folder = parent;
        return folder;
    }

    private static Finding Space(string folder, long journalMax)
    {
        try
        {
            long free = new DriveInfo(folder).AvailableFreeSpace;
            string text = $"{Size(free)} free under {folder}";
            if (free < SpaceLeast)
                return new Finding("disk space", Health.Bad, text, "free some space, or choose another folder with --data");
            return free < journalMax
                ? new Finding(
                    "disk space",
                    Health.Doubtful,
                    $"{text}, less than the journal may take (qtrade.journal.max-size is {Size(journalMax)})",
                    "lower qtrade.journal.max-size, free some space, or choose another folder with --data")
                : new Finding("disk space", Health.Good, text);
        }
        catch (Exception broken) when (broken is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return new Finding("disk space", Health.Doubtful, $"unknown under {folder}: {broken.Message}", "choose another folder with --data");
        }
    }

    private static Finding Flushes(string folder, TimeProvider time)
    {
        string path = Path.Combine(folder, $".qtrade-doctor-{Environment.ProcessId}");
        try
        {
            double rate = FlushRate(path, time);
            string text = $"{rate:N0} flushes/s under {folder}: a lone decision becomes durable in {1000 / rate:F1} ms";
            return rate >= FlushesWanted
                ? new Finding("disk flushes", Health.Good, text)
                : new Finding("disk flushes", Health.Doubtful, text, "put the journal on a faster disk with --data: every decision waits for a flush");
        }
        catch (Exception broken) when (broken is IOException or UnauthorizedAccessException)
        {
            return new Finding("disk flushes", Health.Bad, $"{folder} cannot be written: {broken.Message}", "make it writable, or choose another folder with --data");
        }
    }

    private static double FlushRate(string path, TimeProvider time)
    {
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.DeleteOnClose);
        byte[] block = new byte[BlockBytes];
        long start = time.GetTimestamp();
        int flushes = 0;
        do
        {
            file.Write(block);
            file.Flush(flushToDisk: true);
            flushes++;
        }
        while (flushes < FlushesMax && time.GetElapsedTime(start) < ProbeTime);
        return flushes / Math.Max(time.GetElapsedTime(start).TotalSeconds, 1e-9);
    }

    private static string Size(long bytes) => bytes >= 1L << 30 ? $"{(double)bytes / (1L << 30):F1} GiB" : $"{(double)bytes / (1L << 20):F1} MiB";
}
