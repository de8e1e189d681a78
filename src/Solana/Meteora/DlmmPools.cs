using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Numerics;
using QTrade.Markets.Venues;

namespace QTrade.Solana.Meteora;

/// <summary>Meteora DLMM from accounts to pools (904 bytes).</summary>
internal sealed class DlmmPools : VenuePools
{
    private const int Size = 904;
    private const ulong Tag = 0x210b3162b565b10d;
    private const int BaseFactorAt = 8;
    private const int FilterAt = 10;
    private const int DecayAt = 12;
    private const int ReductionAt = 14;
    private const int VariableControlAt = 16;
    private const int AccumulatorMaxAt = 20;
    private const int BasePowerAt = 34;
    private const int FunctionTypeAt = 35;
    private const int CollectFeeModeAt = 36;
    private const int AccumulatorAt = 40;
    private const int VolatilityReferenceAt = 44;
    private const int IndexReferenceAt = 48;
    private const int LastUpdateAt = 56;
    private const int ActiveIdAt = 76;
    private const int BinStepAt = 80;
    private const int StatusAt = 82;
    private const int ActivationTypeAt = 86;
    private const int MintXAt = 88;
    private const int MintYAt = 120;
    private const int ReserveXAt = 152;
    private const int ReserveYAt = 184;
    private const int RewardsAt = 264;
    private const int RewardSize = 144;
    private const int BitmapAt = 584;
    private const int BitmapSize = 128;
    private const int ActivationPointAt = 816;

    private const byte FunctionUndecided = 0;
    private const byte FunctionLimitOrders = 1;
    private const byte FeeOnlyY = 1;
    private const byte ActivationByTime = 1;
    private const uint Unit = 10_000;
    private const int BasePowerMax = 9;
    private const ulong RateMax = 100_000_000;

    private const ulong ExtensionTag = 0x506f7c7137ed1205;
    private const int ExtensionRows = 12;

    public override PoolFault Check(in PoolAssembly assembly)
    {
        var data = assembly.Pool.Data;
        var fault = assembly.CheckHead(Tag, Size);
        if (!fault.IsNone)
            return fault;
        if (!DlmmState.IsBinId(Field.I32(data, ActiveIdAt)) || !DlmmState.IsBinId(Field.I32(data, IndexReferenceAt))
            || Field.U16(data, BinStepAt) is 0 or > (ushort)Unit || data[BasePowerAt] > BasePowerMax)
            return assembly.Refuse(PoolRefusal.Malformed, "active bin, bin step or fee");
        // A pair with nothing in it has the price of its active bin.
        if (!TryPrice(Field.I32(data, ActiveIdAt), Field.U16(data, BinStepAt), out _))
            return assembly.Refuse(PoolRefusal.Malformed, "the active bin has no price");
        if (data[CollectFeeModeAt] > FeeOnlyY)
            return assembly.Refuse(PoolRefusal.FeeMode);
        return data[StatusAt] == 0 ? default : assembly.Refuse(PoolRefusal.Disabled);
    }

    public override PoolPlan Plan(in PoolAssembly assembly)
    {
        var data = assembly.Pool.Data;
        var needed = new NeededAccounts()
            .Add(Field.Address(data, ReserveXAt), AccountRole.Vault)
            .Add(Field.Address(data, ReserveYAt), AccountRole.Vault)
            .Add(Field.Address(data, MintXAt), AccountRole.Mint)
            .Add(Field.Address(data, MintYAt), AccountRole.Mint)
            .Add(ExtensionAddress(assembly.Pool.Address), AccountRole.BitmapExtension, mayBeAbsent: true);
        var presence = Extension(assembly, out var extension);
        foreach (var index in Bitmap(assembly, extension).Around(ArrayIndex(data), out _, out _))
            needed.Add(ArrayAddress(assembly.Pool.Address, index), AccountRole.BinArray);
        return needed.Plan(assembly, Venue.MeteoraDlmm, presence != AccountPresence.Unknown);
    }

