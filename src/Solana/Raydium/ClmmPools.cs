using System.Buffers.Binary;
using System.Runtime.InteropServices;
using QTrade.Markets.Venues;

namespace QTrade.Solana.Raydium;

/// <summary>Raydium CLMM from accounts to pools (1,544 bytes).</summary>
internal sealed class ClmmPools : VenuePools
{
    private const int Size = 1544;
    private const ulong Tag = 0xf7ede3f5d7c3de46;
    private const int ConfigAt = 9;
    private const int Mint0At = 73;
    private const int Mint1At = 105;
    private const int Decimals0At = 233;
    private const int Decimals1At = 234;
    private const int TickSpacingAt = 235;
    private const int LiquidityAt = 237;
    private const int SqrtPriceAt = 253;
    private const int TickAt = 269;
    private const int StatusAt = 389;
    private const int FeeOnAt = 390;
    private const int BitmapAt = 904;
    private const int BitmapSize = 128;
    private const int OpenTimeAt = 1080;
    private const int DynamicFeeAt = 1096;
    private const int SwapDisabled = 1 << 4;

    private const int ConfigSize = 117;
    private const ulong ConfigTag = 0xdaf42168cbcb2b6f;
    private const int TradeRateAt = 47;
    private const uint RateDenominator = 1_000_000;

    private const ulong ExtensionTag = 0x3c9624db61808b99;
    private const int ExtensionRows = 14;

    public override PoolFault Check(in PoolAssembly assembly)
    {
        var data = assembly.Pool.Data;
        var fault = assembly.CheckHead(Tag, Size);
        if (!fault.IsNone)
            return fault;
        var tick = Field.I32(data, TickAt);
        var root = Field.U128(data, SqrtPriceAt);
        if (Field.U16(data, TickSpacingAt) == 0 || Math.Abs((long)tick) > RaydiumTicks.TickMax + 1
            || root < RaydiumTicks.SqrtPriceMin || root > RaydiumTicks.SqrtPriceMax || !IsTickOf(tick, root))
            return assembly.Refuse(PoolRefusal.Malformed, "tick, price or spacing");
        if ((data[StatusAt] & SwapDisabled) != 0)
            return assembly.Refuse(PoolRefusal.Disabled);
        if (data[FeeOnAt] != 0)
            return assembly.Refuse(PoolRefusal.FeeMode, "the fee is not always taken from what goes in");
        return data[DynamicFeeAt..Size].ContainsAnyExcept((byte)0) ? assembly.Refuse(PoolRefusal.DynamicFee) : default;
    }

    public override PoolPlan Plan(in PoolAssembly assembly)
    {
        var data = assembly.Pool.Data;
        var extensionAddress = ExtensionAddress(assembly.Pool.Address);
        var needed = new NeededAccounts()
            .Add(Field.Address(data, ConfigAt), AccountRole.Config)
            .Add(Field.Address(data, Mint0At), AccountRole.Mint)
            .Add(Field.Address(data, Mint1At), AccountRole.Mint)
            .Add(extensionAddress, AccountRole.BitmapExtension, mayBeAbsent: true);
        var presence = Extension(assembly, out var extension);
        foreach (var index in Bitmap(assembly, extension).Around(ArrayIndex(data), out _, out _))
            needed.Add(ArrayAddress(assembly.Pool.Address, index * Span(data)), AccountRole.TickArray);
        return needed.Plan(assembly, Venue.RaydiumClmm, presence != AccountPresence.Unknown);
    }

    public override PoolFault Assemble(in PoolAssembly assembly, out SolanaPool? pool)
    {
        pool = null;
        var data = assembly.Pool.Data;
        var fault = assembly.CheckOpened(Field.U64(data, OpenTimeAt));
        if (!fault.IsNone)
            return fault;
        var configAddress = Field.Address(data, ConfigAt);
        fault = assembly.Config(configAddress, ProgramIds.RaydiumClmm, ConfigTag, ConfigSize, out var config);
        if (!fault.IsNone)
            return fault;
        var rate = Field.U32(config.Data, TradeRateAt);
        if (rate >= RateDenominator)
            return new PoolFault(PoolRefusal.Malformed, configAddress, "fee rate");
        fault = ReadTicks(assembly, out var ticks);
        if (!fault.IsNone)
            return fault;
        var state = new RaydiumClmmState
        {
            SqrtPrice = Field.U128(data, SqrtPriceAt),
            Tick = Field.I32(data, TickAt),
            Liquidity = Field.U128(data, LiquidityAt),
            FeeRate = rate,
            Ticks = ticks!,
        };
        return assembly.Finish(
            state, Venue.RaydiumClmm, Field.Address(data, Mint0At), Field.Address(data, Mint1At), out pool,
            data[Decimals0At], data[Decimals1At]);
    }

    /// <summary>The address of the tick array that begins at a tick.</summary>
    internal static Address ArrayAddress(in Address pool, int start)
    {
        Span<byte> number = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(number, start);
        return ProgramAddresses.Of("tick_array"u8, pool, ProgramIds.RaydiumClmm, start, number);
    }

