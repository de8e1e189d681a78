using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using QTrade.Solver.Arithmetic;
using V = System.Runtime.Intrinsics.Vector256;

namespace QTrade.Solver;

/// <summary>
/// The edges of <see cref="InteriorPoint"/> as a structure of arrays, leg by leg, and the passes over them that an iteration makes. Lanes have a fixed width, nothing is
/// fused or reordered and sums go by lane, so that every machine gets the same bits with or without vector instructions.
/// <para>An edge without a cap has u = 1 for good, 1/u = 0 and lambda_u = 0: it takes part in every pass and adds nothing.</para>
/// </summary>
internal sealed class InteriorEdges
{
    private const double PriceRounding = 1e-15;
    private const int Lanes = 4;

    private RoutingGraph graph = null!;
    private RoutingPool[] pools = [];
    private int padded;

    private int[] legOf = [], legFrom = [], legTo = [];
    private bool[] linear = [];

    private int[] cell = [], lastCell = [];
    private double[] inverseGamma = [], capped = [], u = [], lower = [], upper = [], slope = [], curvature = [];
    private double[] lastF = [], lastSlope = [], alpha = [], beta = [], excessPrice = [], inverseF = [], inverseU = [];
    private double[] weight = [], outputPull = [], inputPull = [], outputTarget = [], inputTarget = [];
    private double[] df = [], lowerStep = [], upperStep = [], difference = [], outputChange = [];

    public int LegCount { get; private set; }

    public int EdgeCount { get; private set; }

    /// <summary>Per leg: its number in the graph, its ends among the nodes that take part.</summary>
    public ReadOnlySpan<int> GraphLeg => legOf.AsSpan(0, LegCount);

    public ReadOnlySpan<int> From => legFrom.AsSpan(0, LegCount);

    public ReadOnlySpan<int> To => legTo.AsSpan(0, LegCount);

    /// <summary>Per leg: its first edge (one entry more than legs).</summary>
    public int[] FirstEdge { get; private set; } = [];

    /// <summary>Per edge: gamma, cap and scale as described, net input, output, K.</summary>
    public double[] Gamma { get; private set; } = [];

    public double[] Cap { get; private set; } = [];

    public double[] Scale { get; private set; } = [];

    public double[] Input { get; private set; } = [];

    public double[] Output { get; private set; } = [];

    public double[] Stiffness { get; private set; } = [];

    public ReadOnlySpan<double> LowerMultiplier => lower.AsSpan(0, EdgeCount);

    public ReadOnlySpan<double> InputPrice => beta.AsSpan(0, EdgeCount);

    /// <summary>Sum of the products f lambda_l and u lambda_u, and how many there are.</summary>
    public double Complementarity { get; private set; }

    public int Products { get; private set; }

    /// <summary>Takes the graph's live legs, its nodes numbered by <paramref name="dense"/>.</summary>
    public void Load(RoutingGraph routingGraph, RoutingPool[] routingPools, ReadOnlySpan<int> dense)
    {
        graph = routingGraph;
        pools = routingPools;
        Count();
        int leg = 0, edge = 0;
        for (int l = 0; l < graph.LegCount; l++)
        {
            if (!graph.LegAlive[l])
                continue;
            RoutingPool pool = pools[graph.LegPool[l]];
            int local = graph.LegLocal[l], edges = pool.EdgeCount(local);
            legOf[leg] = l;
            legFrom[leg] = dense[graph.LegFrom[l]];
            legTo[leg] = dense[graph.LegTo[l]];
            linear[leg] = pool.IsLinear;
            FirstEdge[leg++] = edge;
            pool.Describe(local, Gamma.AsSpan(edge, edges), Cap.AsSpan(edge, edges), Scale.AsSpan(edge, edges));
            edge += edges;
        }

        FirstEdge[leg] = edge;
        Products = edge;
        for (int e = 0; e < edge; e++)
        {
            inverseGamma[e] = 1 / Gamma[e];
            bool bounded = double.IsFinite(Cap[e]);
            capped[e] = bounded ? 1 : 0;
            Products += bounded ? 1 : 0;
        }

        ResetPadding();
    }

    /// <summary>Evaluates every edge without input; answers about what they could gain at the prices.</summary>
    public double Rest(ReadOnlySpan<double> nu)
    {
        cell.AsSpan(0, EdgeCount).Fill(-1);
        lastCell.AsSpan(0, EdgeCount).Fill(-1);
        Input.AsSpan(0, EdgeCount).Clear();
        double gain = 0;
        for (int leg = 0; leg < LegCount; leg++)
        {
            Evaluate(leg);
            double priceIn = nu[legFrom[leg]], priceOut = nu[legTo[leg]];
            for (int e = FirstEdge[leg]; e < FirstEdge[leg + 1]; e++)
            {
                alpha[e] = priceOut * slope[e];
                beta[e] = priceIn * inverseGamma[e];
                double excess = alpha[e] - beta[e];
                if (excess > 0)
                    gain += excess * Math.Min(Cap[e], excess / (2 * alpha[e] * curvature[e]));
            }
        }

        return gain;
    }