    public override PoolFault Assemble(in PoolAssembly assembly, out SolanaPool? pool)
    {
        pool = null;
        var data = assembly.Pool.Data;
        var fault = assembly.CheckOpened(Field.U64(data, ActivationPointAt), data[ActivationTypeAt] == ActivationByTime, out _);
        if (!fault.IsNone)
            return fault;
        var (mintX, mintY) = (Field.Address(data, MintXAt), Field.Address(data, MintYAt));
        fault = assembly.Vaults(Field.Address(data, ReserveXAt), mintX, Field.Address(data, ReserveYAt), mintY, out var reserveX, out var reserveY);
        if (!fault.IsNone)
            return fault;
        fault = ReadBins(assembly, out var bins, out var first, out var last);
        if (!fault.IsNone)
            return fault;
        var (volatility, reference) = References(data, assembly.Clock.UnixTime);
        if (Field.U32(data, VariableControlAt) != 0)
        {
            var lastUpdate = (UInt128)Math.Max(Field.I64(data, LastUpdateAt), 0);
            assembly.ChangesAtTime(lastUpdate + Field.U16(data, FilterAt));
            assembly.ChangesAtTime(lastUpdate + Field.U16(data, DecayAt));
        }

        var state = new DlmmState
        {
            Bins = bins,
            FirstBin = first,
            LastBin = last,
            ActiveId = Field.I32(data, ActiveIdAt),
            BinStep = Field.U16(data, BinStepAt),
            Fees = new DlmmFees(BaseRate(data), Field.U32(data, VariableControlAt), Field.U32(data, AccumulatorMaxAt)),
            VolatilityReference = volatility,
            IndexReference = reference,
            FeeOnlyY = data[CollectFeeModeAt] == FeeOnlyY,
            ReserveX = reserveX,
            ReserveY = reserveY,
        };
        return assembly.Finish(state, Venue.MeteoraDlmm, mintX, mintY, out pool);
    }

    /// <summary>The address of a bin array.</summary>
    internal static Address ArrayAddress(in Address pair, long index)
    {
        Span<byte> number = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(number, index);
        return ProgramAddresses.Of("bin_array"u8, pair, ProgramIds.MeteoraDlmm, index, number);
    }

    private static Address ExtensionAddress(in Address pair) => ProgramAddresses.Of("bitmap"u8, pair, ProgramIds.MeteoraDlmm, 0, []);

    // Past its cap the rate is capped in any case.
    private static ulong BaseRate(ReadOnlySpan<byte> data)
    {
        var rate = new BigInteger(Field.U16(data, BaseFactorAt)) * Field.U16(data, BinStepAt) * BigInteger.Pow(10, 1 + data[BasePowerAt]);
        return (ulong)BigInteger.Min(rate, RateMax);
    }

    // After the filter period the reference moves to the active bin, and what is left of the volatility decays.
    private static (uint Volatility, int Index) References(ReadOnlySpan<byte> data, long now)
    {
        var elapsed = (Int128)now - Field.I64(data, LastUpdateAt);
        if (elapsed < Field.U16(data, FilterAt))
            return (Field.U32(data, VolatilityReferenceAt), Field.I32(data, IndexReferenceAt));
        var left = elapsed < Field.U16(data, DecayAt) ? (ulong)Field.U32(data, AccumulatorAt) * Field.U16(data, ReductionAt) / Unit : 0;
        return ((uint)Math.Min(left, uint.MaxValue), Field.I32(data, ActiveIdAt));
    }

    private static int ArrayIndex(ReadOnlySpan<byte> data)
    {
        var id = Field.I32(data, ActiveIdAt);
        return id / DlmmBinArray.BinsPerArray - (id % DlmmBinArray.BinsPerArray < 0 ? 1 : 0);
    }

    private static AccountPresence Extension(in PoolAssembly assembly, out AccountView extension) =>
        assembly.BitmapExtension(ExtensionAddress(assembly.Pool.Address), ExtensionTag, ExtensionRows, out extension);

