using QTrade.Markets;
using QTrade.Markets.Venues;

namespace QTrade.Solana;

/// <summary>A pool decoded from its accounts at one clock.</summary>
public sealed record SolanaPool
{
    /// <summary>The pool's own account.</summary>
    public required Address Address { get; init; }

    /// <summary>The program that trades it.</summary>
    public required Venue Venue { get; init; }

    /// <summary>Mint of token 0 (coin, token a, x).</summary>
    public required Address Mint0 { get; init; }

    /// <summary>Mint of token 1 (pc, token b, y).</summary>
    public required Address Mint1 { get; init; }

    /// <summary>Decimals of token 0, null where neither pool nor mint told.</summary>
    public int? Decimals0 { get; init; }

    /// <summary>Decimals of token 1, null where neither pool nor mint told.</summary>
    public int? Decimals1 { get; init; }

    /// <summary>The integer state that the venue's arithmetic settles on.</summary>
    public required VenueState State { get; init; }

    /// <summary>The clock it was assembled at.</summary>
    public required ChainClock Clock { get; init; }

    /// <summary>
    /// The pool as the solver sees it, in base units: the curve in doubles, never better than the chain, and the integer state to
    /// settle on (<see cref="Pool.Venue"/>). Its id is the address, its tokens are the mints.
    /// </summary>
    public Pool ToPool() => State.ToPool(new PoolId(Address.ToString()), Dex, new TokenId(Mint0.ToString()), new TokenId(Mint1.ToString()));

    /// <summary>The venue's name in market files.</summary>
    public string Dex => VenueNames.Of(Venue);
}
