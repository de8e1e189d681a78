namespace QTrade.Solver.Discrete;

/// <summary>
/// The best response of every live leg to prices: the net inputs f that maximize nu_b g(f) - nu_a f / gamma edge by edge, with value, flows and curvature.
/// Curved edges are solved exactly; linear ones, whose response jumps, are rounded off by a logarithmic barrier of weight t:
/// t log f + t log (cap - f) joins the value's maximization, at most 2 t from the truth.
/// </summary>
internal sealed class EdgeResponses
{
    private const int MostSteps = 100;

    /// <summary>Steps without halving.</summary>
    private const int Plain = 4;

    /// <summary>Relative error of the slope at which an edge's response counts as found; its worth is then exact to the square of it.</summary>
    private const double Met = 1e-12;

    /// <summary>Share of a leg's depth with which it still pulls while it idles, so that idle tokens move with their neighbours.</summary>
    private const double Latent = 1e-9;

    private readonly RoutingPool[] pools;
    private readonly int[] firstEdge;
    private readonly double[] gamma, cap, scale, f, firstSlope, lastSlope, firstCurvature, output, slope, curvature, low, high;
    private readonly bool[] linear, open;
    private readonly int[] cell;

    public EdgeResponses(RoutingProblem problem, RoutingGraph graph, ReadOnlySpan<int> liveLegs)
    {
        int legs = liveLegs.Length, edges = 0;
        pools = new RoutingPool[legs];
        Local = new int[legs];
        firstEdge = new int[legs + 1];
        for (int l = 0; l < legs; l++)
        {
            pools[l] = problem.Pools[graph.LegPool[liveLegs[l]]];
            Local[l] = graph.LegLocal[liveLegs[l]];
            firstEdge[l] = edges;
            edges += pools[l].EdgeCount(Local[l]);
        }

        firstEdge[legs] = edges;
        (gamma, cap, scale, f, firstSlope, lastSlope, firstCurvature) =
            (new double[edges], new double[edges], new double[edges], new double[edges], new double[edges], new double[edges], new double[edges]);
        (output, slope, curvature, low, high) = (new double[edges], new double[edges], new double[edges], new double[edges], new double[edges]);
        (linear, open, cell) = (new bool[edges], new bool[edges], new int[edges]);
        (Value, Received, Tendered, WeightIn, WeightOut, WeightAcross) =
            (new double[legs], new double[legs], new double[legs], new double[legs], new double[legs], new double[legs]);
        for (int l = 0; l < legs; l++)
            Describe(l);
    }

    /// <summary>Per leg: its number within its pool.</summary>
    public int[] Local { get; }

    /// <summary>Per leg, in value units at the prices: worth of the trade, of what is received, of what is tendered.</summary>
    public double[] Value { get; }

    public double[] Received { get; }

    public double[] Tendered { get; }

    /// <summary>Per leg: second derivatives of the worth in the logarithms of the prices of input and output, and across (not negative).</summary>
    public double[] WeightIn { get; }

    public double[] WeightOut { get; }

    public double[] WeightAcross { get; }

    /// <summary>Number of barrier terms: linear edges have two each.</summary>
    public int BarrierTerms { get; private set; }

    /// <summary>Responds on one leg at nu_a, nu_b > 0.</summary>
    public void Respond(int leg, double priceIn, double priceOut, double t)
    {
        int first = firstEdge[leg], end = firstEdge[leg + 1];
        if (Start(first, end, priceIn, priceOut))
            Solve(leg, first, end, priceIn, priceOut);
        Value[leg] = Received[leg] = Tendered[leg] = WeightIn[leg] = WeightOut[leg] = WeightAcross[leg] = 0;
        for (int e = first; e < end; e++)
        {
            if (linear[e])
                AddLinear(leg, e, priceIn / gamma[e], priceOut * firstSlope[e], t);
            else
                AddCurved(leg, e, priceIn / gamma[e], priceOut);
        }
    }

