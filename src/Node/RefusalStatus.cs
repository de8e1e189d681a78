using System.Collections.Immutable;
using QTrade.Trading.Ledgers;

namespace QTrade.Node;

/// <summary>What one part of the node refused: every reason with its count, and the last refusals in words.</summary>
/// <param name="Source">Who refused.</param>
/// <param name="Counts">By reason, most frequent first.</param>
/// <param name="Last">The last of them, at most <see cref="ReasonTally.Kept"/>, oldest first.</param>
public sealed record RefusalStatus(RefusalSource Source, ImmutableArray<ReasonCount> Counts, ImmutableArray<ReasonedRefusal> Last)
{
    /// <summary>How many there were, whatever the reason.</summary>
    public long Total => Counts.Sum(count => count.Count);

    /// <summary>What a tally says.</summary>
    public static RefusalStatus Of(RefusalSource source, ReasonTally tally) =>
        Of(source, tally.Counts.Select(count => new ReasonCount(count.Key, count.Value)), [.. tally.Last]);

    /// <summary>Reasons with a count, put in order.</summary>
    public static RefusalStatus Of(RefusalSource source, IEnumerable<ReasonCount> counts, ImmutableArray<ReasonedRefusal> last) => new(
        source, [.. counts.Where(count => count.Count > 0).OrderByDescending(count => count.Count).ThenBy(count => count.Reason)], last);
}