    /// <summary>Every edge about on the central path of t, from where <see cref="Rest"/> left them.</summary>
    public void Begin(double t)
    {
        for (int e = 0; e < EdgeCount; e++)
        {
            double size = Math.Max(alpha[e], beta[e]);
            (Input[e], double left) = FirstInput(e, (beta[e] - alpha[e]) / size, t / size);
            u[e] = capped[e] > 0 ? left : 1;
            upper[e] = capped[e] > 0 ? t / left : 0;
            lower[e] = t / Input[e];
        }

        ResetPadding();
    }

    /// <summary>
    /// Evaluates the edges at the iterate and finds K = 1/(alpha curv + lambda_l/f + lambda_u/u). What they bring and take joins <paramref name="balance"/>;
    /// answers what they add to the Lagrangian.
    /// </summary>
    public double Linearize(ReadOnlySpan<double> nu, Span<double> balance)
    {
        double objective = 0;
        for (int leg = 0; leg < LegCount; leg++)
        {
            int first = FirstEdge[leg], end = FirstEdge[leg + 1], a = legFrom[leg], b = legTo[leg];
            double priceIn = nu[a], priceOut = nu[b], received = 0, tendered = 0;
            if (linear[leg])
                Fill(first, end);
            else
                Evaluate(leg);
            for (int e = first; e < end; e++)
            {
                alpha[e] = priceOut * slope[e];
                beta[e] = priceIn * inverseGamma[e];
                received += Output[e];
                tendered += Input[e] * inverseGamma[e];
            }

            balance[b] += received;
            balance[a] -= tendered;
            objective += (priceOut * received) - (priceIn * tendered);
            if (cell[first] >= 0)
                SmoothAcrossCells(first, end);
        }

        FindStiffness();
        return objective;
    }

    /// <summary>
    /// The edges' part of the Newton system in dy = dnu / nu: per leg its weight sum K alpha beta, by node what alpha and beta differ by and what a residual of 0
    /// and one unit of t add to the right-hand side.
    /// </summary>
    public void Assemble(GroundedLaplacian matrix, ReadOnlySpan<int> slot, Span<double> excess, Span<double> rhs, Span<double> rhsPerTarget)
    {
        for (int leg = 0; leg < LegCount; leg++)
        {
            double w = 0, pull = 0, pullBack = 0, target = 0, targetBack = 0;
            for (int e = FirstEdge[leg]; e < FirstEdge[leg + 1]; e++)
            {
                w += weight[e];
                pull += outputPull[e];
                pullBack += inputPull[e];
                target += outputTarget[e];
                targetBack += inputTarget[e];
            }

            int a = legFrom[leg], b = legTo[leg];
            matrix.AddWeight(slot[leg], w);
            excess[b] += pull;
            excess[a] -= pullBack;
            rhs[b] -= pull;
            rhs[a] += pullBack;
            rhsPerTarget[b] -= target;
            rhsPerTarget[a] += targetBack;
        }
    }

    /// <summary>
    /// The direction towards products of 0, from dy at the legs' outputs and its difference across them: how many times the way to the nearest bound it is, in f and in
    /// the multipliers, and what the products' sum after other lengths follows from.
    /// </summary>
    public EdgeForecast Forecast(ReadOnlySpan<double> legDifference, ReadOnlySpan<double> dy)
    {
        Spread(legDifference, dy);
        Vector256<double> primal = default, dual = default, first = default, second = default;
        for (int e = 0; e < padded; e += Lanes)
        {
            Vector256<double> price = Get(excessPrice, e);
            Vector256<double> change = Get(Stiffness, e) * ((Get(beta, e) * Get(difference, e)) + (price * Get(outputChange, e)) + price);
            Vector256<double> part = Get(inverseF, e) * change, partOfLeft = Get(inverseU, e) * change;
            primal = Larger(primal, Larger(-part, partOfLeft));
            dual = Larger(dual, Larger(part, -partOfLeft));
            Vector256<double> below = Get(lower, e) * change, above = Get(upper, e) * change;
            first += below - above;
            second += (below * part) + (above * partOfLeft);
        }

        return new(Complementarity, Largest(primal), 1 + Largest(dual), Sum(first), Sum(second));
    }

