using System.Collections.Immutable;

namespace QTrade.Trading.Cluster;

/// <summary>The loss limit that several executors share, and what is leased of it.</summary>
/// <param name="Generation">Grows when trading is resumed; slices of an earlier one are void.</param>
/// <param name="LossMax">All executors together may lose so much until trading is resumed, in value units.</param>
/// <param name="Lost">Lost in slices that were given back, and without a slice.</param>
/// <param name="Slices">Slices that were not given back, by executor and number.</param>
public sealed record RiskState(long Generation, double LossMax, double Lost, ImmutableSortedDictionary<(string Executor, long Number), RiskSlice> Slices)
{
    /// <summary>Most slices that are out at once.</summary>
    public const int SlicesMax = 256;

    /// <summary>Before anything happened: nothing may be lost.</summary>
    public static RiskState Initial { get; } = new(1, 0, 0, ImmutableSortedDictionary.Create<(string Executor, long Number), RiskSlice>(SliceOrder.Instance));

    /// <summary>What slices that were given back lost, by the journal of their executors (<see cref="RiskRules.EntityOf"/>).</summary>
    public ImmutableDictionary<string, double> LostBy { get; init; } = ImmutableDictionary.Create<string, double>(StringComparer.Ordinal);

    /// <summary>Most executors of which it is kept apart what they lost without a slice; of more that is kept by their journals.</summary>
    public const int OutsideMax = 256;

    /// <summary>What executors lost without a slice, in all; of what none of them told in its time by their journal.</summary>
    public ImmutableDictionary<string, double> Outside { get; init; } = ImmutableDictionary.Create<string, double>(StringComparer.Ordinal);

    /// <summary>Whether a person set the limit.</summary>
    public bool IsOrdered { get; init; }

    /// <summary>When a person set the limit; the default where none did.</summary>
    public DateTimeOffset OrderedAt { get; init; }

    /// <summary>When trading was resumed last; null where it never was.</summary>
    public DateTimeOffset? ResetAt { get; init; }

    /// <summary>What may still be leased, at least 0. A slice that lapsed stays out: nobody knows what was lost of it.</summary>
    public double Free => Math.Max(0, LossMax - Lost - Slices.Values.Sum(slice => slice.AtRisk));

    /// <summary>Slices whose executor did not report in time.</summary>
    public int Lapsed(DateTimeOffset now) => Slices.Values.Count(slice => now >= slice.Until);

    // The default order of texts is the culture's.
    private sealed class SliceOrder : IComparer<(string Executor, long Number)>
    {
        public static readonly SliceOrder Instance = new();

        public int Compare((string Executor, long Number) x, (string Executor, long Number) y)
        {
            var byExecutor = string.CompareOrdinal(x.Executor, y.Executor);
            return byExecutor != 0 ? byExecutor : x.Number.CompareTo(y.Number);
        }
    }
}
