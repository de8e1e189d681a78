using System.Collections.Immutable;
using QTrade.Markets;

namespace QTrade.Shared.MarketFamilies;

/// <summary>Moves of random pools, one after the other: each takes a pool's price up or down by 1 %, every tenth by 30 %. The same seed gives the same moves.</summary>
public sealed class PoolMoves(int seed)
{
    private const int LargeEvery = 10;
    private const double Small = 1.01;
    private const double Large = 1.3;

    private readonly Draws draws = new((ulong)seed + 9001);
    private int count;

    /// <summary>Whether the last move was one by 30 %.</summary>
    public bool WasLarge => count > 0 && count % LargeEvery == 0;

    /// <summary>The next move of a market whose pools are these now: which pool, and what it becomes.</summary>
    public (int Place, Pool Moved) Next(IReadOnlyList<Pool> pools)
    {
        int place = draws.Below(pools.Count);
        double factor = ++count % LargeEvery == 0 ? Large : Small;
        if (draws.Chance(0.5))
            factor = 1 / factor;
        return (place, pools[place] with { Curve = Moved(pools[place].Curve, factor) });
    }

    /// <summary>A curve whose marginal price is lower by about <paramref name="factor"/>; reserves go from one side to the other.</summary>
    private static PoolCurve Moved(PoolCurve curve, double factor)
    {
        double root = Math.Sqrt(factor);
        return curve switch
        {
            ProductCurve product => product with { Reserves = Shifted(product.Reserves, root) },
            WeightedCurve weighted => weighted with { Reserves = Shifted(weighted.Reserves, root) },
            SumCurve sum => sum with { Reserves = Shifted(sum.Reserves, root) },
            StableCurve stable => stable with { Reserves = Shifted(stable.Reserves, root) },
            ConcentratedCurve concentrated => concentrated with
            {
                Price = Math.Clamp(concentrated.Price / factor, concentrated.Ticks[0], concentrated.Ticks[^1]),
            },
            BinsCurve bins => bins with { Bins = [.. bins.Bins.Select(bin => bin with { Price = bin.Price / factor })] },
            _ => throw new NotSupportedException($"no move is known for the kind '{curve.Kind}'"),
        };
    }

    private static ImmutableArray<double> Shifted(ImmutableArray<double> reserves, double factor) =>
        reserves.SetItem(0, reserves[0] * factor).SetItem(1, reserves[1] / factor);
}
