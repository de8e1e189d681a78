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

    /// <summary>Decides on rows (ordinal, entity, sequence, time, bytes, final) in their order.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="most">How many there are unless they are the last.</param>
    /// <param name="isSound">Whether the entity's snapshot can be read.</param>
    public List<Candidate> Take(SqliteStatement rows, int most, Func<long, bool> isSound)
    {
        var batch = new List<Candidate>();
        int seen = 0;
        while (rows.Step())
        {
            long time = rows.Int64(3), bytes = rows.Int64(4) + RowBytes;
            if (time >= cutoff && _excess <= 0)
            {
                Ended = true;
                return batch;
            }
            seen++;
            var row = new Candidate(rows.Int64(0), rows.Int64(1), rows.Int64(2), rows.Int64(5) != 0);
            Cursor = row.Ordinal;
            if (row.Final)
            {
                if (time < Math.Min(cutoff, finishedCutoff) || (_excess > 0 && time < finishedCutoff)) Drop(row, bytes, batch);
            }
            else if (IsSound(row.Entity, isSound))
            {
                if (_newest.TryGetValue(row.Entity, out (Candidate Event, long Bytes) replaced)) Drop(replaced.Event, replaced.Bytes, batch);
                _newest[row.Entity] = (row, bytes);
            }
        }
        Ended = seen < most;
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

    /// <summary>An event that may go; a final one with its whole entity.</summary>
    internal readonly record struct Candidate(long Ordinal, long Entity, long Sequence, bool Final);
}
