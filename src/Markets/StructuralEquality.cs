using System.Collections.Immutable;

namespace QTrade.Markets;

/// <summary>Equality of immutable arrays by their elements, for records that hold some. A default array equals an empty one.</summary>
public static class StructuralEquality
{
    /// <summary>Whether both hold equal elements in the same order.</summary>
    public static bool Same<T>(ImmutableArray<T> left, ImmutableArray<T> right) => left.AsSpan().SequenceEqual(right.AsSpan());

    /// <summary>A hash of the elements in their order.</summary>
    public static int Hash<T>(ImmutableArray<T> values)
    {
        HashCode hash = default;
        foreach (var value in values.AsSpan())
            hash.Add(value);
        return hash.ToHashCode();
    }
}
