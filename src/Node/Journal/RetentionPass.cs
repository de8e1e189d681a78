namespace QTrade.Node.Journal;

/// <summary>How far one pass over the journal has come, and what it has decided so far.</summary>
/// <param name="cutoff">Events from before this may go, in milliseconds since 1970.</param>
/// <param name="finishedCutoff">Entities that were over before this may go while the journal is too large.</param>
/// <param name="excess">Bytes by which the journal is too large; not above 0 where it is not.</param>
internal sealed class RetentionPass(long cutoff, long finishedCutoff, long excess)
{
    /// <summary>What a row takes beside its payload, roughly.</summary>
    private const int RowBytes = 32;

    /// <summary>The newest event behind its snapshot of each entity met, which stays until a newer one replaces it.</summary>
    private readonly Dictionary<long, (Candidate Event, long Bytes)> _newest = [];
    private readonly Dictionary<long, bool> _sound = [];
    private long _excess = excess;

    /// <summary>The pass goes on behind this ordinal.</summary>
    public long Cursor { get; private set; }

    /// <summary>Whether it has come to events that must stay.</summary>
    public bool Ended { get; private set; }

    /// <summary>Decides on the next rows, in their order.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="most">How many there are unless they are the last.</param>
    /// <param name="isSound">Whether the entity's snapshot can be read.</param>
    public List<Candidate> Take(IReadOnlyList<Row> rows, int most, Func<long, bool> isSound)
    {
        var batch = new List<Candidate>();
        foreach (Row row in rows)
        {
            if (row.Time >= cutoff && _excess <= 0)
            {
                Ended = true;
                return batch;
            }
            Cursor = row.Event.Ordinal;
            long bytes = row.PayloadBytes + RowBytes;
            if (row.Event.Final)
            {
                if (row.Time < Math.Min(cutoff, finishedCutoff) || (_excess > 0 && row.Time < finishedCutoff)) Drop(row.Event, bytes, batch);
            }
            else if (IsSound(row.Event.Entity, isSound))
            {
                if (_newest.TryGetValue(row.Event.Entity, out (Candidate Event, long Bytes) replaced)) Drop(replaced.Event, replaced.Bytes, batch);
                _newest[row.Event.Entity] = (row.Event, bytes);
            }
        }
        Ended = rows.Count < most;
        return batch;
    }

    private void Drop(Candidate candidate, long bytes, List<Candidate> batch)
    {
        batch.Add(candidate);
        _excess -= bytes;
    }

    private bool IsSound(long entity, Func<long, bool> isSound)
    {
        if (!_sound.TryGetValue(entity, out bool sound)) _sound.Add(entity, sound = isSound(entity));
        return sound;
    }

    /// <summary>An event that lies behind its entity's snapshot, or a final one.</summary>
    internal readonly record struct Row(Candidate Event, long Time, long PayloadBytes);

    /// <summary>An event that may go; a final one with its whole entity.</summary>
    internal readonly record struct Candidate(long Ordinal, long Entity, long Sequence, bool Final);
}
