using System.Collections.Immutable;

namespace QTrade.Solana;

/// <summary>The accounts that one pool is assembled from at its present price.</summary>
/// <param name="Pool">The pool's own account.</param>
/// <param name="Venue">The program that trades it.</param>
/// <param name="Accounts">The others, each once, in the order in which <see cref="SolanaPools.Plan"/> names them.</param>
/// <param name="IsComplete">Whether no account that is still unknown could name further ones.</param>
public sealed record PoolPlan(Address Pool, Venue Venue, ImmutableArray<NeededAccount> Accounts, bool IsComplete)
{
    /// <inheritdoc/>
    public bool Equals(PoolPlan? other) =>
        other is not null
        && Pool == other.Pool
        && Venue == other.Venue
        && IsComplete == other.IsComplete
        && Accounts.AsSpan().SequenceEqual(other.Accounts.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Pool, Venue, Accounts.Length);
}
