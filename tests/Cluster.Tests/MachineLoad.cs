using System.Globalization;

namespace QTrade.Cluster.Tests;

/// <summary>
/// How much longer than alone this process takes, since it shares its processors: its threads' time on a processor together with the time that they were ready and
/// waited for one, over the former. What the nodes wait for is about the same. Never more than <see cref="Most"/>, and 1 where the system does not tell.
/// </summary>
internal sealed class MachineLoad
{
    /// <summary>The most that a time is excused by.</summary>
    public const double Most = 4;

    private readonly Dictionary<string, (long Run, long Wait)> _threads = [];

    private MachineLoad()
    {
        if (!Directory.Exists("/proc/self/task")) return;
        foreach (string thread in Directory.EnumerateDirectories("/proc/self/task"))
        {
            try
            {
                string[] fields = File.ReadAllText(Path.Combine(thread, "schedstat")).Split(' ');
                _threads.Add(thread, (long.Parse(fields[0], CultureInfo.InvariantCulture), long.Parse(fields[1], CultureInfo.InvariantCulture)));
            }
            catch (Exception gone) when (gone is IOException or UnauthorizedAccessException or FormatException)
            {
                // The thread has ended, or the system counts nothing.
            }
        }
    }

    /// <summary>The moment that <see cref="Factor"/> counts from.</summary>
    public static MachineLoad Now() => new();

    /// <summary>1 where the process had a processor whenever it wanted one, up to <see cref="Most"/>.</summary>
    public double Factor()
    {
        long run = 0, wait = 0;
        foreach ((string thread, (long Run, long Wait) now) in Now()._threads)
        {
            (long Run, long Wait) before = _threads.GetValueOrDefault(thread);
            run += Math.Max(0, now.Run - before.Run);
            wait += Math.Max(0, now.Wait - before.Wait);
        }

        return run == 0 ? 1 : Math.Min(Most, (double)(run + wait) / run);
    }
}
