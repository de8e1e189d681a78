using QTrade.Solana.Meteora;
using QTrade.Solana.Orca;
using QTrade.Solana.Pump;
using QTrade.Solana.Raydium;

namespace QTrade.Solana;

/// <summary>
/// From accounts to pools, in two steps: <see cref="Plan"/> says which accounts a pool needs besides its own, <see cref="Assemble(in AccountView, IAccountSource, ChainClock, out SolanaPool?, bool)"/> makes
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

    private static readonly VenuePools Whirlpool = new WhirlpoolPools();
    private static readonly VenuePools AmmV4 = new AmmV4Pools();
    private static readonly VenuePools Cpmm = new CpmmPools();
    private static readonly VenuePools Clmm = new ClmmPools();
    private static readonly VenuePools Dlmm = new DlmmPools();
    private static readonly VenuePools DammV2 = new DammV2Pools();
    private static readonly VenuePools TokenSwap = new TokenSwapPools();

    /// <summary>
    /// Which accounts a pool needs besides its own. A pool that is refused by its own account alone, whatever the others hold, is refused here.
    /// </summary>
    /// <param name="pool">The pool's own account.</param>
    /// <param name="known">What is held so far; accounts that name further ones are looked up here.</param>
    /// <param name="plan">The accounts; null where the pool is refused.</param>
    public static PoolFault Plan(in AccountView pool, IAccountSource known, out PoolPlan? plan)
    {
        var until = ChainClock.Never;
        var assembly = new PoolAssembly(pool, known, default, mintsMayBeUnknown: false, ref until);
        var fault = Check(assembly, out var venue);
        plan = fault.IsNone ? venue!.Plan(assembly) : null;
        return fault;
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
    public static PoolFault Assemble(in AccountView pool, IAccountSource others, ChainClock clock, out SolanaPool? assembled, bool mintsMayBeUnknown = false) =>
        Assemble(pool, others, clock, out assembled, out _, mintsMayBeUnknown);

    /// <inheritdoc cref="Assemble(in AccountView, IAccountSource, ChainClock, out SolanaPool?, bool)"/>
    /// <param name="pool">The pool's own account.</param>
    /// <param name="others">The accounts of its plan.</param>
    /// <param name="clock">The chain's time, at which fees that depend on time are frozen.</param>
    /// <param name="assembled">The pool; null where it is refused.</param>
    /// <param name="until">Up to the slot and the time of this clock the same accounts make the same pool, or the same refusal.</param>
    /// <param name="mintsMayBeUnknown">Whether a mint that is not held is taken for one of SPL Token.</param>
    public static PoolFault Assemble(
        in AccountView pool, IAccountSource others, ChainClock clock, out SolanaPool? assembled, out ChainClock until, bool mintsMayBeUnknown = false)
    {
        until = ChainClock.Never;
        var assembly = new PoolAssembly(pool, others, clock, mintsMayBeUnknown, ref until);
        assembled = null;
        var fault = Check(assembly, out var venue);
        return fault.IsNone ? venue!.Assemble(assembly, out assembled) : fault;
    }

    private static PoolFault Check(in PoolAssembly assembly, out VenuePools? pools)
    {
        var venue = ProgramIds.VenueOf(assembly.Pool.Owner);
        pools = PoolsOf(venue);
        return pools is not null ? pools.Check(assembly) : venue switch
        {
            Venue.MeteoraDammV1 => assembly.Refuse(Decoded(DammV1Account.TryRead(assembly.Pool.Data, out _))),
            Venue.PumpSwap => assembly.Refuse(Decoded(PumpSwapAccount.TryRead(assembly.Pool.Data, out _))),
            _ => assembly.Refuse(PoolRefusal.UnknownOwner),
        };
    }

    private static VenuePools? PoolsOf(Venue venue) => venue switch
    {
        Venue.OrcaWhirlpool => Whirlpool,
        Venue.RaydiumAmmV4 => AmmV4,
        Venue.RaydiumCpmm => Cpmm,
        Venue.RaydiumClmm => Clmm,
        Venue.MeteoraDlmm => Dlmm,
        Venue.MeteoraDammV2 => DammV2,
        Venue.TokenSwap => TokenSwap,
        _ => null,
    };

    // What decodes is still not quoted: its formula was never executed against the program.
    private static PoolRefusal Decoded(PoolRefusal read) => read == PoolRefusal.None ? PoolRefusal.FormulaNotProven : read;
}
