namespace QTrade.Solana.Feed;

/// <summary>What a view did with updates, and how its pools stand.</summary>
/// <param name="Updates">Updates that were taken.</param>
/// <param name="Repeated">At the position that was held already.</param>
/// <param name="Older">Older than what is held.</param>
/// <param name="Late">Taken although the slot that they belong to had been shown already.</param>
/// <param name="Ahead">Refused: a slot that the chain cannot have reached.</param>
/// <param name="Unasked">Accounts that no pool needs.</param>
/// <param name="Conflated">Replaced before they were shown because too many slots were waiting.</param>
/// <param name="Healed">Reads that told a state which no notification had told.</param>
/// <param name="Gaps">Jumps of the clock, as one connection told it, over more slots than can be skipped.</param>
/// <param name="PoolsLeftOut">Pools beyond the bound.</param>
/// <param name="Accounts">Accounts that are needed.</param>
/// <param name="Outstanding">Of those, not read yet since the connection.</param>
/// <param name="Pools">Pools that are followed.</param>
/// <param name="Complete">Of those, complete.</param>
/// <param name="Refused">Of those, refused.</param>
public readonly record struct ChainViewCounts(
    long Updates,
    long Repeated,
    long Older,
    long Late,
    long Ahead,
    long Unasked,
    long Conflated,
    long Healed,
    long Gaps,
    long PoolsLeftOut,
    int Accounts,
    int Outstanding,
    int Pools,
    int Complete,
    int Refused);
