using QTrade.Markets.Venues;

namespace QTrade.Solana.Meteora;

/// <summary>Meteora DAMM v2 from accounts to pools (1,112 bytes).</summary>
internal sealed class DammV2Pools : VenuePools
{
    private const int Size = 1112;
    private const ulong Tag = 0xf19a6d0411b16dbc;
    private const int CliffAt = 8;
    private const int BaseModeAt = 16;
    private const int PeriodsAt = 22;
    private const int FrequencyAt = 24;
    private const int ReductionAt = 32;
    private const int DynamicAt = 56;
    private const int DynamicControlAt = 68;
    private const int DynamicStepAt = 72;
    private const int DynamicAccumulatorAt = 120;
    private const int MintAAt = 168;
    private const int MintBAt = 200;
    private const int LiquidityAt = 360;
    private const int SqrtMinAt = 424;
    private const int SqrtMaxAt = 440;
    private const int SqrtPriceAt = 456;
    private const int ActivationPointAt = 472;
    private const int ActivationTypeAt = 480;
    private const int StatusAt = 481;
    private const int CollectFeeModeAt = 484;
    private const int FeeVersionAt = 486;

    private const byte LinearFee = 0;
    private const byte ExponentialFee = 1;
    private const byte FeeOnlyB = 1;
    private const byte ActivationByTime = 1;
    private const ulong FeeMax = 500_000_000;
    private const ulong Unit = 10_000;

    public override PoolFault Check(in PoolAssembly assembly)
    {
        var data = assembly.Pool.Data;
        var fault = assembly.CheckHead(Tag, Size);
        if (!fault.IsNone)
            return fault;
        var (root, low, high) = (Field.U128(data, SqrtPriceAt), Field.U128(data, SqrtMinAt), Field.U128(data, SqrtMaxAt));
        if (data[StatusAt] != 0)
            return assembly.Refuse(PoolRefusal.Disabled);
        if (data[BaseModeAt] > ExponentialFee)
            return assembly.Refuse(PoolRefusal.FeeMode, $"base fee mode {data[BaseModeAt]}");
        if (data[CollectFeeModeAt] > FeeOnlyB)
            return assembly.Refuse(PoolRefusal.FeeMode, $"fee collection mode {data[CollectFeeModeAt]}");
        if (low < OrcaTicks.SqrtPriceMin || high > RaydiumTicks.SqrtPriceMax || low >= high || root < low || root > high)
            return assembly.Refuse(PoolRefusal.Malformed, "price outside its range");
        return Field.U128(data, LiquidityAt) == UInt128.Zero ? assembly.Refuse(PoolRefusal.NoLiquidity) : default;
    }

    public override PoolPlan Plan(in PoolAssembly assembly)
    {
        return new NeededAccounts()
            .Add(Field.Address(assembly.Pool.Data, MintAAt), AccountRole.Mint)
            .Add(Field.Address(assembly.Pool.Data, MintBAt), AccountRole.Mint)
            .Plan(assembly, Venue.MeteoraDammV2);
    }

    public override PoolFault Assemble(in PoolAssembly assembly, out SolanaPool? pool)
    {
        pool = null;
        var data = assembly.Pool.Data;
        var (activation, byTime) = (Field.U64(data, ActivationPointAt), data[ActivationTypeAt] == ActivationByTime);
        var fault = assembly.CheckOpened(activation, byTime, out var elapsed);
        if (!fault.IsNone)
            return fault;
        var (frequency, passed) = (Field.U64(data, FrequencyAt), PeriodsPassed(data, elapsed));
        if (passed < Field.U16(data, PeriodsAt) && frequency > 0)
            assembly.ChangesAt(activation + ((UInt128)frequency * (uint)(passed + 1)), byTime);
        if (!TryFee(data, elapsed, out var fee))
            return assembly.Refuse(PoolRefusal.Malformed, "fee");
        if (fee > FeeMax && data[FeeVersionAt] != 0)
            return assembly.Refuse(PoolRefusal.FeeMode, "a fee above half under a newer cap");
        var state = new DammV2State
        {
            SqrtPrice = Field.U128(data, SqrtPriceAt),
            SqrtPriceMin = Field.U128(data, SqrtMinAt),
            SqrtPriceMax = Field.U128(data, SqrtMaxAt),
            Liquidity = Field.U128(data, LiquidityAt),
            FeeNumerator = (ulong)UInt128.Min(fee, FeeMax),
            FeeOnlyB = data[CollectFeeModeAt] == FeeOnlyB,
            FeeFollowsVolatility = data[DynamicAt] != 0,
        };
        return assembly.Finish(state, Venue.MeteoraDammV2, Field.Address(data, MintAAt), Field.Address(data, MintBAt), out pool);
    }

    /// <summary>The fee in billionths so long after activation: what is left of the cliff, and what follows from the stored volatility.</summary>
    private static bool TryFee(ReadOnlySpan<byte> data, ulong elapsed, out UInt128 fee)
    {
        fee = Field.U64(data, CliffAt);
        try
        {
            var reduction = Field.U64(data, ReductionAt);
            var passed = PeriodsPassed(data, elapsed);
            if (passed > 0 && data[BaseModeAt] == LinearFee)
                fee = checked(fee - (UInt128)reduction * (uint)passed);
            else if (passed > 0)
                fee = checked(fee * VolatilityDecay(reduction, passed)) >> 64;
            if (data[DynamicAt] != 0)
                fee = checked(fee + VariableFee(data));
            return true;
        }
        catch (OverflowException)
        {
            return false;
        }
    }

    private static int PeriodsPassed(ReadOnlySpan<byte> data, ulong elapsed) =>
        Field.U64(data, FrequencyAt) is var frequency and > 0 ? (int)Math.Min(elapsed / frequency, Field.U16(data, PeriodsAt)) : 0;

    private static UInt128 VolatilityDecay(ulong reduction, int periods) =>
        VolatilityFee.Power(checked((UInt128.One << 64) - ((UInt128)reduction << 64) / Unit), periods);

    private static UInt128 VariableFee(ReadOnlySpan<byte> data) =>
        VolatilityFee.Of(Field.U128(data, DynamicAccumulatorAt), Field.U16(data, DynamicStepAt), Field.U32(data, DynamicControlAt));
}