    private static ArrayBitmap Bitmap(in PoolAssembly assembly, in AccountView extension) =>
        new(assembly.Pool.Data.Slice(BitmapAt, BitmapSize), extension.Data, ExtensionRows, negativeMirrored: true);

    private static bool TakesOrders(ReadOnlySpan<byte> data) => data[FunctionTypeAt] switch
    {
        FunctionLimitOrders => true,
        FunctionUndecided => Field.Address(data, RewardsAt) == Address.Zero && Field.Address(data, RewardsAt + RewardSize) == Address.Zero,
        _ => false,
    };

    private static PoolFault ReadBins(in PoolAssembly assembly, out ImmutableArray<LiquidityBin> bins, out int first, out int last)
    {
        bins = [];
        var data = assembly.Pool.Data;
        var own = ArrayIndex(data);
        Extension(assembly, out var extension);
        var bitmap = Bitmap(assembly, extension);
        var arrays = bitmap.Around(own, out first, out last);
        var covered = PoolAssembly.CheckCovered(bitmap, own, ExtensionAddress(assembly.Pool.Address));
        if (!covered.IsNone)
            return covered;
        Span<LiquidityBin> room = stackalloc LiquidityBin[DlmmBinArray.BinsPerArray];
        var takesOrders = TakesOrders(data);
        var found = ImmutableArray.CreateBuilder<LiquidityBin>();
        foreach (var index in arrays)
        {
            var address = ArrayAddress(assembly.Pool.Address, index);
            if (assembly.Look(address, out var view) != AccountPresence.Present)
            {
                if (index == own)
                    return new PoolFault(PoolRefusal.MissingAccount, address, nameof(AccountRole.BinArray));
                if (index > own)
                {
                    last = index - 1;
                    break;
                }

                found.Clear();
                first = index + 1;
                continue;
            }

            if (view.Owner != ProgramIds.MeteoraDlmm)
                return new PoolFault(PoolRefusal.WrongAccount, address, nameof(AccountRole.BinArray));
            var refusal = DlmmBinArray.TryRead(view.Data, room, out var array);
            if (refusal != PoolRefusal.None)
                return new PoolFault(refusal, address, nameof(AccountRole.BinArray));
            if (array.Pair != assembly.Pool.Address || array.Index != index)
                return new PoolFault(PoolRefusal.WrongAccount, address, "the bin array is another pair's or has another index");
            foreach (var bin in room[..array.Count])
            {
                if (!TryPrice(bin, Field.U16(data, BinStepAt), out var priced))
                    return new PoolFault(PoolRefusal.Malformed, address, $"bin {bin.Id} has no price");
                if (takesOrders)
                    found.Add(priced);
                else if ((priced.X | priced.Y) != 0)
                    found.Add(priced with { Side = BinOrders.None, ProcessedOrders = 0, OpenOrders = 0 });
            }
        }

        first *= DlmmBinArray.BinsPerArray;
        last = (last + 1) * DlmmBinArray.BinsPerArray - 1;
        bins = found.ToImmutable();
        return default;
    }

    // A price that was stored is the power of the step; bytes that say otherwise are not the program's.
    private static bool TryPrice(in LiquidityBin bin, ushort binStep, out LiquidityBin priced)
    {
        priced = bin;
        if (!TryPrice(bin.Id, binStep, out var price))
            return false;
        priced = bin with { Price = price };
        return bin.Price == UInt128.Zero || bin.Price == price;
    }

    // Far from bin 0 a wide step leaves what a price can be, on either side.
    private static bool TryPrice(int id, ushort binStep, out UInt128 price)
    {
        price = UInt128.Zero;
        if (!DlmmState.IsBinId(id))
            return false;
        try
        {
            price = DlmmState.PriceOf(id, binStep);
            return price != UInt128.Zero;
        }
        catch (OverflowException)
        {
            return false;
        }
    }
}
