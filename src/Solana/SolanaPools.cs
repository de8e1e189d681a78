using QTrade.Solana.Meteora;
using QTrade.Solana.Orca;
using QTrade.Solana.Pump;
using QTrade.Solana.Raydium;

namespace QTrade.Solana;

/// <summary>
/// From accounts to pools, in two steps: <see cref="Plan"/> says which accounts a pool needs besides its own, <see cref="Assemble"/> makes
/// the pool of them. Both take untrusted bytes, never throw on them, and never allocate more than a bound.
/// <para>
/// A feed plans with what it holds, reads the accounts that it has not, and plans again until the plan is complete and nothing is unknown:
/// once for most venues, at most <see cref="PlanRounds"/> times where an account names others. After a change of the pool's own account it
/// plans again, since the arrays around the price are others; a plan equal to the last one changes nothing. Then it assembles.
/// </para>
/// </summary>
public static class SolanaPools
{
    /// <summary>How often planning may name further accounts.</summary>
    public const int PlanRounds = 3;

    /// <summary>Most accounts that a plan names.</summary>
    public const int NeededAccountsMax = 48;

    /// <summary>
    /// Which accounts a pool needs besides its own. A pool that is refused by its own account alone, whatever the others hold, is refused here.
    /// </summary>
    /// <param name="pool">The pool's own account.</param>
    /// <param name="known">What is held so far; accounts that name further ones are looked up here.</param>
    /// <param name="plan">The accounts; null where the pool is refused.</param>
    public static PoolFault Plan(in AccountView pool, IAccountSource known, out PoolPlan? plan)
    {
        var assembly = new PoolAssembly(pool, known, default, mintsMayBeUnknown: false);
        plan = null;
        return ProgramIds.VenueOf(pool.Owner) switch
        {
            Venue.OrcaWhirlpool => WhirlpoolPools.Plan(assembly, out plan),
            Venue.RaydiumAmmV4 => AmmV4Pools.Plan(assembly, out plan),
            Venue.RaydiumCpmm => CpmmPools.Plan(assembly, out plan),
            Venue.RaydiumClmm => ClmmPools.Plan(assembly, out plan),
            Venue.MeteoraDlmm => DlmmPools.Plan(assembly, out plan),
            Venue.MeteoraDammV2 => DammV2Pools.Plan(assembly, out plan),
            Venue.TokenSwap => TokenSwapPools.Plan(assembly, out plan),
            Venue.MeteoraDammV1 => assembly.Refuse(Decoded(DammV1Account.TryRead(pool.Data, out _))),
            Venue.PumpSwap => assembly.Refuse(Decoded(PumpSwapAccount.TryRead(pool.Data, out _))),
            _ => new PoolFault(PoolRefusal.UnknownOwner, pool.Address),
        };
    }

    /// <summary>The pool, or why there is none.</summary>
    /// <param name="pool">The pool's own account.</param>
    /// <param name="others">The accounts of its plan.</param>
    /// <param name="clock">The chain's time, at which fees that depend on time are frozen.</param>
    /// <param name="assembled">The pool; null where it is refused.</param>
    /// <param name="mintsMayBeUnknown">
    /// Whether a mint that is not held is taken for one of SPL Token, without transfer fees or hooks: for dumps that leave mints out, never
    /// for trading.
    /// </param>
    public static PoolFault Assemble(in AccountView pool, IAccountSource others, ChainClock clock, out SolanaPool? assembled, bool mintsMayBeUnknown = false)
    {
        var assembly = new PoolAssembly(pool, others, clock, mintsMayBeUnknown);
        assembled = null;
        return ProgramIds.VenueOf(pool.Owner) switch
        {
            Venue.OrcaWhirlpool => WhirlpoolPools.Assemble(assembly, out assembled),
            Venue.RaydiumAmmV4 => AmmV4Pools.Assemble(assembly, out assembled),
            Venue.RaydiumCpmm => CpmmPools.Assemble(assembly, out assembled),
            Venue.RaydiumClmm => ClmmPools.Assemble(assembly, out assembled),
            Venue.MeteoraDlmm => DlmmPools.Assemble(assembly, out assembled),
            Venue.MeteoraDammV2 => DammV2Pools.Assemble(assembly, out assembled),
            Venue.TokenSwap => TokenSwapPools.Assemble(assembly, out assembled),
            Venue.MeteoraDammV1 => assembly.Refuse(Decoded(DammV1Account.TryRead(pool.Data, out _))),
            Venue.PumpSwap => assembly.Refuse(Decoded(PumpSwapAccount.TryRead(pool.Data, out _))),
            _ => new PoolFault(PoolRefusal.UnknownOwner, pool.Address),
        };
    }

    // What decodes is still not quoted: its formula was never executed against the program.
    private static PoolRefusal Decoded(PoolRefusal read) => read == PoolRefusal.None ? PoolRefusal.FormulaNotProven : read;
}