    private static Address ExtensionAddress(in Address pool) =>
        ProgramAddresses.Of("pool_tick_array_bitmap_extension"u8, pool, ProgramIds.RaydiumClmm, 0, []);

    // The tick that the program holds is the root's, or one less where a fall of the price ended on a tick.
    private static bool IsTickOf(int tick, UInt128 root)
    {
        var exact = RaydiumTicks.TickAt(root);
        return tick == exact || (tick == exact - 1 && RaydiumTicks.SqrtPriceAt(exact) == root);
    }

    private static int Span(ReadOnlySpan<byte> data) => RaydiumClmmState.TicksPerArray * Field.U16(data, TickSpacingAt);

    private static int ArrayIndex(ReadOnlySpan<byte> data) => FloorDiv(Field.I32(data, TickAt), Span(data));

    private static int FloorDiv(int value, int by) => value / by - (value % by < 0 ? 1 : 0);

    private static AccountPresence Extension(in PoolAssembly assembly, out AccountView extension) =>
        assembly.BitmapExtension(ExtensionAddress(assembly.Pool.Address), ExtensionTag, ExtensionRows, out extension);

    private static ArrayBitmap Bitmap(in PoolAssembly assembly, in AccountView extension) =>
        new(assembly.Pool.Data.Slice(BitmapAt, BitmapSize), extension.Data, ExtensionRows, negativeMirrored: false);

    private static PoolFault ReadTicks(in PoolAssembly assembly, out TickRange? range)
    {
        range = null;
        var data = assembly.Pool.Data;
        var span = Span(data);
        var own = ArrayIndex(data);
        var presence = Extension(assembly, out var extension);
        var bitmap = Bitmap(assembly, extension);
        var covered = PoolAssembly.CheckCovered(bitmap, own, ExtensionAddress(assembly.Pool.Address));
        if (!covered.IsNone)
            return covered;
        var arrays = bitmap.Around(own, out var first, out var last);
        var (lowestArray, highestArray) = (bitmap.First, bitmap.Last);
        // Without an extension account no array lies beyond the pool's own bitmap.
        if (presence == AccountPresence.Absent)
        {
            (lowestArray, highestArray) = (int.MinValue, int.MaxValue);
            first = first == bitmap.First ? lowestArray : first;
            last = last == bitmap.Last ? highestArray : last;
        }

        Span<TickLiquidity> room = stackalloc TickLiquidity[ClmmTickArray.TicksMax];
        var ticks = new List<TickLiquidity>();
        foreach (var index in arrays)
        {
            if (Math.Abs((long)index * span) > RaydiumTicks.TickMax + (long)span)
                return new PoolFault(PoolRefusal.Malformed, assembly.Pool.Address, "a tick array beyond the last tick");
            var address = ArrayAddress(assembly.Pool.Address, index * span);
            if (assembly.Look(address, out var view) != AccountPresence.Present)
            {
                if (index == own)
                    return new PoolFault(PoolRefusal.MissingAccount, address, nameof(AccountRole.TickArray));
                if (index > own)
                {
                    last = index - 1;
                    break;
                }

                ticks.Clear();
                first = index + 1;
                continue;
            }

            if (view.Owner != ProgramIds.RaydiumClmm)
                return new PoolFault(PoolRefusal.WrongAccount, address, nameof(AccountRole.TickArray));
            var refusal = ClmmTickArray.TryRead(view.Data, Field.U16(data, TickSpacingAt), room, out var array);
            if (refusal != PoolRefusal.None)
                return new PoolFault(refusal, address, nameof(AccountRole.TickArray));
            if (array.Pool != assembly.Pool.Address || array.Start != index * span)
                return new PoolFault(PoolRefusal.WrongAccount, address, "the tick array is another pool's or begins elsewhere");
            if (array.HasOrders)
                return new PoolFault(PoolRefusal.LimitOrders, address);
            foreach (var tick in room[..array.Count])
            {
                if (Math.Abs((long)tick.Tick) <= RaydiumTicks.TickMax)
                    ticks.Add(tick);
            }
        }

        // Liquidity was put between two ticks. A bitmap that knows none on a side makes it endless there.
        var tickNow = Field.I32(data, TickAt);
        var (isEndlessBelow, isEndlessAbove) = (first == lowestArray, last == highestArray);
        foreach (var tick in ticks)
        {
            isEndlessBelow &= tick.Tick > tickNow;
            isEndlessAbove &= tick.Tick <= tickNow;
        }

        if (presence != AccountPresence.Unknown && (isEndlessBelow || isEndlessAbove) && Field.U128(data, LiquidityAt) != UInt128.Zero)
            return assembly.Refuse(PoolRefusal.Malformed, "liquidity at the price, and no initialised tick on one side of it");
        var lowest = (int)Math.Clamp((long)first * span, -RaydiumTicks.TickMax, RaydiumTicks.TickMax);
        var highest = (int)Math.Clamp(((long)last + 1) * span - 1, -RaydiumTicks.TickMax, RaydiumTicks.TickMax);
        range = new TickRange(CollectionsMarshal.AsSpan(ticks), RaydiumTicks.SqrtPriceAt, lowest, highest);
        return default;
    }
}
