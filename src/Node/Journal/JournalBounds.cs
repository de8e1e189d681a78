using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;

namespace QTrade.Node.Journal;

/// <summary>How much a journal may hold and how much may wait for it, whatever it is kept in.</summary>
public class JournalBounds
{
    public JournalBounds()
    {
    }

    /// <summary>The same bounds.</summary>
    protected JournalBounds(JournalBounds other)
    {
        Retain = other.Retain;
        MaxSizeBytes = other.MaxSizeBytes;
        FinalManifests = other.FinalManifests;
        FinishedRetainMin = other.FinishedRetainMin;
        RetentionInterval = other.RetentionInterval;
        PendingAppendsMax = other.PendingAppendsMax;
        PendingSnapshotsMax = other.PendingSnapshotsMax;
        GroupAppendsMax = other.GroupAppendsMax;
        AnswerWithin = other.AnswerWithin;
    }

    /// <summary>How long events are kept after newer ones replaced them, where they lie behind their entity's last snapshot.</summary>
    public TimeSpan Retain { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Bytes the events and snapshots may take before events behind snapshots are dropped early.</summary>
    [Range(1 << 20, long.MaxValue)]
    public long MaxSizeBytes { get; init; } = 10L << 30;

    /// <summary>
    /// Kinds of events after which their entity has no more. Once such an event may go, its entity is forgotten whole, its name and its
    /// sequence number too: who writes to it again must be refused by something else.
    /// </summary>
    public ImmutableArray<string> FinalManifests { get; init; } = [];

    /// <summary>How long an entity that is over is remembered at least, however large the journal.</summary>
    public TimeSpan FinishedRetainMin { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How often retention looks.</summary>
    public TimeSpan RetentionInterval { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Appends that may wait for a commit; one more is refused as broken.</summary>
    [Range(1, int.MaxValue)]
    public int PendingAppendsMax { get; init; } = 1_000_000;

    /// <summary>Entities with a snapshot that waits for a commit; one more is dropped, counted.</summary>
    [Range(1, int.MaxValue)]
    public int PendingSnapshotsMax { get; init; } = 10_000;

    /// <summary>While one commit takes longer than this, appends that wait behind it are refused as broken, so that trading halts before the commit is given up.</summary>
    public TimeSpan AnswerWithin { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Appends in one commit.</summary>
    [Range(1, int.MaxValue)]
    public int GroupAppendsMax { get; init; } = 10_000;
}
