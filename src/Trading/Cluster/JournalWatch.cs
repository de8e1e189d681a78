namespace QTrade.Trading.Cluster;

/// <summary>
/// Whether a node can do what needs the journal. It stands aside once its journal has been broken for <see cref="ClusterTiming.JournalSilence"/>, and no longer
/// once that writes again. Mutable, and owned by one actor.
/// </summary>
public sealed class JournalWatch
{
    private TimeSpan? brokenSince;
    private TimeSpan? triedAt;

    /// <summary>Whether the node takes nothing that needs the journal.</summary>
    public bool IsAside { get; private set; }

    /// <summary>How often the node stood aside.</summary>
    public long StoodAside { get; private set; }

    /// <summary>Time passed. Call at least as often as nodes announce.</summary>
    /// <returns>Whether <see cref="IsAside"/> has changed.</returns>
    public bool Look(bool isBroken, TimeSpan now)
    {
        if (!isBroken)
        {
            (brokenSince, triedAt) = (null, null);
            var wasAside = IsAside;
            IsAside = false;
            return wasAside;
        }

        brokenSince ??= now;
        if (IsAside || now - brokenSince < ClusterTiming.JournalSilence)
            return false;
        IsAside = true;
        StoodAside++;
        return true;
    }

    /// <summary>Whether the journal is to be tried now: nothing else may write that would show that it is there again. It counts as tried with that.</summary>
    public bool IsTrialDue(TimeSpan now)
    {
        if (brokenSince is null || now - triedAt < ClusterTiming.JournalTriedEvery)
            return false;
        triedAt = now;
        return true;
    }
}