    /// <summary>The direction towards products of t, and how many times the way to the nearest bound it is, in f and in the multipliers.</summary>
    public (double Primal, double Dual) Direct(double target, ReadOnlySpan<double> legDifference, ReadOnlySpan<double> dy)
    {
        Spread(legDifference, dy);
        Vector256<double> t = V.Create(target), one = V.Create(1.0);
        Vector256<double> primal = default, dual = default, sum = default;
        for (int e = 0; e < padded; e += Lanes)
        {
            Vector256<double> price = Get(excessPrice, e), perF = Get(inverseF, e), perU = Get(inverseU, e);
            Vector256<double> rho = price + (t * (perF - perU));
            Vector256<double> change = Get(Stiffness, e) * ((Get(beta, e) * Get(difference, e)) + (price * Get(outputChange, e)) + rho);
            Vector256<double> part = perF * change, partOfLeft = perU * change;
            Vector256<double> below = Get(lower, e), above = Get(upper, e);
            Vector256<double> belowStep = (t * perF) - below - (below * part), aboveStep = (t * perU) - above + (above * partOfLeft);
            primal = Larger(primal, Larger(-part, partOfLeft));
            dual = Larger(dual, Larger(-belowStep / below, -aboveStep / (above + (one - Get(capped, e)))));
            sum += change;
            Set(df, e, change);
            Set(lowerStep, e, belowStep);
            Set(upperStep, e, aboveStep);
        }

        return double.IsFinite(Sum(sum)) ? (Largest(primal), Largest(dual)) : (double.NaN, double.NaN);
    }

    public void Move(double primal, double dual)
    {
        Vector256<double> p = V.Create(primal), d = V.Create(dual);
        for (int e = 0; e < padded; e += Lanes)
        {
            Vector256<double> step = p * Get(df, e);
            Set(Input, e, Get(Input, e) + step);
            Set(u, e, Get(u, e) - (step * Get(capped, e)));
            Set(lower, e, Get(lower, e) + (d * Get(lowerStep, e)));
            Set(upper, e, Get(upper, e) + (d * Get(upperStep, e)));
        }

        ResetPadding();
    }

    /// <summary>
    /// K and what it is multiplied with. Where alpha - beta differs from lambda_u - lambda_l by no more than its own rounding it is that difference, which keeps all its
    /// digits while alpha and beta agree in theirs: a linear edge between fills would otherwise turn rounding into flow.
    /// </summary>
    private void FindStiffness()
    {
        Vector256<double> one = V.Create(1.0), rounding = V.Create(PriceRounding), sum = default;
        for (int e = 0; e < padded; e += Lanes)
        {
            Vector256<double> f = Get(Input, e), below = Get(lower, e), above = Get(upper, e), left = Get(u, e);
            Vector256<double> worth = Get(alpha, e), cost = Get(beta, e);
            Vector256<double> perF = one / f, perU = Get(capped, e) / left;
            Vector256<double> price = worth - cost, multipliers = above - below;
            price = V.ConditionalSelect(V.LessThanOrEqual(V.Abs(price - multipliers), rounding * (worth + cost)), multipliers, price);
            Vector256<double> k = one / ((worth * Get(curvature, e)) + (below * perF) + (above * perU));
            Vector256<double> kWorth = k * worth, kCost = k * cost, perTarget = perF - perU;
            sum += (f * below) + (left * above);
            Set(inverseF, e, perF);
            Set(inverseU, e, perU);
            Set(excessPrice, e, price);
            Set(Stiffness, e, k);
            Set(weight, e, kWorth * cost);
            Set(outputPull, e, kWorth * price);
            Set(inputPull, e, kCost * price);
            Set(outputTarget, e, kWorth * perTarget);
            Set(inputTarget, e, kCost * perTarget);
        }

        Complementarity = Sum(sum);
    }

    /// <summary>Gives every edge its leg's dy at the output and difference across.</summary>
    private void Spread(ReadOnlySpan<double> legDifference, ReadOnlySpan<double> dy)
    {
        for (int leg = 0; leg < LegCount; leg++)
        {
            int first = FirstEdge[leg], count = FirstEdge[leg + 1] - first;
            difference[first] = legDifference[leg];
            outputChange[first] = dy[legTo[leg]];
            if (count == 1)
                continue;
            difference.AsSpan(first, count).Fill(legDifference[leg]);
            outputChange.AsSpan(first, count).Fill(dy[legTo[leg]]);
        }
    }

    private void Evaluate(int leg)
    {
        int first = FirstEdge[leg], edges = FirstEdge[leg + 1] - first, l = legOf[leg];
        pools[graph.LegPool[l]].Evaluate(
            graph.LegLocal[l],
            Input.AsSpan(first, edges),
            Output.AsSpan(first, edges),
            slope.AsSpan(first, edges),
            curvature.AsSpan(first, edges),
            cell.AsSpan(first, edges));
    }

    /// <summary>The outputs of linear edges, whose slopes stay.</summary>
    private void Fill(int first, int end)
    {
        for (int e = first; e < end; e++)
            Output[e] = slope[e] * Input[e];
    }

