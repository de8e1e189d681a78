using QTrade.Markets.Venues;

namespace QTrade.Solana;

/// <summary>spl-token-swap and its forks from accounts to pools (324 bytes, no discriminator).</summary>
internal sealed class TokenSwapPools : VenuePools
{
    private const int Size = 324;
    private const int VersionAt = 0;
    private const int InitialisedAt = 1;
    private const int VaultAAt = 35;
    private const int VaultBAt = 67;
    private const int MintAAt = 131;
    private const int MintBAt = 163;
    private const int FeesAt = 227;
    private const int CurveAt = 291;

    public override PoolFault Check(in PoolAssembly assembly)
    {
        var data = assembly.Pool.Data;
        if (data.Length != Size)
            return assembly.Refuse(data.Length < Size ? PoolRefusal.Truncated : PoolRefusal.NotAPool);
        if (data[VersionAt] != 1 || data[InitialisedAt] != 1)
            return assembly.Refuse(PoolRefusal.NotAPool);
        if (data[CurveAt] != 0)
            return assembly.Refuse(PoolRefusal.CurveKind, "only constant product is implemented");
        for (var i = 0; i < 4; i += 2)
        {
            if (Fee(data, i) != 0 && Fee(data, i) >= Fee(data, i + 1))
                return assembly.Refuse(PoolRefusal.Malformed, "fee");
        }

        var trade = Fee(data, 0) == 0 ? 0 : (double)Fee(data, 0) / Fee(data, 1);
        var owner = Fee(data, 2) == 0 ? 0 : (double)Fee(data, 2) / Fee(data, 3);
        return trade + owner < 1 ? default : assembly.Refuse(PoolRefusal.Malformed, "fees take all");
    }

    public override PoolPlan Plan(in PoolAssembly assembly)
    {
        var data = assembly.Pool.Data;
        return new NeededAccounts()
            .Add(Field.Address(data, VaultAAt), AccountRole.Vault)
            .Add(Field.Address(data, VaultBAt), AccountRole.Vault)
            .Add(Field.Address(data, MintAAt), AccountRole.Mint)
            .Add(Field.Address(data, MintBAt), AccountRole.Mint)
            .Plan(assembly, Venue.TokenSwap);
    }

    public override PoolFault Assemble(in PoolAssembly assembly, out SolanaPool? pool)
    {
        pool = null;
        var data = assembly.Pool.Data;
        var (mintA, mintB) = (Field.Address(data, MintAAt), Field.Address(data, MintBAt));
        var fault = assembly.Vaults(Field.Address(data, VaultAAt), mintA, Field.Address(data, VaultBAt), mintB, out var a, out var b);
        if (!fault.IsNone)
            return fault;
        if (a == 0 || b == 0)
            return assembly.Refuse(PoolRefusal.NoLiquidity);
        var state = new TokenSwapState
        {
            Reserve0 = a,
            Reserve1 = b,
            TradeNumerator = Fee(data, 0),
            TradeDenominator = Fee(data, 1),
            OwnerNumerator = Fee(data, 2),
            OwnerDenominator = Fee(data, 3),
        };
        return assembly.Finish(state, Venue.TokenSwap, mintA, mintB, out pool);
    }

    private static ulong Fee(ReadOnlySpan<byte> data, int index) => Field.U64(data, FeesAt + index * sizeof(ulong));
}
