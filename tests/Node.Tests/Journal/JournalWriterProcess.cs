using QTrade.Node.Journal;
using QTrade.Shared.Journal;

namespace QTrade.Node.Tests.Journal;

/// <summary>A process of its own that appends without end and reports what is durable, for the specs that kill it.</summary>
internal static class JournalWriterProcess
{
    public const string Verb = "write-journal";
    public const int EventsPerAppend = 2;
    private const int Entities = 8;

    public static async Task RunAsync(string folder, TextWriter reports)
    {
        var options = new SqliteJournalOptions { Folder = folder, CheckpointBytes = 1 << 18 };
        if (!SqliteJournal.TryOpen(options, TimeProvider.System, null, out SqliteJournal? journal, out string? refusal))
            throw new InvalidOperationException(refusal);
        long durable = 0;
        for (long first = 1; ; first += EventsPerAppend)
        {
            AppendProbe[] probes = [.. Enumerable.Range(0, Entities).Select(i => AppendProbe.Of($"e{i}", first, "one", "two"))];
            foreach (AppendProbe probe in probes) journal.Append(probe);
            await Task.WhenAll(probes.Select(probe => probe.Ended));
            durable += Entities * EventsPerAppend;
            await reports.WriteLineAsync(durable.ToString());
            await reports.FlushAsync();
        }
    }
}
