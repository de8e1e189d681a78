using QTrade.Markets.Venues;

namespace QTrade.Solana.Raydium;

/// <summary>Raydium AMM v4 from accounts to pools (752 bytes, no discriminator).</summary>
internal sealed class AmmV4Pools : VenuePools
{
    private const int Size = 752;
    private const int StatusAt = 0;
    private const int CoinDecimalsAt = 32;
    private const int PcDecimalsAt = 40;
    private const int FeeNumeratorAt = 176;
    private const int FeeDenominatorAt = 184;
    private const int PendingCoinAt = 192;
    private const int PendingPcAt = 200;
    private const int OpenTimeAt = 224;
    private const int CoinVaultAt = 336;
    private const int PcVaultAt = 368;
    private const int CoinMintAt = 400;
    private const int PcMintAt = 432;

    private const ulong OrderBook = 1;
    private const ulong SwapOnly = 6;
    private const ulong WaitingTrade = 7;
    private const ulong DecimalsMax = 30;

    public override PoolFault Check(in PoolAssembly assembly)
    {
        var data = assembly.Pool.Data;
        if (data.Length != Size)
            return assembly.Refuse(data.Length < Size ? PoolRefusal.Truncated : PoolRefusal.NotAPool);
        var (numerator, denominator) = (Field.U64(data, FeeNumeratorAt), Field.U64(data, FeeDenominatorAt));
        if (denominator == 0 || numerator >= denominator || Field.U64(data, CoinDecimalsAt) > DecimalsMax || Field.U64(data, PcDecimalsAt) > DecimalsMax)
            return assembly.Refuse(PoolRefusal.Malformed, "fee or decimals");
        return Field.U64(data, StatusAt) switch
        {
            SwapOnly or WaitingTrade => default,
            OrderBook => assembly.Refuse(PoolRefusal.OrderBook),
            _ => assembly.Refuse(PoolRefusal.Disabled),
        };
    }

    public override PoolPlan Plan(in PoolAssembly assembly)
    {
        var data = assembly.Pool.Data;
        return new NeededAccounts()
            .Add(Field.Address(data, CoinVaultAt), AccountRole.Vault)
            .Add(Field.Address(data, PcVaultAt), AccountRole.Vault)
            .Plan(assembly, Venue.RaydiumAmmV4);
    }

    public override PoolFault Assemble(in PoolAssembly assembly, out SolanaPool? pool)
    {
        pool = null;
        var data = assembly.Pool.Data;
        var fault = Field.U64(data, StatusAt) == WaitingTrade ? assembly.CheckOpened(Field.U64(data, OpenTimeAt)) : default;
        if (!fault.IsNone)
            return fault;
        var (mint0, mint1) = (Field.Address(data, CoinMintAt), Field.Address(data, PcMintAt));
        fault = assembly.Vaults(Field.Address(data, CoinVaultAt), mint0, Field.Address(data, PcVaultAt), mint1, out var coin, out var pc);
        if (!fault.IsNone)
            return fault;
        var (pendingCoin, pendingPc) = (Field.U64(data, PendingCoinAt), Field.U64(data, PendingPcAt));
        if (coin <= pendingCoin || pc <= pendingPc)
            return assembly.Refuse(PoolRefusal.NoLiquidity);
        var state = new AmmV4State
        {
            Reserve0 = coin - pendingCoin,
            Reserve1 = pc - pendingPc,
            FeeNumerator = Field.U64(data, FeeNumeratorAt),
            FeeDenominator = Field.U64(data, FeeDenominatorAt),
        };
        return assembly.Finish(
            state, Venue.RaydiumAmmV4, mint0, mint1, out pool,
            (int)Field.U64(data, CoinDecimalsAt), (int)Field.U64(data, PcDecimalsAt), needsMints: false);
    }
}
