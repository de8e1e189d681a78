using QTrade.Markets.Venues;

namespace QTrade.Solana.Meteora;

/// <summary>A bin array of a Meteora DLMM pair (10,136 bytes): 70 bins of 144 bytes.</summary>
public readonly struct DlmmBinArray
{
    /// <summary>Its length.</summary>
    public const int Size = 10_136;

    /// <summary>Bins in an array.</summary>
    public const int BinsPerArray = 70;

    private const ulong Tag = 0x5c8e5cdc059446b5;
    private const int IndexAt = 8;
    private const int PairAt = 24;
    private const int BinsAt = 56;
    private const int BinSize = 144;
    private const int YAt = 8;
    private const int PriceAt = 16;
    private const int OpenOrdersAt = 112;
    private const int ProcessedOrdersAt = 128;
    private const int AskSideAt = 140;

    /// <summary>Its index: the bins from 70 times it on.</summary>
    public long Index { get; private init; }

    /// <summary>The pair it belongs to.</summary>
    public Address Pair { get; private init; }

    /// <summary>How many bins hold anything, orders among it.</summary>
    public int Count { get; private init; }

    /// <summary>Reads the bytes of an account that the program owns; no allocation. A price of 0 is one that was not stored yet. Whether
    /// orders count is the pair's affair: older programs kept other figures in their place.</summary>
    /// <param name="data">The bytes.</param>
    /// <param name="bins">Room for <see cref="BinsPerArray"/>; receives those that hold anything, ascending.</param>
    /// <param name="array">The array.</param>
    public static PoolRefusal TryRead(ReadOnlySpan<byte> data, Span<LiquidityBin> bins, out DlmmBinArray array)
    {
        array = default;
        if (!Field.HasTag(data, Tag))
            return data.Length < sizeof(ulong) ? PoolRefusal.Truncated : PoolRefusal.WrongAccount;
        if (data.Length < Size)
            return PoolRefusal.Truncated;
        var index = Field.I64(data, IndexAt);
        if (index is long.MinValue || Math.Abs(index) > int.MaxValue / BinsPerArray - 1)
            return PoolRefusal.Malformed;
        var count = 0;
        for (var i = 0; i < BinsPerArray; i++)
        {
            var at = BinsAt + i * BinSize;
            var (x, y) = (Field.U64(data, at), Field.U64(data, at + YAt));
            var (open, processed) = (Field.U64(data, at + OpenOrdersAt), Field.U64(data, at + ProcessedOrdersAt));
            if ((x | y | open | processed) == 0)
                continue;
            var side = (open | processed) == 0 ? BinOrders.None : data[at + AskSideAt] == 0 ? BinOrders.Bids : BinOrders.Asks;
            bins[count++] = new LiquidityBin((int)index * BinsPerArray + i, x, y, Field.U128(data, at + PriceAt), side, processed, open);
        }

        array = new DlmmBinArray { Index = index, Pair = Field.Address(data, PairAt), Count = count };
        return PoolRefusal.None;
    }
}
