using System.Collections.Immutable;
using QTrade.Markets.Venues;

namespace QTrade.Markets;

/// <summary>
/// One pool of a market: its curve, its fees and its trading bounds. Arrays per token are in the pool's own token order, whose
/// entries are also the local-to-global index A_i.
/// </summary>
public sealed record Pool
{
    /// <summary>Its name in this market.</summary>
    public required PoolId Id { get; init; }

    /// <summary>The venue, for showing.</summary>
    public string? Dex { get; init; }

    /// <summary>The tokens it trades, each once.</summary>
    public required ImmutableArray<TokenId> Tokens { get; init; }

    /// <summary>Fee on what goes in, 0 up to 1 exclusive; gamma = 1 - fee. A bin may have a fee of its own.</summary>
    public required double Fee { get; init; }

    /// <summary>Fee on what comes out, 0 up to 1 exclusive: the invariant holds on R + gamma Delta - Lambda / (1 - feeOut).</summary>
    public double FeeOut { get; init; }

    /// <summary>Trading bound per token, Delta_a at most this; empty for none, and positive infinity in an entry for none on that token.</summary>
    public ImmutableArray<double> MaxTender { get; init; } = [];

    /// <summary>The trading function with its present state.</summary>
    public required PoolCurve Curve { get; init; }

    /// <summary>
    /// The integer state of a pool of a known venue, which quotes then settle on (law 5); null for a pool known only as a curve. It follows the
    /// curve's state and is no part of a market file.
    /// </summary>
    public VenueState? Venue { get; init; }

    /// <inheritdoc/>
    public bool Equals(Pool? other) =>
        other is not null
        && Id == other.Id
        && Dex == other.Dex
        && StructuralEquality.Same(Tokens, other.Tokens)
        && Fee.Equals(other.Fee)
        && FeeOut.Equals(other.FeeOut)
        && StructuralEquality.Same(MaxTender, other.MaxTender)
        && Curve.Equals(other.Curve)
        && Equals(Venue, other.Venue);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Id, StructuralEquality.Hash(Tokens), Fee, FeeOut, Curve);
}
