using System.Collections.Immutable;

namespace QTrade.Node.Journal;

/// <summary>Looks through a reader of its own and hands the writer's thread small batches between two commits.</summary>
internal sealed class SqliteRetentionStore(
    JournalReaders readers, JournalWriter writer, SqliteGroupStore store, ImmutableArray<string> finalManifests) : IRetentionStore
{
    /// <summary>Pages given back to the disk between two commits.</summary>
    private const int ShrinkPages = 256;

    /// <summary>Free pages are kept for what comes, up to one in this many.</summary>
    private const int FreeShare = 4;

    public async Task<long> UsedBytesAsync()
    {
        long used = 0;
        await RunAsync(store => used = store.UsedPages * JournalSchema.PageBytes).ConfigureAwait(false);
        return used;
    }

    public List<RetentionPass.Candidate> Decide(RetentionPass pass, int most)
    {
        JournalReader reader = readers.Rent();
        try
        {
            string final = FinalManifests(reader);
            using SqliteStatement rows = reader.PrepareOwned(
                $"""
                SELECT e.ordinal, e.entity, e.sequence, e.time, length(e.payload), e.manifest IN ({final})
                FROM events e LEFT JOIN snapshots s ON s.entity = e.entity
                WHERE e.ordinal > ?1 AND (e.sequence <= s.sequence OR e.manifest IN ({final})) ORDER BY e.ordinal LIMIT ?2
                """);
            rows.Bind(1, pass.Cursor);
            rows.Bind(2, most);
            var read = new List<RetentionPass.Row>();
            while (rows.Step())
            {
                var candidate = new RetentionPass.Candidate(rows.Int64(0), rows.Int64(1), rows.Int64(2), rows.Int64(5) != 0);
                read.Add(new RetentionPass.Row(candidate, rows.Int64(3), rows.Int64(4)));
            }
            return pass.Take(read, most, entity => HasSoundSnapshot(reader, entity));
        }
        finally
        {
            readers.Return(reader);
        }
    }

    public async Task<int> DropAsync(IReadOnlyList<RetentionPass.Candidate> batch)
    {
        int dropped = 0;
        await RunAsync(store => dropped = Drop(store, batch)).ConfigureAwait(false);
        return dropped;
    }

    public async Task ShrinkAsync(CancellationToken cancellation)
    {
        bool more = true;
        while (more)
        {
            cancellation.ThrowIfCancellationRequested();
            await RunAsync(store =>
            {
                long free = store.FreePages, used = store.UsedPages;
                more = free > ShrinkPages && free > used / FreeShare;
                if (more) store.Shrink(ShrinkPages);
            }).ConfigureAwait(false);
        }
    }

    private static int Drop(JournalStore store, IReadOnlyList<RetentionPass.Candidate> batch)
    {
        int dropped = 0;
        store.Begin();
        foreach (RetentionPass.Candidate candidate in batch)
        {
            if (candidate.Final)
            {
                dropped += store.Forget(candidate.Entity, candidate.Ordinal, candidate.Sequence);
            }
            else
            {
                store.Trim(candidate.Ordinal, candidate.Entity, candidate.Sequence);
                dropped++;
            }
        }
        store.Commit();
        return dropped;
    }

    private static bool HasSoundSnapshot(JournalReader reader, long entity)
    {
        reader.Snapshot(reader.Name(entity), out bool damaged);
        return !damaged;
    }

    private Task RunAsync(Action<JournalStore> work) => writer.RunAsync(() => store.Use(work));

    /// <summary>The keys of the manifests after which an entity is over, for an SQL list.</summary>
    private string FinalManifests(JournalReader reader)
    {
        var keys = new List<long>();
        using SqliteStatement find = reader.PrepareOwned("SELECT id FROM manifests WHERE name = ?1");
        foreach (string name in finalManifests)
        {
            find.Bind(1, name);
            while (find.Step()) keys.Add(find.Int64(0));
            find.Reset();
        }
        return string.Join(',', keys);
    }
}
