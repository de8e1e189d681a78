using System.Collections.Immutable;

namespace QTrade.Markets;

/// <summary>Constant sum: rates . R never falls and no reserve falls below 0.</summary>
/// <param name="Reserves">R, two numbers.</param>
/// <param name="Rates">Worth of one unit of each, two numbers above 0.</param>
public sealed record SumCurve(ImmutableArray<double> Reserves, ImmutableArray<double> Rates) : PoolCurve
{
    /// <summary>Its name in market files.</summary>
    public const string KindName = "sum";

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
    public bool Equals(SumCurve? other) =>
        other is not null && StructuralEquality.Same(Reserves, other.Reserves) && StructuralEquality.Same(Rates, other.Rates);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(StructuralEquality.Hash(Reserves), StructuralEquality.Hash(Rates));
}
