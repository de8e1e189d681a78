using System.Buffers.Binary;
using QTrade.Markets.Venues;
using QTrade.Solana;
using QTrade.Solana.Orca;

namespace QTrade.Benchmarks.Solana;

/// <summary>Decoding of Whirlpool accounts and exact quotes, on one core.</summary>
public sealed class SolanaBenchmark : IBenchmark
{
    private const int Runs = 5;

    // A power of two; together more than the first level of cache holds.
    private const int PoolCount = 1024;

    public string Name => "solana";

    public string About => "decoding of Whirlpool pools and tick arrays, exact quotes within a tick, on one core";

    public void Run(BenchmarkContext context)
    {
        var pools = Enumerable.Range(0, PoolCount).Select(PoolAccount).ToArray();
        var array = TickArrayAccount();
        var ticks = new TickLiquidity[WhirlpoolTickArray.TicksMax];
        var whirlpool = Whirlpool();
        var amm = new AmmV4State { Reserve0 = 71_234_567_890_123, Reserve1 = 5_678_901_234_567, FeeNumerator = 25, FeeDenominator = 10_000 };
        Measure(context, "Whirlpool pool decoded", context.Size(5_000_000, 1_000), i => Decode(pools[i & (PoolCount - 1)]));
        Measure(context, "tick array of 88 ticks decoded", context.Size(500_000, 1_000), _ => Decode(array, ticks));
        Measure(context, "Whirlpool exact in, a for b, within a tick", context.Size(1_000_000, 1_000), i => AmountOut(whirlpool, true, 1_000_000 + (ulong)(i & 1023)));
        Measure(context, "Whirlpool exact in, b for a, within a tick", context.Size(1_000_000, 1_000), i => AmountOut(whirlpool, false, 10_000 + (ulong)(i & 1023)));
        Measure(context, "AMM v4 exact in", context.Size(5_000_000, 1_000), i => AmountOut(amm, true, 1_000_000 + (ulong)(i & 1023)));
    }

    // Every field is used: what nobody looks at the compiler would not read.
    private static ulong Decode(byte[] bytes)
    {
        if (WhirlpoolAccount.TryRead(bytes, out var pool) != PoolRefusal.None)
            throw new InvalidOperationException("the account is none");
        return (ulong)(pool.Liquidity ^ pool.SqrtPrice) ^ (ulong)pool.Tick ^ pool.TickSpacing ^ pool.FeeTierIndex ^ pool.FeeRate ^ pool.RewardTime
            ^ (pool.MintA == pool.MintB ? 1UL : 0) ^ (pool.VaultA == pool.VaultB ? 2UL : 0);
    }

    private static ulong Decode(byte[] bytes, TickLiquidity[] ticks)
    {
        if (WhirlpoolTickArray.TryRead(bytes, 8, ticks, out var array) != PoolRefusal.None || array.Count != WhirlpoolTickArray.TicksMax)
            throw new InvalidOperationException("the account is none");
        return (ulong)ticks[^1].Net ^ (ulong)array.Start;
    }

    private static ulong AmountOut(VenueState state, bool zeroForOne, ulong amountIn)
    {
        if (state.ExactIn(zeroForOne, amountIn, out var fill) != VenueRefusal.None)
            throw new InvalidOperationException("the swap is refused");
        return fill.AmountOut;
    }

    private static void Measure(BenchmarkContext context, string what, int count, Func<int, ulong> action)
    {
        var least = double.MaxValue;
        var allocated = 0L;
        var sum = 0UL;
        for (var run = 0; run < Runs; run++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            var start = System.Diagnostics.Stopwatch.GetTimestamp();
            for (var i = 0; i < count; i++)
                sum ^= action(i);
            var elapsed = System.Diagnostics.Stopwatch.GetElapsedTime(start);
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            least = Math.Min(least, elapsed.TotalNanoseconds / count);
        }

        GC.KeepAlive(sum);
        context.Report(what, least, "ns, least of 5 runs");
        context.Report(what, 1e9 / least, "/s");
        context.Report(what, (double)allocated / count, "B allocated");
    }

    private static WhirlpoolState Whirlpool() => new()
    {
        SqrtPrice = 2_663_421_035_764_981_528,
        Tick = -38_708,
        Liquidity = 163_181_152_869_703,
        FeeRate = 500,
        TickSpacing = 8,
        Ticks = new TickRange(
            [new TickLiquidity(-38_720, 20_683_365_763_720), new TickLiquidity(-38_696, -1_234_567_890)], OrcaTicks.SqrtPriceAt, -40_128, -36_609),
    };

    private static byte[] PoolAccount(int number)
    {
        var data = new byte[WhirlpoolAccount.Size];
        new Random(number).NextBytes(data);
        BinaryPrimitives.WriteUInt64BigEndian(data, 0x3f95d10ce1806309);
        return data;
    }

    private static byte[] TickArrayAccount()
    {
        var data = new byte[WhirlpoolTickArray.FixedSize];
        BinaryPrimitives.WriteUInt64BigEndian(data, 0x4561bdbe6e0742bb);
        for (var i = 0; i < WhirlpoolTickArray.TicksMax; i++)
            data[12 + i * 113] = 1;
        return data;
    }
}
