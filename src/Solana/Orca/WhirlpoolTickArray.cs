using System.Numerics;
using QTrade.Markets.Venues;

namespace QTrade.Solana.Orca;

/// <summary>
/// A tick array of an Orca Whirlpool: 88 ticks. Fixed arrays (9,988 bytes) hold all of them, dynamic ones a bitmap and 113 bytes for each
/// that is initialised, one byte for each that is not.
/// </summary>
public readonly struct WhirlpoolTickArray
{
    /// <summary>Length of a fixed array.</summary>
    public const int FixedSize = 9988;

    /// <summary>Most ticks that one array holds.</summary>
    public const int TicksMax = WhirlpoolState.TicksPerArray;

    private const ulong FixedTag = 0x4561bdbe6e0742bb;
    private const ulong DynamicTag = 0x11d8f68ee1c7da38;
    private const int StartAt = 8;
    private const int FixedTicksAt = 12;
    private const int TickSize = 113;
    private const int NetAt = 1;
    private const int FixedPoolAt = 9956;
    private const int DynamicPoolAt = 12;
    private const int DynamicBitmapAt = 44;
    private const int DynamicTicksAt = 60;

    /// <summary>The lowest tick of the array.</summary>
    public int Start { get; private init; }

    /// <summary>The pool it belongs to.</summary>
    public Address Pool { get; private init; }

    /// <summary>How many of its ticks are initialised.</summary>
    public int Count { get; private init; }

    /// <summary>Reads the bytes of an account that the program owns; no allocation.</summary>
    /// <param name="data">The bytes.</param>
    /// <param name="tickSpacing">The pool's tick spacing.</param>
    /// <param name="ticks">Room for <see cref="TicksMax"/>; receives the initialised ones, ascending.</param>
    /// <param name="array">The array.</param>
    public static PoolRefusal TryRead(ReadOnlySpan<byte> data, int tickSpacing, Span<TickLiquidity> ticks, out WhirlpoolTickArray array)
    {
        array = default;
        if (Field.HasTag(data, FixedTag))
            return data.Length < FixedSize ? PoolRefusal.Truncated : ReadFixed(data, tickSpacing, ticks, out array);
        if (Field.HasTag(data, DynamicTag))
            return data.Length < DynamicTicksAt ? PoolRefusal.Truncated : ReadDynamic(data, tickSpacing, ticks, out array);
        return data.Length < sizeof(ulong) ? PoolRefusal.Truncated : PoolRefusal.WrongAccount;
    }

    /// <summary>The pool that a tick array belongs to; false for any other account.</summary>
    public static bool TryReadPool(ReadOnlySpan<byte> data, out Address pool)
    {
        var at = Field.HasTag(data, FixedTag) && data.Length >= FixedSize ? FixedPoolAt
            : Field.HasTag(data, DynamicTag) && data.Length >= DynamicTicksAt ? DynamicPoolAt
            : -1;
        pool = at < 0 ? Address.Zero : Field.Address(data, at);
        return at >= 0;
    }

    private static PoolRefusal ReadFixed(ReadOnlySpan<byte> data, int tickSpacing, Span<TickLiquidity> ticks, out WhirlpoolTickArray array)
    {
        var start = Field.I32(data, StartAt);
        var count = 0;
        for (var i = 0; i < TicksMax; i++)
        {
            var at = FixedTicksAt + i * TickSize;
            if (data[at] != 0)
                ticks[count++] = new TickLiquidity(start + i * tickSpacing, Field.I128(data, at + NetAt));
        }

        array = new WhirlpoolTickArray { Start = start, Pool = Field.Address(data, FixedPoolAt), Count = count };
        return PoolRefusal.None;
    }

    private static PoolRefusal ReadDynamic(ReadOnlySpan<byte> data, int tickSpacing, Span<TickLiquidity> ticks, out WhirlpoolTickArray array)
    {
        array = default;
        var start = Field.I32(data, StartAt);
        var bitmap = Field.U128(data, DynamicBitmapAt);
        var initialised = BitOperations.PopCount((ulong)bitmap) + BitOperations.PopCount((ulong)(bitmap >> 64));
        if (bitmap >> TicksMax != UInt128.Zero)
            return PoolRefusal.Malformed;
        if (data.Length < DynamicTicksAt + TicksMax + initialised * (TickSize - 1))
            return PoolRefusal.Truncated;
        var count = 0;
        var at = DynamicTicksAt;
        for (var i = 0; i < TicksMax; i++)
        {
            var set = (bitmap >> i & UInt128.One) != UInt128.Zero;
            if (set != (data[at] == 1) || (!set && data[at] != 0))
                return PoolRefusal.Malformed;
            if (set)
                ticks[count++] = new TickLiquidity(start + i * tickSpacing, Field.I128(data, at + NetAt));
            at += set ? TickSize : 1;
        }

        array = new WhirlpoolTickArray { Start = start, Pool = Field.Address(data, DynamicPoolAt), Count = count };
        return PoolRefusal.None;
    }
}
