using QTrade.Solver.Arithmetic;

namespace QTrade.Solver.Newton;

/// <summary>
/// D at an iterate's prices, never below it, from what the pools were found to do there: values of pools that trade are added without cancellation, with margins for the roundings of logarithms and excesses.
/// </summary>
internal sealed class DualBound(PricedPools pools, PriceIterate at, KinkPrices kinks)
{
    /// <summary>What the roundings of an excess can cost per value turned over, what those of a pool's value can cost relative to it.</summary>
    private const double TurnoverRounding = 4e-15;
    private const double ValueRounding = 4e-14;
    private const double LargestMargin = 1e-11;

    /// <summary>Logarithms of prices to their references, and of a pool's price to the dual's, whose roundings these margins cover; how far an excess may be off by them.</summary>
    private const double FarthestPrice = 8;
    private const double FarthestExcess = 16;
    private const double KinkRounding = 1e-14;
    private const double FarFromKink = 1e-9;
    private const double QuickMargin = 3e-13;
    private const double LeastBound = 1e-3;

    private readonly CompensatedSums values = new();
    private RoutingGraph graph = null!;
    private RoutingPool[] routingPools = [];
    private bool[] far = [];
    private bool hasFar;

    public void Load(RoutingGraph routingGraph, RoutingPool[] problemPools)
    {
        graph = routingGraph;
        routingPools = problemPools;
        if (far.Length < at.Count)
            far = new bool[Math.Max(at.Count, 2 * far.Length)];
    }

    /// <summary>
    /// D at the given prices, by graph node, that the iterate's were copied to: where there are linear pieces, those at the kinks. Pools that do not trade idle at these prices unless they have a leg left out.
    /// NaN where the margin would be too large a part of it, or the bound next to nothing.
    /// </summary>
    public double At(ReadOnlySpan<double> prices) => pools.Smoothing > 0 ? double.NaN : pools.HasLinear ? AtKinks(prices) : AtIterate(prices);

    private double AtIterate(ReadOnlySpan<double> prices)
    {
        FindFar(at.Z);
        double margin = KinkMargin(), quick = QuickBound(prices);
        double value = double.IsNaN(quick) ? BoundOf(DoubleDouble.Zero, 0, 0, prices) : quick;
        return margin <= LargestMargin * value ? value + margin : double.NaN;
    }

    /// <summary>Prices so far out that roundings of their logarithms are larger than the margins suppose: pools at such are valued exactly, as are those of such excesses.</summary>
    private void FindFar(double[] z)
    {
        hasFar = false;
        for (int j = 0; j < at.Count; j++)
        {
            far[j] = !(Math.Abs(z[j]) <= FarthestPrice);
            hasFar |= far[j];
        }
    }

    private bool IsFar(int p) =>
        pools.Excess[p] > FarthestExcess || (hasFar && (far[pools.From[p]] || far[pools.To[p]]) && !(pools.Excess[p] < -FarFromKink));

    /// <summary>An idle curve whose roundings decide whether it trades: its next piece may be any number of times as deep as the first, so that no weight tells what it may be worth.</summary>
    private bool IsAtKinkOfCurve(int p) => p >= pools.MeanCount && p < pools.LinearStart && pools.Leg[p] < 0 && Math.Abs(pools.Excess[p]) < KinkRounding;

    /// <summary>What pools within a rounding of their kink may earn more at the exact prices: half their weight times the rounding's square.</summary>
    private double KinkMargin()
    {
        double margin = 0;
        double[] excess = pools.Excess;
        for (int p = 0; p < pools.Count; p++)
        {
            if (!(Math.Abs(excess[p]) < KinkRounding) || !pools.IsWhole[p] || IsFar(p))
                continue;
            margin += WeightAtKink(p) * (KinkRounding * KinkRounding);
        }

        return margin;
    }

    private double WeightAtKink(int p) => Math.Max(at.Nu[pools.To[p]] * pools.FirstRise(p, 0), at.Nu[pools.From[p]] * pools.FirstRise(p, 1));

    /// <summary>
    /// The values received less those tendered, where the roundings of either are small against the sum: a trade next to the best one falls short of it in second order only.
    /// </summary>
    private double QuickBound(ReadOnlySpan<double> prices)
    {
        values.Grow(1);
        values.Begin(1);
        double turnover = 0;
        for (int p = 0; p < pools.MeanCount; p++)
        {
            double into = pools.WorthTo[p], outOf = pools.WorthFrom[p];
            if (!pools.IsWhole[p])
                continue;
            if (IsFar(p))
                return double.NaN;
            if (pools.Leg[p] < 0)
                continue;
            values.Add(0, into + outOf);
            turnover += (1 + pools.Excess[p]) * (Math.Abs(into) + Math.Abs(outOf));
        }

        return values[0] > 0 && TurnoverRounding * turnover <= QuickMargin * values[0]
            ? BoundOf(values.Exact(0), turnover, pools.MeanCount, prices)
            : double.NaN;
    }

