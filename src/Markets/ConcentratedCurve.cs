using System.Collections.Immutable;
using QTrade.Markets.Arithmetic;

namespace QTrade.Markets;

/// <summary>
/// Concentrated liquidity: inside an interval [lo, hi] of prices x = L(1/sqrt(p) - 1/sqrt(hi)) and y = L(sqrt(p) - sqrt(lo)).
/// The price may rest outside the intervals, where nothing trades until it comes back.
/// </summary>
/// <param name="Price">p, token 1 per token 0, above 0.</param>
/// <param name="Ticks">Bounds of the intervals, T + 1 ascending prices above 0.</param>
/// <param name="Liquidity">L, T numbers, 0 allowed.</param>
public sealed record ConcentratedCurve(double Price, ImmutableArray<double> Ticks, ImmutableArray<double> Liquidity) : PoolCurve
{
    /// <summary>Its name in market files.</summary>
    public const string KindName = "concentrated";

    /// <inheritdoc/>
    public override string Kind => KindName;

    /// <inheritdoc/>
    public override ImmutableArray<double> State => [Price];

    // Shared by all states of one pool, so that the roots are drawn once.
    private readonly TickRoots _roots = new();

    /// <summary>Square roots of the ticks.</summary>
    internal ReadOnlySpan<UInt256> TickRoots => _roots.Of(Ticks);

    /// <inheritdoc/>
    public override PoolCurve WithState(ImmutableArray<double> state)
    {
        RequireLength(state, 1);
        return this with { Price = state[0] };
    }

    /// <inheritdoc/>
    public bool Equals(ConcentratedCurve? other) =>
        other is not null
        && Price.Equals(other.Price)
        && StructuralEquality.Same(Ticks, other.Ticks)
        && StructuralEquality.Same(Liquidity, other.Liquidity);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Price, StructuralEquality.Hash(Ticks), StructuralEquality.Hash(Liquidity));
}
