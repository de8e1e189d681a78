namespace QTrade.Markets;

/// <summary>A pool's name inside a market: not empty, unique there, compared by its characters.</summary>
public readonly record struct PoolId(string Value) : IComparable<PoolId>
{
    /// <inheritdoc/>
    public int CompareTo(PoolId other) => string.CompareOrdinal(Value, other.Value);

    /// <inheritdoc/>
    public override string ToString() => Value;

    public static bool operator <(PoolId left, PoolId right) => left.CompareTo(right) < 0;

    public static bool operator <=(PoolId left, PoolId right) => left.CompareTo(right) <= 0;

    public static bool operator >(PoolId left, PoolId right) => left.CompareTo(right) > 0;

    public static bool operator >=(PoolId left, PoolId right) => left.CompareTo(right) >= 0;
}