    /// <summary>The bound where the first pools' values and turnover are known.</summary>
    private double BoundOf(DoubleDouble bound, double turnover, int known, ReadOnlySpan<double> prices)
    {
        for (int p = known; p < pools.Count; p++)
        {
            if (!pools.IsWhole[p])
                continue;
            if (IsFar(p) || IsAtKinkOfCurve(p))
                bound += ExactValue(p, prices);
            if (pools.Leg[p] < 0 || IsFar(p))
                continue;
            (int from, int into) = pools.Leg[p] == 0 ? (pools.From[p], pools.To[p]) : (pools.To[p], pools.From[p]);
            bound += pools.Arbitrage(p, at.Nu[from], at.Nu[into]);
            turnover += at.Nu[from] * pools.Tender[p];
        }

        return BoundOf(bound, turnover, prices);
    }

    /// <summary>The bound where the values of all pools that take part whole are known.</summary>
    private double BoundOf(DoubleDouble bound, double turnover, ReadOnlySpan<double> prices)
    {
        for (int i = 0; i < pools.PartialCount; i++)
            bound += Certificate.ValueOf(routingPools[pools.Partial[i]], prices);

        for (int j = 0; j < graph.TokenCount; j++)
        {
            if (graph.Holding[j] > 0)
                bound += DoubleDouble.Sum(prices[j], -graph.Value[j]) * graph.Holding[j];
        }

        double margin = TurnoverRounding * turnover;
        return bound.Hi > LeastBound && margin <= LargestMargin * bound.Hi ? (bound.Hi * (1 + ValueRounding)) + margin : double.NaN;
    }

    /// <summary>What a pool is worth at prices by graph node, however it was found to trade.</summary>
    private DoubleDouble ExactValue(int p, ReadOnlySpan<double> prices) => Certificate.ValueOf(routingPools[graph.LegPool[pools.GraphLeg[p]]], prices);

    /// <summary>Pools of linear pieces and curves are valued exactly; smooth curves by their flows, where those tell their values well enough.</summary>
    private double AtKinks(ReadOnlySpan<double> prices)
    {
        FindFar(kinks.Z);
        DoubleDouble bound = DoubleDouble.Zero, quick = DoubleDouble.Zero;
        double turnover = 0, margin = 0, quickTurnover = 0, quickMargin = 0;
        for (int p = 0; p < pools.Count; p++)
        {
            if (!pools.IsWhole[p])
                continue;
            if (IsQuickAtKinks(p))
                quick += QuickValueAtKinks(p, ref quickTurnover, ref quickMargin);
            else
                bound += ValueAtKinks(p, prices, ref turnover, ref margin);
        }

        double value = BoundOf(bound + quick, turnover + quickTurnover, prices);
        if (quickMargin + (TurnoverRounding * quickTurnover) <= QuickMargin * value)
            return margin + quickMargin <= LargestMargin * value ? value + margin + quickMargin : double.NaN;
        for (int p = pools.MeanCount; p < pools.LinearStart; p++)
        {
            if (pools.IsWhole[p] && IsQuickAtKinks(p))
                bound += ValueAtKinks(p, prices, ref turnover, ref margin);
        }

        value = BoundOf(bound, turnover, prices);
        return margin <= LargestMargin * value ? value + margin : double.NaN;
    }

    private bool IsFarAtKinks(int p) => hasFar && (far[pools.From[p]] || far[pools.To[p]]);

    /// <summary>Whether the pool's flows were found at the prices at the kinks and tell what it is worth there.</summary>
    private bool IsQuickAtKinks(int p) => pools.TradesSmoothlyAt(p, kinks.Gap(p)) && pools.Excess[p] <= FarthestExcess && !IsFarAtKinks(p);

    private DoubleDouble QuickValueAtKinks(int p, ref double turnover, ref double margin)
    {
        bool forth = pools.Leg[p] == 0;
        double into = at.Nu[forth ? pools.To[p] : pools.From[p]] * pools.Received[p], outOf = at.Nu[forth ? pools.From[p] : pools.To[p]] * pools.Tender[p];
        turnover += (1 + pools.Excess[p]) * (into + outOf);
        margin += KinkRounding * KinkRounding * pools.Weight[p];
        return DoubleDouble.Sum(into, -outOf);
    }

    /// <summary>What the pool is worth at the prices at the kinks: pools at far prices, and at prices far from their own, are valued whole.</summary>
    private DoubleDouble ValueAtKinks(int p, ReadOnlySpan<double> prices, ref double turnover, ref double margin)
    {
        if (IsFarAtKinks(p))
            return ExactValue(p, prices);
        DoubleDouble worth = pools.ArbitrageAt(p, kinks.Gap(p), at.Nu[pools.From[p]], at.Nu[pools.To[p]], out double u, out double tendered);
        if (u > FarthestExcess)
            return ExactValue(p, prices);
        turnover += tendered;
        if (Math.Abs(u) < KinkRounding && p < pools.MeanCount)
            margin += KinkRounding * KinkRounding * WeightAtKink(p);
        return worth;
    }
}
