using System.Globalization;

namespace QTrade.Messages.Routing;

/// <summary>Name of a market snapshot: the router's epoch and the number within it, written <c>epoch-number</c>. Ordered by both.</summary>
public readonly record struct SnapshotId(long Epoch, long Number) : IComparable<SnapshotId>
{
    public int CompareTo(SnapshotId other)
    {
        var byEpoch = Epoch.CompareTo(other.Epoch);
        return byEpoch != 0 ? byEpoch : Number.CompareTo(other.Number);
    }

    public static bool operator <(SnapshotId left, SnapshotId right) => left.CompareTo(right) < 0;

    public static bool operator >(SnapshotId left, SnapshotId right) => left.CompareTo(right) > 0;

    public static bool operator <=(SnapshotId left, SnapshotId right) => left.CompareTo(right) <= 0;

    public static bool operator >=(SnapshotId left, SnapshotId right) => left.CompareTo(right) >= 0;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Epoch}-{Number}");

    /// <summary>Reads <c>epoch-number</c>; false for anything else.</summary>
    public static bool TryParse(string text, out SnapshotId id)
    {
        id = default;
        var dash = text.IndexOf('-', StringComparison.Ordinal);
        if (dash <= 0
            || !long.TryParse(text.AsSpan(0, dash), NumberStyles.None, CultureInfo.InvariantCulture, out var epoch)
            || !long.TryParse(text.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return false;
        id = new SnapshotId(epoch, number);
        return true;
    }
}
