using System.Collections.Immutable;
using QTrade.Messages.Execution;
using QTrade.Messages.Routing;

namespace QTrade.Trading.Routing;

/// <summary>
/// The publisher's side of the queue of solutions: it keeps outstanding (published minus ended) within the bound and waits. What waits and
/// what is outstanding follows from the router's open solutions; only which were published since the start is remembered here, so that
/// a new router publishes again what has not ended. Mutable, and owned by the router.
/// </summary>
/// <param name="outstandingMax">Most solutions outstanding.</param>
public sealed class RouteQueue(int outstandingMax)
{
    private readonly SortedSet<SnapshotId> published = [];

    /// <summary>Solutions published that have not ended.</summary>
    public int Outstanding => published.Count;

    /// <summary>Solutions published, repeats included.</summary>
    public long Published { get; private set; }

    /// <summary>How often a decided solution found the queue full and had to wait.</summary>
    public long Waited { get; private set; }

    /// <summary>Decided solutions that are not published.</summary>
    public int Waiting(RouterState state) => state.Open.Count - published.Count;

    /// <summary>Takes the next solution to publish, oldest first; null: none waits, or the queue is full.</summary>
    public ExecuteSolution? Next(RouterState state)
    {
        if (published.Count == state.Open.Count)
            return null;
        if (published.Count >= outstandingMax)
        {
            Waited++;
            return null;
        }

        foreach (var (id, solution) in state.Open)
        {
            if (!published.Add(id))
                continue;
            Published++;
            return new ExecuteSolution(state.Epoch, id, solution.ToExecute, solution.ExpirySlot);
        }

        return null;
    }

    /// <summary>The router learned that a solution is over. Call after the event was applied.</summary>
    public void End(SnapshotId id) => published.Remove(id);

    /// <summary>The receiver is a new one and knows nothing: everything open is published again.</summary>
    public void Restart() => published.Clear();

    /// <summary>
    /// Solutions that wait and whose expiry has passed, oldest first. Not those of an earlier epoch: its router may have published them, so that only the
    /// executor knows what became of them.
    /// </summary>
    public ImmutableArray<OpenSolution> ExpiredWaiting(RouterState state, ulong newestSlot) =>
    [
        .. state.Open.Values.Where(solution => newestSlot > solution.ExpirySlot
            && solution.SnapshotId.Epoch == state.Epoch && !published.Contains(solution.SnapshotId)),
    ];
}
