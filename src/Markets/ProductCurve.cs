using System.Collections.Immutable;

namespace QTrade.Markets;

/// <summary>Constant product: x y never falls.</summary>
/// <param name="Reserves">R, two numbers.</param>
public sealed record ProductCurve(ImmutableArray<double> Reserves) : PoolCurve
{
    /// <summary>Its name in market files.</summary>
    public const string KindName = "product";

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
    public bool Equals(ProductCurve? other) => other is not null && StructuralEquality.Same(Reserves, other.Reserves);

    /// <inheritdoc/>
    public override int GetHashCode() => StructuralEquality.Hash(Reserves);
}
