namespace QTrade.Solana;

/// <summary>A program's pools, from accounts to states. Bytes are untrusted: what is wrong with them is a fault, never an exception.</summary>
internal abstract class VenuePools
{
    /// <summary>What the pool's own account alone says against it; the rest is asked of an account that passed.</summary>
    public abstract PoolFault Check(in PoolAssembly assembly);

    /// <summary>Which accounts the pool needs besides its own.</summary>
    public abstract PoolPlan Plan(in PoolAssembly assembly);

    /// <summary>The pool from all of them, or what is wrong with one.</summary>
    public abstract PoolFault Assemble(in PoolAssembly assembly, out SolanaPool? pool);
}