    /// <summary>An edge that moved to another smooth piece takes the secant of log g' over the move, or two pieces take turns for ever.</summary>
    private void SmoothAcrossCells(int first, int end)
    {
        for (int e = first; e < end; e++)
        {
            if (cell[e] != lastCell[e] && lastCell[e] >= 0 && Input[e] != lastF[e])
            {
                double secant = -Elementary.Log(slope[e] / lastSlope[e]) / (Input[e] - lastF[e]);
                if (secant > 0 && double.IsFinite(secant))
                    curvature[e] = secant;
            }

            lastCell[e] = cell[e];
            lastF[e] = Input[e];
            lastSlope[e] = slope[e];
        }
    }

    /// <summary>
    /// The input f, and cap - f, at which the edge's condition p + bend f = m/f - m/(cap - f) about holds, p = (beta - alpha)/size at f = 0, m = t/size: no more
    /// than its bound alone leaves, and no more than the fall of its slope alone leaves. The bound of a pool over the whole range of prices is many
    /// orders above what it trades: started by its bound, such an edge would begin full, and its output open every balance by orders of the answer.
    /// </summary>
    private (double Input, double Left) FirstInput(int e, double p, double m)
    {
        double bend = curvature[e];
        double root = Math.Sqrt((p * p) + (4 * m * bend));
        double bent = p > 0 ? 2 * m / (p + root) : bend > 0 ? (root - p) / (2 * bend) : double.PositiveInfinity;
        if (!double.IsFinite(Cap[e]))
            return (bent, double.PositiveInfinity);
        double part = m / Cap[e];
        double wide = Math.Abs(p) + (2 * part) + Math.Sqrt((p * p) + (4 * part * part));
        double near = Cap[e] * (2 * part / wide);
        double far = Cap[e] - near;
        (double input, double left) = p > 0 ? (near, far) : (far, near);
        return bent < input ? (bent, Cap[e] - bent) : (input, left);
    }

    /// <summary>The lanes beyond the last edge hold one that adds nothing to any sum and never bounds a step.</summary>
    private void ResetPadding()
    {
        for (int e = EdgeCount; e < padded; e++)
        {
            Input[e] = u[e] = alpha[e] = beta[e] = curvature[e] = 1;
            lower[e] = upper[e] = capped[e] = difference[e] = outputChange[e] = 0;
        }
    }

    private void Count()
    {
        int legs = 0, edges = 0;
        for (int l = 0; l < graph.LegCount; l++)
        {
            if (!graph.LegAlive[l])
                continue;
            legs++;
            edges += pools[graph.LegPool[l]].EdgeCount(graph.LegLocal[l]);
        }

        LegCount = legs;
        EdgeCount = edges;
        padded = (edges + Lanes - 1) / Lanes * Lanes;
        if (FirstEdge.Length <= legs)
            GrowLegs(Math.Max(legs, 2 * legOf.Length));
        if (Input.Length < padded)
            GrowEdges(Math.Max(padded, 2 * Input.Length));
    }

    private void GrowLegs(int size)
    {
        legOf = new int[size];
        legFrom = new int[size];
        legTo = new int[size];
        linear = new bool[size];
        FirstEdge = new int[size + 1];
    }

    private void GrowEdges(int size)
    {
        cell = new int[size];
        lastCell = new int[size];
        Gamma = new double[size];
        Cap = new double[size];
        Scale = new double[size];
        Input = new double[size];
        Output = new double[size];
        Stiffness = new double[size];
        inverseGamma = new double[size];
        capped = new double[size];
        u = new double[size];
        lower = new double[size];
        upper = new double[size];
        slope = new double[size];
        curvature = new double[size];
        lastF = new double[size];
        lastSlope = new double[size];
        alpha = new double[size];
        beta = new double[size];
        excessPrice = new double[size];
        inverseF = new double[size];
        inverseU = new double[size];
        weight = new double[size];
        outputPull = new double[size];
        inputPull = new double[size];
        outputTarget = new double[size];
        inputTarget = new double[size];
        df = new double[size];
        lowerStep = new double[size];
        upperStep = new double[size];
        difference = new double[size];
        outputChange = new double[size];
    }

    private static Vector256<double> Get(double[] array, int e) => V.LoadUnsafe(ref MemoryMarshal.GetArrayDataReference(array), (nuint)e);

    private static void Set(double[] array, int e, Vector256<double> value) => value.StoreUnsafe(ref MemoryMarshal.GetArrayDataReference(array), (nuint)e);

    private static Vector256<double> Larger(Vector256<double> a, Vector256<double> b) => V.ConditionalSelect(V.GreaterThan(b, a), b, a);

    private static double Largest(Vector256<double> v) => Math.Max(Math.Max(v[0], v[1]), Math.Max(v[2], v[3]));

    private static double Sum(Vector256<double> v) => (v[0] + v[1]) + (v[2] + v[3]);
}
