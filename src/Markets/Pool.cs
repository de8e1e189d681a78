using System.Collections.Immutable;
using System.Text.Json.Serialization;
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

    /// <summary>
    /// Fee per token on what goes in of it, on top of <see cref="Fee"/>: of an input of token k the curve gets (1 - fee) (1 - tokenFees[k]). Empty where no
    /// token has one.
    /// </summary>
    public ImmutableArray<double> TokenFees { get; init => field = WithoutZeros(value); } = [];

    /// <summary>
    /// Fee per token on what comes out of it, on top of <see cref="FeeOut"/>: of an output of token k the trader gets (1 - feeOut) (1 - tokenFeesOut[k]).
    /// Empty where no token has one.
    /// </summary>
    public ImmutableArray<double> TokenFeesOut { get; init => field = WithoutZeros(value); } = [];

    /// <summary>Whether a fee depends on the token.</summary>
    [JsonIgnore]
    public bool HasTokenFees => !TokenFees.IsEmpty || !TokenFeesOut.IsEmpty;

    /// <summary>Trading bound per token, Delta_a at most this; empty for none, and positive infinity in an entry for none on that token.</summary>
    public ImmutableArray<double> MaxTender { get; init; } = [];

    /// <summary>The trading function with its present state.</summary>
    public required PoolCurve Curve { get; init; }

    /// <summary>
    /// The integer state of a pool of a known venue, which quotes then settle on (law 5); null for a pool known only as a curve. It follows the
    /// curve's state and is no part of a market file.
    /// </summary>
    public VenueState? Venue { get; init; }

    /// <summary>The whole fee on what goes in of a token.</summary>
    public double FeeOf(int token) => Both(Fee, TokenFee(TokenFees, token));

    /// <summary>The whole fee on what comes out of a token.</summary>
    public double FeeOutOf(int token) => Both(FeeOut, TokenFee(TokenFeesOut, token));

    /// <summary>What is left of a unit of a token that goes in.</summary>
    public double KeptOf(int token) => (1 - Fee) * (1 - TokenFee(TokenFees, token));

    /// <summary>What is left for the trader of a unit of a token that leaves the curve.</summary>
    public double KeptOutOf(int token) => (1 - FeeOut) * (1 - TokenFee(TokenFeesOut, token));

    /// <inheritdoc/>
    public bool Equals(Pool? other) =>
        other is not null
        && Id == other.Id
        && Dex == other.Dex
        && StructuralEquality.Same(Tokens, other.Tokens)
        && Fee.Equals(other.Fee)
        && FeeOut.Equals(other.FeeOut)
        && StructuralEquality.Same(TokenFees, other.TokenFees)
        && StructuralEquality.Same(TokenFeesOut, other.TokenFeesOut)
        && StructuralEquality.Same(MaxTender, other.MaxTender)
        && Curve.Equals(other.Curve)
        && Equals(Venue, other.Venue);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Id, StructuralEquality.Hash(Tokens), Fee, FeeOut, Curve);

    internal static double TokenFee(ImmutableArray<double> fees, int token) => fees.IsEmpty ? 0 : fees[token];

    private static double Both(double fee, double more) => fee + more - (fee * more);

    // Zeros are the same pool as none, and have to be equal to it.
    private static ImmutableArray<double> WithoutZeros(ImmutableArray<double> fees) =>
        fees.IsDefaultOrEmpty || !fees.AsSpan().ContainsAnyExcept(0.0) ? [] : fees;
}
