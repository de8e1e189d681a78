using System.Collections.Immutable;
using QTrade.Messages;
using QTrade.Trading.Ledgers;

namespace QTrade.Node.Actors;

/// <summary>How often each reason was given since the start, and the last of them in words. Counting takes no lock. Used from any thread.</summary>
internal sealed class RefusalCounter
{
    private readonly Lock _gate = new();
    private readonly Queue<ReasonedRefusal> _last = new(ReasonTally.Kept);
    private readonly long[] _counts = new long[Enum.GetValues<ReasonCode>().Max(reason => (int)reason) + 1];

    /// <summary>How often a reason was given.</summary>
    public long this[ReasonCode reason] => Volatile.Read(ref _counts[(int)reason]);

    /// <summary>Counts one more.</summary>
    public void Count(ReasonCode reason) => Interlocked.Increment(ref _counts[(int)reason]);

    /// <summary>Keeps one in words that was counted; the oldest of more than <see cref="ReasonTally.Kept"/> is let go of.</summary>
    public void Keep(ReasonedRefusal refusal)
    {
        lock (_gate)
        {
            if (_last.Count == ReasonTally.Kept)
                _last.Dequeue();
            _last.Enqueue(refusal);
        }
    }

    /// <summary>What was counted and kept.</summary>
    public RefusalStatus Status(RefusalSource source)
    {
        ImmutableArray<ReasonedRefusal> last;
        lock (_gate)
            last = [.. _last];
        return RefusalStatus.Of(source, Enum.GetValues<ReasonCode>().Select(reason => new ReasonCount(reason, this[reason])), last);
    }
}
