using System.Collections.Immutable;
using QTrade.Messages;

namespace QTrade.Trading.Ledgers;

/// <summary>How often each reason was given, and the last of them in words.</summary>
/// <param name="Counts">By reason, since the beginning.</param>
/// <param name="Last">The last <see cref="Kept"/> with who and why, oldest first.</param>
/// <param name="LastCount">How many those are.</param>
public sealed record ReasonTally(ImmutableSortedDictionary<ReasonCode, long> Counts, ImmutableQueue<ReasonedRefusal> Last, int LastCount)
{
    /// <summary>How many refusals are kept in words; older ones are counted only.</summary>
    public const int Kept = 50;

    public static ReasonTally Empty { get; } = new(ImmutableSortedDictionary<ReasonCode, long>.Empty, [], 0);

    /// <summary>How often the reason was given.</summary>
    public long this[ReasonCode reason] => Counts.GetValueOrDefault(reason);

    public ReasonTally Add(ReasonedRefusal refusal)
    {
        var last = Last.Enqueue(refusal);
        if (LastCount == Kept)
            last = last.Dequeue();
        return new ReasonTally(Counts.SetItem(refusal.Reason, this[refusal.Reason] + 1), last, Math.Min(LastCount + 1, Kept));
    }
}
