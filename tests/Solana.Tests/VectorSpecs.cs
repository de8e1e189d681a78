using System.Buffers.Binary;
using System.Text.Json;
using QTrade.Markets.Venues;
using QTrade.Shared;
using QTrade.Solana.Dumps;
using QTrade.Solana.Raydium;

namespace QTrade.Solana.Tests;

/// <summary>Amounts that the programs on chain gave for real pools, or their refusals.</summary>
public sealed class VectorSpecs
{
    private const string ClmmPool = "CYbD9RaToYMtWKA7QZyoLahnHdWq553Vm62Lh6qWtuxq";

    [SharedFact]
    public void Raydium_amm_v4_pays_what_the_program_paid() =>
        Check("raydium_amm_v4.jsonl", Fixtures.Dump("raydium-amm-v4"), "pool", "coinToPc", 1_790_000_000);

    [SharedFact]
    public void Raydium_cpmm_pays_what_the_program_paid() =>
        Check("raydium_cpmm.jsonl", Fixtures.Dump("raydium-cpmm"), "pool", "zeroForOne", 1_790_000_000);

    [SharedFact]
    public void Meteora_damm_v2_pays_what_the_program_paid() =>
        Check("meteora_damm_v2.jsonl", Fixtures.Dump("meteora-damm-v2"), "pool", "aToB", 0);

    // The receiver's account lacked the extension that a mint with a transfer fee asks for: no rule of the pool.
    [SharedFact]
    public void Meteora_dlmm_pays_what_the_program_paid() =>
        Check("meteora_dlmm.jsonl", Fixtures.Dump("meteora-dlmm"), "pair", "swapForY", 0, error => !error.EndsWith("0xd", StringComparison.Ordinal));

    [SharedFact]
    public void Token_swap_pays_what_the_program_paid()
    {
        var different = new List<string>();
        foreach (var vector in Fixtures.Vectors("spl_token_swap.jsonl"))
        {
            var fees = vector.GetProperty("fees").EnumerateArray().Select(fee => ulong.Parse(fee.GetString()!)).ToArray();
            var state = new TokenSwapState
            {
                Reserve0 = vector.Amount("reserveA")!.Value,
                Reserve1 = vector.Amount("reserveB")!.Value,
                TradeNumerator = fees[0],
                TradeDenominator = fees[1],
                OwnerNumerator = fees[2],
                OwnerDenominator = fees[3],
            };
            Compare(state, vector, "aToB", different);
        }

        Assert.True(different.Count == 0, string.Join('\n', different));
    }

    [SharedFact]
    public void Raydium_clmm_pays_what_the_program_paid()
    {
        var different = new List<string>();
        var pool = Address.Parse(ClmmPool);
        foreach (var vector in Fixtures.Vectors("raydium_clmm_synthetic_ticks.jsonl"))
        {
            var dump = Fixtures.Dump("raydium-clmm");
            PutTicks(dump, pool, vector.GetProperty("netTicks"));
            var fault = Fixtures.Assemble(dump, ClmmPool, new ChainClock(400_000_000, 1_790_000_000), out var assembled);
            Assert.True(fault.IsNone, fault.ToString());
            Compare(assembled!.State, vector, "zeroForOne", different);
        }

        Assert.True(different.Count == 0, string.Join('\n', different));
    }

    private static void Check(string file, AccountDump dump, string pool, string direction, long unixTime, Func<string, bool>? isOwn = null)
    {
        var different = new List<string>();
        foreach (var vector in Fixtures.Vectors(file))
        {
            if (isOwn is not null && vector.TryGetProperty("error", out var error) && !isOwn(error.GetString()!))
                continue;
            var name = vector.GetProperty(pool).GetString()!;
            var fault = Fixtures.Assemble(dump, name, Clock(vector, unixTime), out var assembled);
            if (fault.IsNone)
                Compare(assembled!.State, vector, direction, different);
            else if (vector.Amount("amountOut") is not null || fault.Refusal != PoolRefusal.Disabled)
                different.Add($"{fault} for {vector}");
        }

        Assert.True(different.Count == 0, $"{different.Count} differ:\n" + string.Join('\n', different.Take(12)));
    }

    private static ChainClock Clock(JsonElement vector, long unixTime)
    {
        var slot = Number(vector, "slot") ?? 400_000_000;
        return new ChainClock((ulong)slot, Number(vector, "unixTime") ?? unixTime);
    }

    private static long? Number(JsonElement vector, string name) =>
        !vector.TryGetProperty(name, out var value) ? null
        : value.ValueKind == JsonValueKind.String ? long.Parse(value.GetString()!) : value.GetInt64();

    private static void Compare(VenueState state, JsonElement vector, string direction, List<string> different)
    {
        var zeroForOne = vector.GetProperty(direction).GetBoolean();
        var amount = vector.Amount("amountIn")!.Value;
        var refusal = state.ExactIn(zeroForOne, amount, out var fill);
        var expected = vector.Amount("amountOut");
        var same = expected is null
            ? refusal != VenueRefusal.None
            : refusal == VenueRefusal.None
                && fill.AmountOut == expected
                && (vector.Amount("amountInUsed") ?? amount) == fill.AmountIn
                && (!vector.TryGetProperty("sqrtPriceAfter", out var root) || root.GetString() == fill.SqrtPriceAfter.ToString())
                && (!vector.TryGetProperty("liquidityAfter", out var liquidity) || liquidity.GetString() == fill.LiquidityAfter.ToString())
                && (!vector.TryGetProperty("tickAfter", out var tick) || tick.GetInt32() == ((ConcentratedState)state).TickAfter(fill))
                && (!vector.TryGetProperty("activeIdAfter", out var active) || active.GetInt32() == fill.TickAfter);
        if (!same)
            different.Add($"{refusal} {fill.AmountIn} {fill.AmountOut} {fill.SqrtPriceAfter} {fill.TickAfter} not {vector}");
    }

    private static void PutTicks(AccountDump dump, Address pool, JsonElement netTicks)
    {
        const int spacing = 1;
        const int span = spacing * ClmmTickArray.TicksMax;
        dump.TryGet(pool, out var account);
        var bytes = account.Data.ToArray();
        var arrays = new Dictionary<int, byte[]>();
        foreach (var entry in netTicks.EnumerateArray())
        {
            var tick = entry[0].GetInt32();
            var net = Int128.Parse(entry[1].GetString()!);
            var index = (int)Math.Floor((double)tick / span);
            if (!arrays.TryGetValue(index, out var array))
            {
                arrays[index] = array = new byte[ClmmTickArray.Size];
                BinaryPrimitives.WriteUInt64BigEndian(array, 0xc09b55cd31f9812a);
                pool.WriteTo(array.AsSpan(8));
                BinaryPrimitives.WriteInt32LittleEndian(array.AsSpan(40), index * span);
            }

            var at = 44 + (tick - index * span) / spacing * 168;
            BinaryPrimitives.WriteInt32LittleEndian(array.AsSpan(at), tick);
            BinaryPrimitives.WriteInt128LittleEndian(array.AsSpan(at + 4), net);
            BinaryPrimitives.WriteUInt128LittleEndian(array.AsSpan(at + 20), (UInt128)Int128.Abs(net));
            bytes[904 + (index + 512) / 8] |= (byte)(1 << ((index + 512) & 7));
        }

        dump.Set(pool, ProgramIds.RaydiumClmm, bytes);
        foreach (var (index, array) in arrays)
            dump.Set(ClmmPools.ArrayAddress(pool, index * span), ProgramIds.RaydiumClmm, array);
    }
}
