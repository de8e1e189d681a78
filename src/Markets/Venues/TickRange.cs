namespace QTrade.Markets.Venues;

/// <summary>
/// The initialised ticks that are known, ascending, and from where to where they are all known. Immutable, shared by all states of a pool.
/// </summary>
public sealed class TickRange : IEquatable<TickRange>
{
    private readonly TickLiquidity[] _ticks;
    private readonly UInt128[] _roots;

    /// <summary>Takes copies.</summary>
    /// <param name="ticks">The ticks, ascending.</param>
    /// <param name="rootAt">The venue's map from ticks to roots.</param>
    /// <param name="first">The lowest tick of what is known.</param>
    /// <param name="last">The highest tick of what is known.</param>
    /// <exception cref="ArgumentException">The ticks do not ascend.</exception>
    public TickRange(ReadOnlySpan<TickLiquidity> ticks, Func<int, UInt128> rootAt, int first, int last)
    {
        First = first;
        Last = last;
        _ticks = ticks.ToArray();
        _roots = new UInt128[ticks.Length];
        for (var i = 0; i < ticks.Length; i++)
        {
            if (i > 0 && ticks[i].Tick <= ticks[i - 1].Tick)
                throw new ArgumentException("ticks must ascend", nameof(ticks));
            _roots[i] = rootAt(ticks[i].Tick);
        }
    }

    /// <summary>The lowest tick of what is known.</summary>
    public int First { get; }

    /// <summary>The highest tick of what is known.</summary>
    public int Last { get; }

    /// <summary>How many ticks are initialised.</summary>
    public int Count => _ticks.Length;

    /// <summary>The tick at an index, the lowest first.</summary>
    public TickLiquidity this[int index] => _ticks[index];

    /// <summary>The square root of the price there, Q64.64.</summary>
    public UInt128 RootOf(int index) => _roots[index];

    /// <inheritdoc/>
    public bool Equals(TickRange? other) =>
        ReferenceEquals(this, other)
        || (other is not null && First == other.First && Last == other.Last
            && _ticks.AsSpan().SequenceEqual(other._ticks) && _roots.AsSpan().SequenceEqual(other._roots));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as TickRange);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(First, Last, Count);

    /// <summary>How many initialised ticks are not above this one.</summary>
    public int CountUpTo(int tick)
    {
        var (low, high) = (0, _ticks.Length);
        while (low < high)
        {
            var middle = (low + high) >> 1;
            if (_ticks[middle].Tick <= tick)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }
}
