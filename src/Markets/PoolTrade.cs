using System.Collections.Immutable;

namespace QTrade.Markets;

/// <summary>What one pool trades in a result, in the pool's own token order.</summary>
/// <param name="Pool">The pool.</param>
/// <param name="Tender">Delta, what the pool is given, each at least 0.</param>
/// <param name="Receive">Lambda, what the pool gives, each at least 0.</param>
/// <param name="MarginalPriceBefore">The pool's marginal price before the trade.</param>
/// <param name="MarginalPriceAfter">The pool's marginal price after it.</param>
public sealed record PoolTrade(
    PoolId Pool,
    ImmutableArray<double> Tender,
    ImmutableArray<double> Receive,
    double MarginalPriceBefore,
    double MarginalPriceAfter)
{
    /// <inheritdoc/>
    public bool Equals(PoolTrade? other) =>
        other is not null
        && Pool == other.Pool
        && StructuralEquality.Same(Tender, other.Tender)
        && StructuralEquality.Same(Receive, other.Receive)
        && MarginalPriceBefore.Equals(other.MarginalPriceBefore)
        && MarginalPriceAfter.Equals(other.MarginalPriceAfter);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Pool, StructuralEquality.Hash(Tender), StructuralEquality.Hash(Receive));
}
