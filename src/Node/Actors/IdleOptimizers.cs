using System.Collections.Immutable;
using QTrade.Messages.Routing;
using QTrade.Trading.Routing;

namespace QTrade.Node.Actors;

/// <summary>
/// Which optimizers are idle, and which snapshot each of the others has. One says again and again that it is idle, and what it says may have waited for long: while it
/// has a snapshot it counts as idle no more until that is decided, or each delay would give it one more, for ever. Owned by the router.
/// </summary>
internal sealed class IdleOptimizers
{
    private readonly List<string> _idle = [];
    private readonly Dictionary<string, SnapshotId> _workOf = [];
    private readonly SortedSet<string> _readyAgain = new(StringComparer.Ordinal);

    /// <summary>Whether one is idle.</summary>
    public bool Any => _idle.Count > 0;

    /// <summary>The one that has been so for longest.</summary>
    public string Longest => _idle[0];

    /// <summary>It says that it is idle.</summary>
    /// <returns>Whether it is: where the router does not know yet what became of its snapshot, it is so once that is decided.</returns>
    public bool Hear(string optimizer, RouterState state)
    {
        if (IsBusy(optimizer, state))
        {
            _readyAgain.Add(optimizer);
            return false;
        }

        Add(optimizer);
        return true;
    }

    /// <summary>Those that said so while they had a snapshot, and have none any more, are idle.</summary>
    public void TakeReadyAgain(RouterState state)
    {
        foreach (var optimizer in _readyAgain.ToArray())
        {
            if (IsBusy(optimizer, state))
                continue;
            _readyAgain.Remove(optimizer);
            Add(optimizer);
        }
    }

    /// <summary>It is idle, the last of them.</summary>
    public void Add(string optimizer)
    {
        if (!_idle.Contains(optimizer))
            _idle.Add(optimizer);
    }

    /// <summary>The one that has been idle for longest is given a snapshot.</summary>
    /// <returns>Its name.</returns>
    public string Give(SnapshotId work)
    {
        var name = _idle[0];
        _idle.RemoveAt(0);
        _workOf[name] = work;
        _readyAgain.Remove(name);
        return name;
    }

    /// <summary>What it was given last is nobody's.</summary>
    /// <returns>The snapshot; null where it was given none.</returns>
    public SnapshotId? TakeBack(string optimizer) => _workOf.Remove(optimizer, out var work) ? work : null;

    /// <summary>The lease of its snapshot lapsed; of one that it had before it is of no account.</summary>
    public void Lapse(string optimizer, SnapshotId lapsed)
    {
        if (_workOf.TryGetValue(optimizer, out var work) && work == lapsed)
            _workOf.Remove(optimizer);
    }

    /// <summary>Who is gone has nothing any more, until he says again that he is ready.</summary>
    /// <returns>Those that were given a snapshot: their leases lapse.</returns>
    public ImmutableArray<string> Forget(Predicate<string> isGone)
    {
        _idle.RemoveAll(isGone);
        _readyAgain.RemoveWhere(isGone);
        return [.. _workOf.Keys.Where(name => isGone(name))];
    }

    private bool IsBusy(string optimizer, RouterState state) => _workOf.TryGetValue(optimizer, out var work) && state.Undecided.ContainsKey(work);
}
