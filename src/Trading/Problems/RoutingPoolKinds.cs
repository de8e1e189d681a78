using System.Collections.Immutable;
using QTrade.Markets;
using QTrade.Solver;
using QTrade.Solver.Pools;

namespace QTrade.Trading.Problems;

/// <summary>
/// Which of the solver's pools stands for which curve of a market. A program enters its own kinds at start, before it solves a market: the curve with its
/// exact arithmetic in Markets, the pool in Solver, one line here.
/// </summary>
public static class RoutingPoolKinds
{
    private static ImmutableDictionary<Type, Func<Pool, ImmutableArray<int>, RoutingPool>> _kinds = Standard();

    /// <summary>Enters a kind of curve; the function gets the pool, its curve and its tokens' places in the market.</summary>
    /// <exception cref="ArgumentException">The curve already has a pool.</exception>
    public static void Register<TCurve>(Func<Pool, TCurve, ImmutableArray<int>, RoutingPool> make)
        where TCurve : PoolCurve
    {
        if (!ImmutableInterlocked.TryAdd(ref _kinds, typeof(TCurve), (pool, tokens) => make(pool, (TCurve)pool.Curve, tokens)))
            throw new ArgumentException($"{typeof(TCurve).Name} already has a routing pool", nameof(make));
    }

    /// <summary>The solver's pool for a market's pool, or null where its kind has none.</summary>
    public static RoutingPool? TryMake(Pool pool, ImmutableArray<int> tokens) =>
        Volatile.Read(ref _kinds).TryGetValue(pool.Curve.GetType(), out var make) ? make(pool, tokens) : null;

    /// <summary>A pool's fees that depend on the token, as the solver takes them; null where there are none.</summary>
    public static TokenFees? TokenFeesOf(Pool pool) => pool.HasTokenFees ? new(pool.TokenFees, pool.TokenFeesOut) : null;

    private static ImmutableDictionary<Type, Func<Pool, ImmutableArray<int>, RoutingPool>> Standard()
    {
        var kinds = ImmutableDictionary.CreateBuilder<Type, Func<Pool, ImmutableArray<int>, RoutingPool>>();
        kinds.Add(typeof(ProductCurve), (pool, tokens) => Product(pool, (ProductCurve)pool.Curve, tokens));
        kinds.Add(typeof(WeightedCurve), (pool, tokens) => Weighted(pool, (WeightedCurve)pool.Curve, tokens));
        kinds.Add(typeof(SumCurve), (pool, tokens) => Sum(pool, (SumCurve)pool.Curve, tokens));
        kinds.Add(typeof(StableCurve), (pool, tokens) => Stable(pool, (StableCurve)pool.Curve, tokens));
        kinds.Add(typeof(ConcentratedCurve), (pool, tokens) => Concentrated(pool, (ConcentratedCurve)pool.Curve, tokens));
        kinds.Add(typeof(BinsCurve), (pool, tokens) => Bins(pool, (BinsCurve)pool.Curve, tokens));
        return kinds.ToImmutable();
    }

    private static ProductPool Product(Pool pool, ProductCurve curve, ImmutableArray<int> tokens) =>
        new(tokens, curve.Reserves, pool.Fee, pool.FeeOut, pool.MaxTender, TokenFeesOf(pool));

    private static WeightedPool Weighted(Pool pool, WeightedCurve curve, ImmutableArray<int> tokens) =>
        new(tokens, curve.Reserves, curve.Weights, pool.Fee, pool.FeeOut, pool.MaxTender, TokenFeesOf(pool));

    private static SumPool Sum(Pool pool, SumCurve curve, ImmutableArray<int> tokens) =>
        new(tokens, curve.Reserves, curve.Rates, pool.Fee, pool.FeeOut, pool.MaxTender, TokenFeesOf(pool));

    private static StablePool Stable(Pool pool, StableCurve curve, ImmutableArray<int> tokens) =>
        new(tokens, curve.Reserves, curve.Amplification, curve.Rates, pool.Fee, pool.FeeOut, pool.MaxTender, TokenFeesOf(pool));

    private static ConcentratedPool Concentrated(Pool pool, ConcentratedCurve curve, ImmutableArray<int> tokens) =>
        new(tokens, curve.Price, curve.Ticks, curve.Liquidity, pool.Fee, pool.FeeOut, pool.MaxTender, TokenFeesOf(pool));

    private static BinsPool Bins(Pool pool, BinsCurve curve, ImmutableArray<int> tokens)
    {
        var bins = ImmutableArray.CreateBuilder<PriceBin>(curve.Bins.Length);
        foreach (Bin bin in curve.Bins)
            bins.Add(new(bin.Price, bin.X, bin.Y, bin.Fee ?? pool.Fee));
        return new(tokens, bins.MoveToImmutable(), pool.Fee, pool.FeeOut, pool.MaxTender, TokenFeesOf(pool));
    }
}