    private void Describe(int l)
    {
        int first = firstEdge[l], count = firstEdge[l + 1] - first;
        RoutingPool pool = pools[l];
        Span<double> edgeCap = cap.AsSpan(first, count), edgeF = f.AsSpan(first, count);
        pool.Describe(Local[l], gamma.AsSpan(first, count), edgeCap, scale.AsSpan(first, count));
        edgeF.Clear();
        Evaluate(l, first, count);
        for (int e = first; e < first + count; e++)
        {
            (firstSlope[e], firstCurvature[e]) = (slope[e], curvature[e]);
            linear[e] = curvature[e] == 0 && double.IsFinite(cap[e]);
            BarrierTerms += linear[e] ? 2 : 0;
            f[e] = double.IsFinite(cap[e]) ? cap[e] : 0;
        }

        Evaluate(l, first, count);
        for (int e = first; e < first + count; e++)
        {
            lastSlope[e] = double.IsFinite(cap[e]) ? slope[e] : 0;
            f[e] = 0;
        }
    }

    private void Evaluate(int l, int first, int count) => pools[l].Evaluate(
        Local[l], f.AsSpan(first, count), output.AsSpan(first, count), slope.AsSpan(first, count), curvature.AsSpan(first, count), cell.AsSpan(first, count));

    /// <summary>Sets edges that rest at a bound, opens the others; whether any curved edge trades.</summary>
    private bool Start(int first, int end, double priceIn, double priceOut)
    {
        bool any = false;
        for (int e = first; e < end; e++)
        {
            open[e] = false;
            if (linear[e])
                continue;
            double target = priceIn / (gamma[e] * priceOut);
            if (firstSlope[e] <= target)
            {
                f[e] = 0;
            }
            else if (lastSlope[e] >= target)
            {
                f[e] = cap[e];
                any = true;
            }
            else
            {
                if (!(f[e] > 0 && f[e] < cap[e]))
                    f[e] = 0;
                (low[e], high[e], open[e], any) = (0, cap[e], true, true);
            }
        }

        return any;
    }

    /// <summary>
    /// Newton on slope^(-1/2), which is linear in f where a pool is a constant product and close to that elsewhere, inside a bracket; where it takes long
    /// (a steep power overshoots from afar), every other step halves the bracket in log (scale + f).
    /// </summary>
    private void Solve(int leg, int first, int end, double priceIn, double priceOut)
    {
        for (int step = 0; ; step++)
        {
            Evaluate(leg, first, end - first);
            bool moving = false;
            for (int e = first; e < end; e++)
            {
                if (!open[e])
                    continue;
                double ratio = slope[e] * gamma[e] * priceOut / priceIn;
                if (ratio > 1)
                    low[e] = f[e];
                else
                    high[e] = f[e];
                double next = f[e] + 2 * (Math.Sqrt(ratio) - 1) / curvature[e];
                if (double.IsFinite(high[e]) && (!(next > low[e] && next < high[e]) || (step > Plain && step % 2 == 0)))
                    next = (Math.Sqrt((low[e] + scale[e]) / (high[e] + scale[e])) * (high[e] + scale[e])) - scale[e];
                open[e] = Math.Abs(ratio - 1) > Met && next > low[e] && next < high[e] && double.IsFinite(next);
                if (!open[e])
                    continue;
                f[e] = next;
                moving = true;
            }

            if (!moving || step == MostSteps)
                return;
        }
    }

    private void AddCurved(int leg, int e, double cost, double priceOut)
    {
        double weight;
        if (f[e] > 0)
        {
            double received = priceOut * output[e], tendered = cost * f[e];
            Value[leg] += Math.Max(0, received - tendered);
            Received[leg] += received;
            Tendered[leg] += tendered;
            weight = f[e] < cap[e] ? cost / curvature[e] : 0;
        }
        else
        {
            weight = Latent * priceOut * firstSlope[e] / firstCurvature[e];
        }

        if (!double.IsFinite(weight))
            return;
        WeightIn[leg] += weight;
        WeightOut[leg] += weight;
        WeightAcross[leg] += weight;
    }

    private void AddLinear(int leg, int e, double cost, double worth, double t)
    {
        double loss = (cost - worth) * cap[e];
        double fill = Barrier.Fill(loss, t);
        Value[leg] += Math.Max(0, -loss);
        Received[leg] += worth * cap[e] * fill;
        Tendered[leg] += cost * cap[e] * fill;
        double give = Barrier.Give(fill, loss, t) * cap[e] * cap[e];
        WeightIn[leg] += give * cost * cost;
        WeightOut[leg] += give * worth * worth;
        WeightAcross[leg] += give * cost * worth;
    }
}
