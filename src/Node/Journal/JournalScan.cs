using QTrade.Actors.Journal;

namespace QTrade.Node.Journal;

/// <summary>Streams events out of one reader's view; what is damaged is named and passed over.</summary>
internal sealed class JournalScan(JournalReader reader, JournalDamage damage)
{
    /// <summary>Events after an ordinal in the global order.</summary>
    public IEnumerable<StoredEvent> After(long afterOrdinal)
    {
        long last = afterOrdinal;
        reader.Seek(afterOrdinal + 1);
        while (true)
        {
            RowReading reading = reader.Next(last, out StoredEvent stored, out long ordinal);
            switch (reading)
            {
                case RowReading.Event:
                    last = ordinal;
                    yield return stored;
                    break;
                case RowReading.EventDamaged:
                    damage.Lost(reader, ordinal, ordinal);
                    last = ordinal;
                    break;
                case RowReading.PageDamaged:
                    if (!TryPass(ref last)) yield break;
                    break;
                default:
                    yield break;
            }
        }
    }

    /// <summary>Events of one entity after a sequence number, found by following its chain back and read forwards.</summary>
    public IEnumerable<StoredEvent> Of(string name, long afterSequence)
    {
        (_, long highest, long last, long trimmed) = reader.Head(name);
        long wanted = Math.Max(afterSequence, trimmed);
        if (wanted >= highest) yield break;
        if (!TryChain(highest, last, wanted, out List<long> ordinals))
        {
            // A link is missing: the global order still holds every event of the entity that can be read.
            foreach (StoredEvent stored in After(0))
                if (stored.SequenceNumber > afterSequence && stored.PersistenceId == name) yield return stored;
            yield break;
        }
        for (int i = ordinals.Count - 1; i >= 0; i--)
        {
            if (reader.Find(ordinals[i], out StoredEvent stored) == RowReading.Event) yield return stored;
            else damage.Lost(reader, ordinals[i], ordinals[i]);
        }
    }

    private bool TryChain(long highest, long last, long wanted, out List<long> ordinals)
    {
        ordinals = [];
        long ordinal = last;
        for (long expected = highest; expected > wanted; expected--)
        {
            if (!reader.TryFollow(ordinal, out long sequence, out long back) || sequence != expected) return false;
            ordinals.Add(ordinal);
            ordinal -= back;
        }
        return true;
    }

    private bool TryPass(ref long last)
    {
        long end = Math.Max(LastOrdinal(), last);
        long? behind = JournalDamage.FindBehind(reader, last, end);
        damage.Lost(reader, last + 1, (behind ?? end + 1) - 1);
        if (behind is not long next) return false;
        last = next - 1;
        reader.Seek(next);
        return true;
    }

    /// <summary>The last ordinal as the heads know it, which does not depend on the damaged table.</summary>
    private long LastOrdinal()
    {
        try
        {
            return reader.ReadInt64("SELECT max(last) FROM heads");
        }
        catch (SqliteFailureException failure) when (failure.IsCorrupt)
        {
            return 0;
        }
    }
}
