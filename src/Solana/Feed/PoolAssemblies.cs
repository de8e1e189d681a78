namespace QTrade.Solana.Feed;

/// <summary>The venues that are known.</summary>
public static class PoolAssemblies
{
    /// <summary>Every venue of <see cref="SolanaPools"/>.</summary>
    public static IPoolAssembly Known { get; } = new KnownVenues();

    private sealed class KnownVenues : IPoolAssembly
    {
        public PoolFault Plan(in AccountView pool, IAccountSource known, out PoolPlan? plan) => SolanaPools.Plan(pool, known, out plan);

        public PoolFault Assemble(in AccountView pool, IAccountSource others, ChainClock clock, out SolanaPool? assembled, out ChainClock until) =>
            SolanaPools.Assemble(pool, others, clock, out assembled, out until);
    }
}
