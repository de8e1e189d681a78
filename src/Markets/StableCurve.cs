using System.Collections.Immutable;

namespace QTrade.Markets;

/// <summary>StableSwap (Egorov 2019) for two tokens: 4A(x + y) + D = 4AD + D^3 / (4xy) with x = rate R; D never falls.</summary>
/// <param name="Reserves">R, two numbers.</param>
/// <param name="Amplification">A, above 0.</param>
/// <param name="Rates">Worth of one unit of each, two numbers above 0.</param>
public sealed record StableCurve(ImmutableArray<double> Reserves, double Amplification, ImmutableArray<double> Rates) : PoolCurve
{
    /// <summary>Its name in market files.</summary>
    public const string KindName = "stable";

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
    public bool Equals(StableCurve? other) =>
        other is not null
        && StructuralEquality.Same(Reserves, other.Reserves)
        && Amplification.Equals(other.Amplification)
        && StructuralEquality.Same(Rates, other.Rates);

    /// <inheritdoc/>
    public override int GetHashCode() =>
        HashCode.Combine(StructuralEquality.Hash(Reserves), Amplification, StructuralEquality.Hash(Rates));
}
