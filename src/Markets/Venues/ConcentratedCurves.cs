using System.Collections.Immutable;

namespace QTrade.Markets.Venues;

/// <summary>The curve of a concentrated pool of integer state.</summary>
internal static class ConcentratedCurves
{
    private const double Q64 = 18_446_744_073_709_551_616.0;

    /// <summary>The curve between two ticks: one interval per stretch of constant liquidity, cut off at the ends.</summary>
    public static PoolCurve Of(ConcentratedState state, int low, int high)
    {
        var range = state.Ticks;
        if (low >= high)
            return new ConcentratedCurve(state.Price, [state.Price, Math.BitIncrement(state.Price)], [0]);
        var begin = range.CountUpTo(low - 1);
        var end = range.CountUpTo(high);
        var at = Math.Clamp(range.CountUpTo(state.Tick), begin, end);
        var bounds = new List<double>(end - begin + 2);
        var liquidity = new List<double>(end - begin + 1);
        var below = Below(state, begin, at);
        if (begin >= at || range[begin].Tick > low)
            bounds.Add(PriceAt(state.RootAt(low)));
        else
            below.RemoveAt(0);
        for (var i = begin; i < end; i++)
            bounds.Add(PriceAt(range.RootOf(i)));
        liquidity.AddRange(below);
        var last = (UInt128?)state.Liquidity;
        liquidity.Add((double)state.Liquidity);
        for (var i = at; i < end; i++)
        {
            last = last is { } known ? Plus(known, range[i].Net) : null;
            liquidity.Add((double)(last ?? UInt128.Zero));
        }

        if (at < end && range[end - 1].Tick >= high)
            liquidity.RemoveAt(liquidity.Count - 1);
        else
            bounds.Add(PriceAt(state.RootAt(high)));
        return Trimmed(state.Price, bounds, liquidity);
    }

    // Liquidity of the intervals below the price's, ascending.
    private static List<double> Below(ConcentratedState state, int begin, int at)
    {
        var below = new double[at - begin];
        var last = (UInt128?)state.Liquidity;
        for (var i = at - 1; i >= begin; i--)
        {
            last = last is { } known ? Plus(known, -range(i)) : null;
            below[i - begin] = (double)(last ?? UInt128.Zero);
        }

        return [.. below];

        Int128 range(int i) => state.Ticks[i].Net;
    }

    // Null where the ticks contradict the liquidity in range: nothing is promised behind.
    private static UInt128? Plus(UInt128 liquidity, Int128 net)
    {
        if (net >= 0)
            return (UInt128)net > UInt128.MaxValue - liquidity ? null : liquidity + (UInt128)net;
        var less = (UInt128)(-net);
        return less > liquidity ? null : liquidity - less;
    }

    private static double PriceAt(UInt128 root)
    {
        var s = (double)root / Q64;
        return s * s;
    }

    // Ends without liquidity are dropped, intervals of equal liquidity joined.
    private static ConcentratedCurve Trimmed(double price, List<double> bounds, List<double> liquidity)
    {
        var ticks = ImmutableArray.CreateBuilder<double>(bounds.Count);
        var flows = ImmutableArray.CreateBuilder<double>(liquidity.Count);
        var first = liquidity.FindIndex(value => value > 0);
        var last = liquidity.FindLastIndex(value => value > 0);
        if (first < 0)
            (first, last) = (0, liquidity.Count - 1);
        for (var i = first; i <= last; i++)
        {
            if (!(bounds[i + 1] > bounds[i]))
                continue;
            if (flows.Count > 0 && flows[^1].Equals(liquidity[i]))
            {
                ticks[^1] = bounds[i + 1];
                continue;
            }

            if (flows.Count == 0)
                ticks.Add(bounds[i]);
            flows.Add(liquidity[i]);
            ticks.Add(bounds[i + 1]);
        }

        if (flows.Count == 0)
        {
            ticks.Add(bounds[0]);
            ticks.Add(Math.BitIncrement(Math.Max(bounds[0], bounds[^1])));
            flows.Add(0);
        }

        return new ConcentratedCurve(price, ticks.ToImmutable(), flows.ToImmutable());
    }
}
