using QTrade.Markets.Venues;

namespace QTrade.Solana.Raydium;

/// <summary>A tick array of a Raydium CLMM pool (10,240 bytes): 60 ticks of 168 bytes, initialised where their gross liquidity is not 0.</summary>
public readonly struct ClmmTickArray
{
    /// <summary>Its length.</summary>
    public const int Size = 10_240;

    /// <summary>Most ticks that one array holds.</summary>
    public const int TicksMax = RaydiumClmmState.TicksPerArray;

    private const ulong Tag = 0xc09b55cd31f9812a;
    private const int PoolAt = 8;
    private const int StartAt = 40;
    private const int TicksAt = 44;
    private const int TickSize = 168;
    private const int NetAt = 4;
    private const int GrossAt = 20;
    private const int OrdersAt = 116;

    /// <summary>The lowest tick of the array.</summary>
    public int Start { get; private init; }

    /// <summary>The pool it belongs to.</summary>
    public Address Pool { get; private init; }

    /// <summary>How many of its ticks are initialised.</summary>
    public int Count { get; private init; }

    /// <summary>Whether a tick holds limit orders.</summary>
    public bool HasOrders { get; private init; }

    /// <summary>Reads the bytes of an account that the program owns; no allocation.</summary>
    /// <param name="data">The bytes.</param>
    /// <param name="tickSpacing">The pool's tick spacing.</param>
    /// <param name="ticks">Room for <see cref="TicksMax"/>; receives the initialised ones, ascending.</param>
    /// <param name="array">The array.</param>
    public static PoolRefusal TryRead(ReadOnlySpan<byte> data, int tickSpacing, Span<TickLiquidity> ticks, out ClmmTickArray array)
    {
        array = default;
        if (!Field.HasTag(data, Tag))
            return data.Length < sizeof(ulong) ? PoolRefusal.Truncated : PoolRefusal.WrongAccount;
        if (data.Length < Size)
            return PoolRefusal.Truncated;
        var start = Field.I32(data, StartAt);
        var count = 0;
        var hasOrders = false;
        for (var i = 0; i < TicksMax; i++)
        {
            var at = TicksAt + i * TickSize;
            hasOrders |= data[(at + OrdersAt)..(at + TickSize)].ContainsAnyExcept((byte)0);
            if (Field.U128(data, at + GrossAt) == UInt128.Zero)
                continue;
            var tick = Field.I32(data, at);
            if (tick != start + i * tickSpacing)
                return PoolRefusal.Malformed;
            ticks[count++] = new TickLiquidity(tick, Field.I128(data, at + NetAt));
        }

        array = new ClmmTickArray { Start = start, Pool = Field.Address(data, PoolAt), Count = count, HasOrders = hasOrders };
        return PoolRefusal.None;
    }
}
