namespace QTrade.Solana;

/// <summary>An account that a pool is assembled from besides its own.</summary>
/// <param name="Address">Where it is.</param>
/// <param name="Role">What it is for.</param>
/// <param name="MayBeAbsent">Whether the chain may well not have it; the pool is then assembled without.</param>
public readonly record struct NeededAccount(Address Address, AccountRole Role, bool MayBeAbsent);
