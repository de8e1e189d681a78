using System.Collections.Immutable;

namespace QTrade.Markets;

/// <summary>A pool's trading function phi and its state. Immutable; equal by value.</summary>
public abstract record PoolCurve
{
    /// <summary>Name of the kind in market files, for instance <c>product</c>.</summary>
    public abstract string Kind { get; }

    /// <summary>What trading changes: the reserves; for a concentrated pool its price; for bins x and y of each bin in turn.</summary>
    public abstract ImmutableArray<double> State { get; }

    /// <summary>The same curve in another state of the same length; what trading does not change is shared, not copied.</summary>
    /// <exception cref="ArgumentException">The length differs from <see cref="State"/>'s.</exception>
    public abstract PoolCurve WithState(ImmutableArray<double> state);

    /// <summary>Throws unless a state has the length that the curve needs.</summary>
    protected static void RequireLength(ImmutableArray<double> state, int length)
    {
        if (state.IsDefault || state.Length != length)
            throw new ArgumentException($"a state of {length} numbers is needed, not {(state.IsDefault ? 0 : state.Length)}", nameof(state));
    }
}
