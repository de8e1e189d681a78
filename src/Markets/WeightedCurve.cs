using System.Collections.Immutable;

namespace QTrade.Markets;

/// <summary>Weighted geometric mean: prod R^w never falls.</summary>
/// <param name="Reserves">R, k numbers.</param>
/// <param name="Weights">w, k numbers above 0 as the file gives them; only their ratios matter.</param>
public sealed record WeightedCurve(ImmutableArray<double> Reserves, ImmutableArray<double> Weights) : PoolCurve
{
    /// <summary>Its name in market files.</summary>
    public const string KindName = "weighted";

    /// <inheritdoc/>
    public override string Kind => KindName;

    /// <inheritdoc/>
    public override ImmutableArray<double> State => Reserves;

    /// <inheritdoc/>
    public override PoolCurve WithState(ImmutableArray<double> state)
    {
        RequireLength(state, Reserves.Length);
        return this with { Reserves = state };
    }

    /// <inheritdoc/>
    public bool Equals(WeightedCurve? other) =>
        other is not null && StructuralEquality.Same(Reserves, other.Reserves) && StructuralEquality.Same(Weights, other.Weights);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(StructuralEquality.Hash(Reserves), StructuralEquality.Hash(Weights));
}
