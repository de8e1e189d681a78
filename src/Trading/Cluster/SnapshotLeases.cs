using System.Collections.Immutable;
using QTrade.Messages.Routing;

namespace QTrade.Trading.Cluster;

/// <summary>
/// Which optimizer has which snapshot. A lease that lapses has the newest cut offered again, to whoever asks next; the first result of a snapshot
/// counts, whoever gives it, and later ones are counted and passed over. Mutable, and owned by the router.
/// </summary>
/// <param name="term">For how long an optimizer has a snapshot: longer than any solve that its options allow.</param>
public sealed class SnapshotLeases(TimeSpan term)
{
    /// <summary>A snapshot is given to so many optimizers one after the other, then it has failed.</summary>
    public const int AttemptsMax = 3;

    /// <summary>Most snapshots that have no result; the router hands out no more until one has.</summary>
    public const int OpenMax = 64;

    private readonly SortedDictionary<SnapshotId, Entry> open = [];

    /// <summary>For how long an optimizer has a snapshot.</summary>
    public TimeSpan Term => term;

    /// <summary>Leases given.</summary>
    public long Granted { get; private set; }

    /// <summary>Leases that ended without a result.</summary>
    public long Lapsed { get; private set; }

    /// <summary>Results of snapshots that had one, had failed or were never given out.</summary>
    public long Late { get; private set; }

    /// <summary>Leases refused because <see cref="OpenMax"/> snapshots had no result.</summary>
    public long Refused { get; private set; }

    /// <summary>Snapshots without result.</summary>
    public int Open => open.Count;

    /// <summary>Leases that run.</summary>
    public int Running => open.Values.Count(entry => entry.Lease is not null);

    /// <summary>When the next lease lapses; null where none runs.</summary>
    public TimeSpan? NextLapse => open.Values.Min(entry => entry.Lease?.Until);

    /// <summary>The newest snapshot without result whose lease lapsed: to be offered again where nothing newer is to be cut.</summary>
    public SnapshotId? ToOfferAgain => open.Count > 0 && open.Last() is { Value.Lease: null, Key: var id } ? id : null;

    /// <summary>An optimizer is given a snapshot, for the first time or again.</summary>
    /// <returns>The lease; null where the snapshot is another optimizer's or the bound is reached.</returns>
    public SnapshotLease? Grant(SnapshotId id, string optimizer, TimeSpan now)
    {
        var known = open.TryGetValue(id, out var entry);
        if (known && entry!.Lease is not null)
            return null;
        if (!known && open.Count >= OpenMax)
        {
            Refused++;
            return null;
        }

        var lease = new SnapshotLease(id, optimizer, now + term, (entry?.Attempts ?? 0) + 1);
        open[id] = new Entry(lease, lease.Attempt);
        Granted++;
        return lease;
    }

    /// <summary>Time passed: the leases that lapsed, oldest snapshot first. A snapshot whose last lease lapsed is over (<see cref="SnapshotLease.IsLast"/>): the router ends it as failed.</summary>
    public ImmutableArray<SnapshotLease> Look(TimeSpan now)
    {
        var lapsed = ImmutableArray.CreateBuilder<SnapshotLease>();
        foreach (var (id, entry) in open.ToList())
        {
            if (entry.Lease is not { } lease || now < lease.Until)
                continue;
            lapsed.Add(lease);
            Lapsed++;
            if (lease.IsLast)
                open.Remove(id);
            else
                open[id] = entry with { Lease = null };
        }

        return lapsed.DrainToImmutable();
    }

    /// <summary>An optimizer is known to be gone: its leases lapse at the next look.</summary>
    public void Gone(string optimizer)
    {
        foreach (var (id, entry) in open.ToList())
        {
            if (entry.Lease is { } lease && lease.Optimizer == optimizer)
                open[id] = entry with { Lease = lease with { Until = TimeSpan.MinValue } };
        }
    }

    /// <summary>A result came. It also answers for every older snapshot, which the decision supersedes.</summary>
    /// <returns>Whether it is the first of its snapshot.</returns>
    public bool Take(SnapshotId id)
    {
        if (!open.ContainsKey(id))
        {
            Late++;
            return false;
        }

        foreach (var older in open.Keys.TakeWhile(other => other <= id).ToList())
            open.Remove(older);
        return true;
    }

    /// <summary>A snapshot ended in another way.</summary>
    public void End(SnapshotId id) => open.Remove(id);

    private sealed record Entry(SnapshotLease? Lease, int Attempts);
}
