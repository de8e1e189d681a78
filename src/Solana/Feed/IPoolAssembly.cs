namespace QTrade.Solana.Feed;

/// <summary>From accounts to pools. A border: specs bring a venue of their own.</summary>
public interface IPoolAssembly
{
    /// <inheritdoc cref="SolanaPools.Plan"/>
    PoolFault Plan(in AccountView pool, IAccountSource known, out PoolPlan? plan);

    /// <inheritdoc cref="SolanaPools.Assemble(in AccountView, IAccountSource, ChainClock, out SolanaPool?, out ChainClock, bool)"/>
    PoolFault Assemble(in AccountView pool, IAccountSource others, ChainClock clock, out SolanaPool? assembled, out ChainClock until);
}
