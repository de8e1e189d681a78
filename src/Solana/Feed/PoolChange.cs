using System.Collections.Immutable;

namespace QTrade.Solana.Feed;

/// <summary>A pool stands otherwise than before, or has a newer state.</summary>
/// <param name="Address">The pool's own account.</param>
/// <param name="Standing">How it stands.</param>
/// <param name="State">Its state; null unless it is complete.</param>
/// <param name="At">
/// Its position: the pool's own account, its vaults in the order of its plan, then the newest of all other accounts that it was ever
/// made of, where its venue needs any; mints do not count. As long for one pool at any time.
/// </param>
/// <param name="Fault">Why it is refused.</param>
public sealed record PoolChange(
    Address Address, PoolStanding Standing, SolanaPool? State, ImmutableArray<AccountPosition> At, PoolFault Fault = default);
