using QTrade.Markets.Venues;

namespace QTrade.Solana.Raydium;

/// <summary>Raydium CPMM from accounts to pools (637 bytes).</summary>
internal sealed class CpmmPools : VenuePools
{
    private const int Size = 637;
    private const ulong Tag = 0xf7ede3f5d7c3de46;
    private const int ConfigAt = 8;
    private const int Vault0At = 72;
    private const int Vault1At = 104;
    private const int Mint0At = 168;
    private const int Mint1At = 200;
    private const int StatusAt = 329;
    private const int Decimals0At = 331;
    private const int Decimals1At = 332;
    private const int ProtocolFees0At = 341;
    private const int ProtocolFees1At = 349;
    private const int FundFees0At = 357;
    private const int FundFees1At = 365;
    private const int OpenTimeAt = 373;
    private const int CreatorFeeOnAt = 389;
    private const int CreatorFeeEnabledAt = 390;
    private const int CreatorFees0At = 397;
    private const int CreatorFees1At = 405;
    private const int SwapDisabled = 1 << 2;

    private const int ConfigSize = 236;
    private const ulong ConfigTag = 0xdaf42168cbcb2b6f;
    private const int TradeRateAt = 12;
    private const int ProtocolRateAt = 20;
    private const int FundRateAt = 28;
    private const int CreatorRateAt = 108;
    private const ulong RateDenominator = 1_000_000;

    public override PoolFault Check(in PoolAssembly assembly)
    {
        var data = assembly.Pool.Data;
        var fault = assembly.CheckHead(Tag, Size);
        if (!fault.IsNone)
            return fault;
        if (data[CreatorFeeOnAt] > (byte)CreatorFeeSide.Token1)
            return assembly.Refuse(PoolRefusal.FeeMode);
        return (data[StatusAt] & SwapDisabled) != 0 ? assembly.Refuse(PoolRefusal.Disabled) : default;
    }

    public override PoolPlan Plan(in PoolAssembly assembly)
    {
        var data = assembly.Pool.Data;
        return new NeededAccounts()
            .Add(Field.Address(data, ConfigAt), AccountRole.Config)
            .Add(Field.Address(data, Vault0At), AccountRole.Vault)
            .Add(Field.Address(data, Vault1At), AccountRole.Vault)
            .Add(Field.Address(data, Mint0At), AccountRole.Mint)
            .Add(Field.Address(data, Mint1At), AccountRole.Mint)
            .Plan(assembly, Venue.RaydiumCpmm);
    }

    public override PoolFault Assemble(in PoolAssembly assembly, out SolanaPool? pool)
    {
        pool = null;
        var data = assembly.Pool.Data;
        var fault = assembly.CheckOpened(Field.U64(data, OpenTimeAt));
        if (!fault.IsNone)
            return fault;
        var configAddress = Field.Address(data, ConfigAt);
        fault = assembly.Config(configAddress, ProgramIds.RaydiumCpmm, ConfigTag, ConfigSize, out var config);
        if (!fault.IsNone)
            return fault;
        var (mint0, mint1) = (Field.Address(data, Mint0At), Field.Address(data, Mint1At));
        fault = assembly.Vaults(Field.Address(data, Vault0At), mint0, Field.Address(data, Vault1At), mint1, out var vault0, out var vault1);
        if (!fault.IsNone)
            return fault;
        var (owed0, owed1) = (Owed(data, ProtocolFees0At, FundFees0At, CreatorFees0At), Owed(data, ProtocolFees1At, FundFees1At, CreatorFees1At));
        if (vault0 <= owed0 || vault1 <= owed1)
            return assembly.Refuse(PoolRefusal.NoLiquidity);
        var trade = Field.U64(config.Data, TradeRateAt);
        var creator = data[CreatorFeeEnabledAt] == 0 ? 0 : Field.U64(config.Data, CreatorRateAt);
        var (protocol, fund) = (Field.U64(config.Data, ProtocolRateAt), Field.U64(config.Data, FundRateAt));
        if (trade >= RateDenominator || creator >= RateDenominator - trade || protocol > RateDenominator || fund > RateDenominator)
            return new PoolFault(PoolRefusal.Malformed, configAddress, "fee rates");
        var state = new CpmmState
        {
            Reserve0 = (ulong)(vault0 - owed0),
            Reserve1 = (ulong)(vault1 - owed1),
            TradeRate = trade,
            CreatorRate = creator,
            CreatorFeeOn = (CreatorFeeSide)data[CreatorFeeOnAt],
            ProtocolShare = protocol,
            FundShare = fund,
        };
        return assembly.Finish(state, Venue.RaydiumCpmm, mint0, mint1, out pool, data[Decimals0At], data[Decimals1At]);
    }

    private static UInt128 Owed(ReadOnlySpan<byte> data, int protocolAt, int fundAt, int creatorAt) =>
        (UInt128)Field.U64(data, protocolAt) + Field.U64(data, fundAt) + Field.U64(data, creatorAt);
}
