using System.Buffers.Binary;
using QTrade.Markets.Venues;
using QTrade.Solana.Orca;

namespace QTrade.Benchmarks.Solana;

/// <summary>Decoding of Whirlpool accounts and exact quotes, on one core.</summary>
public sealed class SolanaBenchmark : IBenchmark
{
    private const int Runs = 5;

    public string Name => "solana";

    public string About => "decoding of Whirlpool pools and tick arrays, exact quotes within a tick, on one core";

    public void Run(BenchmarkContext context)
    {
        var pool = PoolAccount();
        var array = TickArrayAccount();
        var ticks = new TickLiquidity[WhirlpoolTickArray.TicksMax];
        var whirlpool = Whirlpool();
        var amm = new AmmV4State { Reserve0 = 71_234_567_890_123, Reserve1 = 5_678_901_234_567, FeeNumerator = 25, FeeDenominator = 10_000 };
        var amount = 0UL;
        Measure(context, "Whirlpool pool decoded", context.Size(5_000_000, 1_000), () => WhirlpoolAccount.TryRead(pool, out _));
        Measure(context, "tick array of 88 ticks decoded", context.Size(500_000, 1_000), () => WhirlpoolTickArray.TryRead(array, 8, ticks, out _));
        Measure(context, "Whirlpool exact in, a for b, within a tick", context.Size(1_000_000, 1_000), () => whirlpool.ExactIn(true, 1_000_000 + (amount++ & 1023), out _));
        Measure(context, "Whirlpool exact in, b for a, within a tick", context.Size(1_000_000, 1_000), () => whirlpool.ExactIn(false, 10_000 + (amount++ & 1023), out _));
        Measure(context, "AMM v4 exact in", context.Size(5_000_000, 1_000), () => amm.ExactIn(true, 1_000_000 + (amount++ & 1023), out _));
    }

    private static void Measure(BenchmarkContext context, string what, int count, Action action)
    {
        var least = double.MaxValue;
        var allocated = 0L;
        for (var run = 0; run < Runs; run++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            var start = System.Diagnostics.Stopwatch.GetTimestamp();
            for (var i = 0; i < count; i++)
                action();
            var elapsed = System.Diagnostics.Stopwatch.GetElapsedTime(start);
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            least = Math.Min(least, elapsed.TotalNanoseconds / count);
        }

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

    private static byte[] PoolAccount()
    {
        var data = new byte[WhirlpoolAccount.Size];
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
