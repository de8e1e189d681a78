using QTrade.Markets.Venues;
using QTrade.Shared;

namespace QTrade.Solana.Tests.Orca;

/// <summary>A thousand swaps that the program on chain ran or refused, on a hundred real pools.</summary>
public sealed class WhirlpoolVectorSpecs
{
    private static readonly ChainClock Clock = new(185_759_999, 1_700_000_000);

    [SharedFact]
    public void Every_swap_pays_what_the_program_paid_or_is_refused_where_it_refused()
    {
        var different = new List<string>();
        var count = 0;
        foreach (var vector in Fixtures.Vectors("orca_whirlpool_185759999.json"))
        {
            count++;
            var name = vector.GetProperty("pool").GetString()!;
            var zeroForOne = vector.GetProperty("aToB").GetBoolean();
            var amount = vector.Amount("amountIn")!.Value;
            var fault = Fixtures.Assemble(Fixtures.Orca, name, Clock, out var pool);
            Assert.True(fault.IsNone, $"{name}: {fault}");
            var state = (WhirlpoolState)pool!.State;
            var refusal = state.ExactIn(zeroForOne, amount, out var fill);
            var expected = vector.Amount("amountOut");
            var same = expected is null
                ? refusal != VenueRefusal.None
                : refusal == VenueRefusal.None
                    && fill.AmountOut == expected
                    && fill.AmountIn == vector.Amount("amountInUsed")
                    && fill.SqrtPriceAfter.ToString() == vector.GetProperty("sqrtPriceAfter").GetString()
                    && fill.LiquidityAfter.ToString() == vector.GetProperty("liquidityAfter").GetString()
                    && state.TickAfter(fill) == vector.GetProperty("tickAfter").GetInt32();
            if (!same)
                different.Add($"{name} {zeroForOne} {amount}: {refusal} {fill.AmountIn} {fill.AmountOut} {fill.SqrtPriceAfter} {state.TickAfter(fill)} not {vector}");
        }

        Assert.Equal(1000, count);
        Assert.True(different.Count == 0, $"{different.Count} differ:\n" + string.Join('\n', different.Take(10)));
    }
}
