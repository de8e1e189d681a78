using System.Collections.Immutable;
using QTrade.Actors.Journal;

namespace QTrade.Node.Journal;

/// <summary>Finds the way around damaged pages and tells what lay there.</summary>
internal sealed class JournalDamage(JournalLosses losses)
{
    /// <summary>Ordinals probed one by one past a damage before the steps grow: more than the rows of many pages.</summary>
    private const int ProbesPerStep = 4_096;

    /// <summary>The file that says that the next start rebuilds the journal.</summary>
    public static string MarkerOf(string path) => path + ".rebuild";

    /// <summary>Has the next start rebuild the journal. A disk that does not even take this is no reason to end the node: that start looks anyway.</summary>
    public static void Mark(string path, string reason)
    {
        try
        {
            File.WriteAllText(MarkerOf(path), reason);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Every start checks what a writer needs, so that damage found here is most likely found there.
        }
    }

    /// <summary>The first ordinal after <paramref name="good"/> that can be reached again, or null if none can.</summary>
    /// <param name="reader">The reader that met the damage.</param>
    /// <param name="good">The last ordinal known to be good, or the one before the first wanted.</param>
    /// <param name="last">The last ordinal of the journal.</param>
    public static long? FindBehind(JournalReader reader, long good, long last)
    {
        long failed = good, step = 1;
        for (int probes = 1; failed + step <= last; probes++)
        {
            long probe = failed + step;
            RowReading reading = reader.Probe(probe, out long found);
            if (reading == RowReading.End) return null;
            if (reading != RowReading.PageDamaged) return step == 1 ? found : FirstReachable(reader, failed, found);
            failed = probe;
            step = 1 + (probes / ProbesPerStep);
        }
        return null;
    }

    /// <summary>Counts and names the loss of the ordinals <paramref name="from"/> to <paramref name="to"/>, unless that was done already.</summary>
    public void Lost(JournalReader reader, long from, long to) => losses.Add(from, to, () => EventsIn(reader, from, to));

    private static long FirstReachable(JournalReader reader, long failed, long reachable)
    {
        while (reachable - failed > 1)
        {
            long middle = failed + ((reachable - failed) / 2);
            if (reader.Probe(middle, out long found) == RowReading.PageDamaged) failed = middle;
            else if (found >= reachable) return reachable;
            else reachable = found;
        }
        return reachable;
    }

    /// <summary>
    /// What lay there, told by what did not: an event behind the stretch whose previous one lies in it, or a head that points into it, gives
    /// the last that an entity lost; the entity's last event before the stretch gives the first.
    /// </summary>
    private static ImmutableArray<LostEvents> EventsIn(JournalReader reader, long from, long to)
    {
        var upper = new Dictionary<long, long>();
        Walk(reader, "SELECT entity, highest, last FROM heads WHERE last BETWEEN ?1 AND ?2", from, to, row => upper[row.Int64(0)] = row.Int64(1));
        // "From the next on" and not "after": a page is left by its last key only through that page.
        Walk(
            reader, "SELECT entity, sequence, ordinal FROM events WHERE ordinal >= ?2 + 1 AND ordinal - back BETWEEN ?1 AND ?2 AND back > 0 ORDER BY ordinal",
            from, to, row => upper[row.Int64(0)] = row.Int64(1) - 1);

        var before = new Dictionary<long, long>();
        Walk(reader, "SELECT entity, trimmed FROM heads WHERE ?1 <= ?2", from, to, row => before[row.Int64(0)] = row.Int64(1));
        Walk(
            reader, "SELECT entity, sequence FROM events WHERE ordinal < ?1 AND ?1 <= ?2 ORDER BY ordinal",
            from, to, row => before[row.Int64(0)] = row.Int64(1));

        var lost = new List<LostEvents>();
        foreach ((long entity, long last) in upper.OrderBy(pair => pair.Key))
        {
            long first = before.GetValueOrDefault(entity) + 1;
            if (first <= last) lost.Add(new LostEvents(NameOf(reader, entity), first, last));
        }
        return [.. lost];
    }

    /// <summary>Walks the rows as far as they can be read; another damage among them ends the walk.</summary>
    private static void Walk(JournalReader reader, string sql, long from, long to, Action<SqliteStatement> row)
    {
        using SqliteStatement statement = reader.PrepareOwned(sql);
        try
        {
            statement.Bind(1, from);
            statement.Bind(2, to);
            while (statement.Step()) row(statement);
        }
        catch (SqliteFailureException failure) when (failure.IsCorrupt)
        {
            // What was told until here stands.
        }
    }

    private static string NameOf(JournalReader reader, long entity)
    {
        try
        {
            return reader.Name(entity);
        }
        catch (SqliteFailureException failure) when (failure.IsCorrupt)
        {
            return $"entity {entity}";
        }
    }
}
