using QTrade.Solver.Arithmetic;

namespace QTrade.Solver;

/// <summary>
/// Infeasible primal-dual interior point on the bounded concave edges of a routing problem (the graph form of Diamandis, Angeris, "Solving the
/// convex flow problem", arXiv 2408.11040; steps as in Wright, "Primal-Dual Interior-Point Methods", 1997).
/// <para>
/// Edge a -> b: net input f in (0, cap), output g(f), u = cap - f. With alpha = nu_b g'(f), beta = nu_a / gamma the central path is
/// <code>
///     alpha - beta + lambda_l - lambda_u = 0        f lambda_l = u lambda_u = t
///     sum g - sum f/gamma + h + w q - s = 0         s kappa = q v = t      nu = c + kappa, v = U - nu
/// </code>
/// with an elastic supply w q at the price ceiling U, which keeps prices bounded where nothing else does: without arbitrage their level settles
/// near U/w. Every product tends to the same t in value
/// units. Newton steps are taken in dy = dnu / nu, where each edge adds a weight K alpha beta between its tokens.
/// </para>
/// </summary>
internal sealed class InteriorPoint
{
    private const double PriceCeiling = 1e8;
    private const double ElasticWeight = 1e8;
    private const double HighLevel = 10;
    private const double CeilingRaise = 100;
    private const double PriceRounding = 1e-15;
    private const double LeastSigma = 1e-4;
    private const double MostSigma = 0.9;
    private const double BlockedStep = 0.3;
    private const double BlockedSigma = 0.5;

    /// <summary>
    /// How far above the references cold prices begin, those of tokens without value like the others: only ratios of prices move pools, and valued tokens lifted
    /// alone would begin by buying everything.
    /// </summary>
    private const double ColdLift = 1.2;

    private const double FarthestStart = 1e6;
    private const double RelativeFloor = 2e-11;
    private const double ValueFloor = 1e-2;

    private readonly GroundedLaplacian matrix = new();
    private RoutingGraph graph = null!;
    private RoutingPool[] pools = [];
    private int products;
    private double floorFactor;
    private double lastPrimalStep;

    // Nodes that take part, numbered densely.
    private int[] nodeOf = [];
    private double[] c = [], h = [], nu = [], kappa = [], s = [], q = [], v = [], ceiling = [], excess = [];
    private double[] rp = [], rhs = [], dy = [], dq = [], ds = [];

    // Legs that take part.
    private int[] legOf = [], slot = [], legFrom = [], legTo = [];

    // Edges, leg by leg.
    private int[] edgeLeg = [], cell = [], lastCell = [];
    private double[] gamma = [], cap = [], scale = [], f = [], u = [], lower = [], upper = [], g = [], slope = [], curvature = [];
    private double[] lastF = [], lastSlope = [], alpha = [], beta = [], excessPrice = [], stiffness = [], rho = [], df = [];

    public int NodeCount { get; private set; }

    public int LegCount { get; private set; }

    public int EdgeCount { get; private set; }

    /// <summary>Per leg: its first edge (one entry more than legs).</summary>
    public int[] FirstEdge { get; private set; } = [];

    /// <summary>Sum of all complementarity products, in value units: how far the iterate is from optimal once it is feasible.</summary>
    public double Complementarity { get; private set; }

    /// <summary>The mean product, the t of the central path near the iterate.</summary>
    public double Target => Complementarity / products;

    /// <summary>Sum of the value of all balances that do not close.</summary>
    public double Infeasibility { get; private set; }

    /// <summary>The Lagrangian's value, the answer's magnitude once the iterate is close.</summary>
    public double Objective { get; private set; }

    public bool IsFinite => double.IsFinite(Complementarity) && double.IsFinite(Infeasibility) && double.IsFinite(Objective);

    public GroundedLaplacian Matrix => matrix;

    /// <summary>Per leg: its number in the graph, its ends among the nodes that take part, its place in the matrix.</summary>
    public ReadOnlySpan<int> GraphLeg => legOf.AsSpan(0, LegCount);

    public ReadOnlySpan<int> LegFrom => legFrom.AsSpan(0, LegCount);

    public ReadOnlySpan<int> LegTo => legTo.AsSpan(0, LegCount);

    public ReadOnlySpan<int> LegSlot => slot.AsSpan(0, LegCount);

    /// <summary>Per edge: gamma, cap and scale as described, net input, output, multiplier of its lower bound, price of its input, inverse curvature of the last step.</summary>
    public ReadOnlySpan<double> Gamma => gamma.AsSpan(0, EdgeCount);

    public ReadOnlySpan<double> Cap => cap.AsSpan(0, EdgeCount);

    public ReadOnlySpan<double> Scale => scale.AsSpan(0, EdgeCount);

    public ReadOnlySpan<double> Input => f.AsSpan(0, EdgeCount);

    public ReadOnlySpan<double> Output => g.AsSpan(0, EdgeCount);

    public ReadOnlySpan<double> LowerMultiplier => lower.AsSpan(0, EdgeCount);

    public ReadOnlySpan<double> InputPrice => beta.AsSpan(0, EdgeCount);

    public ReadOnlySpan<double> Stiffness => stiffness.AsSpan(0, EdgeCount);

    /// <summary>Per node that takes part: its number in the graph, c, h, nu, nu - c.</summary>
    public ReadOnlySpan<int> GraphNode => nodeOf.AsSpan(0, NodeCount);

    public ReadOnlySpan<double> Value => c.AsSpan(0, NodeCount);

    public ReadOnlySpan<double> Holding => h.AsSpan(0, NodeCount);

    public ReadOnlySpan<double> Price => nu.AsSpan(0, NodeCount);

    public ReadOnlySpan<double> Premium => kappa.AsSpan(0, NodeCount);

    /// <summary>Lays the arrays for the graph's live part and orders the factorization.</summary>
    public void Load(RoutingGraph routingGraph, RoutingPool[] routingPools)
    {
        graph = routingGraph;
        pools = routingPools;
        Count();
        int[] dense = denseOf;
        int leg = 0, edge = 0;
        for (int l = 0; l < graph.LegCount; l++)
        {
            if (!graph.LegAlive[l])
                continue;
            int edges = pools[graph.LegPool[l]].EdgeCount(graph.LegLocal[l]);
            legOf[leg] = l;
            legFrom[leg] = dense[graph.LegFrom[l]];
            legTo[leg] = dense[graph.LegTo[l]];
            FirstEdge[leg] = edge;
            pools[graph.LegPool[l]].Describe(
                graph.LegLocal[l], gamma.AsSpan(edge, edges), cap.AsSpan(edge, edges), scale.AsSpan(edge, edges));
            edgeLeg.AsSpan(edge, edges).Fill(leg);
            edge += edges;
            leg++;
        }

        FirstEdge[leg] = edge;
        matrix.Analyze(NodeCount, legFrom.AsSpan(0, LegCount), legTo.AsSpan(0, LegCount));
        for (leg = 0; leg < LegCount; leg++)
            slot[leg] = matrix.Slot(legFrom[leg], legTo[leg]);
    }

    private int[] denseOf = [];

    private void Count()
    {
        int nodes = 0, legs = 0, edges = 0;
        if (denseOf.Length < graph.NodeCount)
            denseOf = new int[Math.Max(graph.NodeCount, 2 * denseOf.Length)];
        for (int j = 0; j < graph.NodeCount; j++)
            denseOf[j] = graph.NodeAlive[j] ? nodes++ : -1;
        for (int l = 0; l < graph.LegCount; l++)
        {
            if (!graph.LegAlive[l])
                continue;
            legs++;
            edges += pools[graph.LegPool[l]].EdgeCount(graph.LegLocal[l]);
        }

        NodeCount = nodes;
        LegCount = legs;
        EdgeCount = edges;
        GrowNodes(nodes);
        GrowLegs(legs);
        GrowEdges(edges);
        for (int j = 0; j < graph.NodeCount; j++)
        {
            if (denseOf[j] < 0)
                continue;
            nodeOf[denseOf[j]] = j;
            c[denseOf[j]] = graph.Value[j];
            h[denseOf[j]] = graph.Holding[j];
        }
    }

    /// <summary>The first iterate: prices near the reference or the start's, every edge and token on the central path of a wide t.</summary>
    public void Begin(SolverStart start, double dualBound)
    {
        floorFactor = RelativeFloor;
        lastPrimalStep = 1;
        products = EdgeCount + 2 * NodeCount;
        for (int e = 0; e < EdgeCount; e++)
        {
            if (double.IsFinite(cap[e]))
                products++;
            cell[e] = lastCell[e] = -1;
        }

        double t = Math.Max(100 * dualBound, ValueFloor) / products;
        for (int j = 0; j < NodeCount; j++)
        {
            double reference = graph.Reference[nodeOf[j]];
            double price = (c[j] > 0 || start.IsCold ? ColdLift : 1) * Math.Max(c[j], reference);
            if (nodeOf[j] < start.Prices.Length && start.Prices[nodeOf[j]] is var earlier && earlier > price / FarthestStart && earlier < price * FarthestStart)
                price = Math.Max(earlier, 1.001 * c[j]);
            nu[j] = price;
            kappa[j] = price - c[j];
            ceiling[j] = PriceCeiling * Math.Max(c[j], reference);
            if (!(ceiling[j] > 2 * price))
                ceiling[j] = PriceCeiling * price;
            v[j] = ceiling[j] - nu[j];
            s[j] = t / kappa[j];
            q[j] = t / v[j];
        }

        f.AsSpan(0, EdgeCount).Clear();
        EvaluateEdges();
        for (int e = 0; e < EdgeCount; e++)
        {
            double a = nu[legTo[edgeLeg[e]]] * slope[e], b = nu[legFrom[edgeLeg[e]]] / gamma[e];
            double size = Math.Max(a, b);
            (f[e], u[e]) = FirstInput(e, (b - a) / size, t / size);
            upper[e] = double.IsFinite(cap[e]) ? t / u[e] : 0;
            lower[e] = t / f[e];
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
        double root = Math.Sqrt(p * p + 4 * m * bend);
        double bent = p > 0 ? 2 * m / (p + root) : bend > 0 ? (root - p) / (2 * bend) : double.PositiveInfinity;
        if (!double.IsFinite(cap[e]))
            return (bent, double.PositiveInfinity);
        double part = m / cap[e];
        double wide = Math.Abs(p) + 2 * part + Math.Sqrt(p * p + 4 * part * part);
        double near = cap[e] * (2 * part / wide);
        double far = cap[e] - near;
        (double input, double left) = p > 0 ? (near, far) : (far, near);
        return bent < input ? (bent, cap[e] - bent) : (input, left);
    }

    /// <summary>Evaluates edges, residuals and measures at the iterate.</summary>
    public void Linearize()
    {
        EvaluateEdges();
        double sum = 0, objective = 0;
        for (int j = 0; j < NodeCount; j++)
        {
            rp[j] = h[j] + ElasticWeight * q[j] - s[j];
            sum += s[j] * kappa[j] + q[j] * v[j];
            objective += kappa[j] * h[j];
        }

        for (int e = 0; e < EdgeCount; e++)
        {
            int a = legFrom[edgeLeg[e]], b = legTo[edgeLeg[e]];
            alpha[e] = nu[b] * slope[e];
            beta[e] = nu[a] / gamma[e];
            rp[b] += g[e];
            rp[a] -= f[e] / gamma[e];
            objective += nu[b] * g[e] - beta[e] * f[e];
            sum += f[e] * lower[e];
            if (upper[e] > 0)
                sum += u[e] * upper[e];
            excessPrice[e] = ExcessPrice(e);
            SmoothAcrossCells(e);
        }

        double open = 0;
        for (int j = 0; j < NodeCount; j++)
            open += Math.Abs(rp[j]) * nu[j];
        Complementarity = sum;
        Infeasibility = open;
        Objective = objective;
    }

    /// <summary>
    /// One step: factor, predict at t = 0, choose the target t by how far the prediction gets (Mehrotra 1992, without the second-order
    /// correction, which cycles on linear pieces), step with separate lengths for primal and dual. Answers false, and stays, where the numbers
    /// have run out of range.
    /// </summary>
    public bool Step()
    {
        Factor();
        double mu = Complementarity / products;
        Direction(0);
        (double primal, double dual) = Lengths(0, 1);
        double predicted = ComplementarityAfter(0, primal, dual) / products;
        double ratio = predicted / mu;
        double sigma = Math.Clamp(ratio * ratio * ratio, lastPrimalStep < BlockedStep ? BlockedSigma : LeastSigma, MostSigma);
        double floor = floorFactor * Math.Max(Math.Abs(Objective), ValueFloor) / products;
        double t = Math.Max(sigma * mu, floor);
        Direction(t);
        double reach = Math.Max(0.99, 1 - Math.Sqrt(Complementarity / (Math.Abs(Objective) + ValueFloor)));
        (primal, dual) = Lengths(t, reach);
        if (!double.IsFinite(primal + dual + t))
            return false;
        Move(t, primal, dual);
        lastPrimalStep = primal;
        return true;
    }

    /// <summary>Lets the following steps go on to a smaller t.</summary>
    public void LowerFloor() => floorFactor *= 0.1;

    /// <summary>Writes the prices of the nodes that take part, by graph node.</summary>
    public void CopyPrices(Span<double> prices)
    {
        for (int j = 0; j < NodeCount; j++)
            prices[nodeOf[j]] = nu[j];
    }

    private void EvaluateEdges()
    {
        for (int leg = 0; leg < LegCount; leg++)
        {
            int first = FirstEdge[leg], edges = FirstEdge[leg + 1] - first, l = legOf[leg];
            pools[graph.LegPool[l]].Evaluate(
                graph.LegLocal[l],
                f.AsSpan(first, edges),
                g.AsSpan(first, edges),
                slope.AsSpan(first, edges),
                curvature.AsSpan(first, edges),
                cell.AsSpan(first, edges));
        }
    }

    /// <summary>
    /// alpha - beta. Where it differs from lambda_u - lambda_l by no more than its own rounding it is that difference, which keeps all its digits while
    /// alpha and beta agree in theirs: a linear edge between fills would otherwise turn rounding into flow.
    /// </summary>
    private double ExcessPrice(int e)
    {
        double difference = alpha[e] - beta[e];
        double multipliers = upper[e] - lower[e];
        return Math.Abs(difference - multipliers) <= PriceRounding * (alpha[e] + beta[e]) ? multipliers : difference;
    }

    /// <summary>An edge that moved to another smooth piece takes the secant of log g' over the move, or two pieces take turns for ever.</summary>
    private void SmoothAcrossCells(int e)
    {
        if (cell[e] != lastCell[e] && lastCell[e] >= 0 && f[e] != lastF[e])
        {
            double secant = -Elementary.Log(slope[e] / lastSlope[e]) / (f[e] - lastF[e]);
            if (secant > 0 && double.IsFinite(secant))
                curvature[e] = secant;
        }

        lastCell[e] = cell[e];
        lastF[e] = f[e];
        lastSlope[e] = slope[e];
    }

    private void Factor()
    {
        matrix.Clear();
        for (int j = 0; j < NodeCount; j++)
            excess[j] = nu[j] * nu[j] * (s[j] / kappa[j] + ElasticWeight * q[j] / v[j]);
        for (int e = 0; e < EdgeCount; e++)
        {
            int leg = edgeLeg[e];
            double k = 1 / (alpha[e] * curvature[e] + lower[e] / f[e] + upper[e] / u[e]);
            stiffness[e] = k;
            matrix.AddWeight(slot[leg], k * alpha[e] * beta[e]);
            double slack = k * excessPrice[e];
            excess[legTo[leg]] += alpha[e] * slack;
            excess[legFrom[leg]] -= beta[e] * slack;
        }

        for (int j = 0; j < NodeCount; j++)
            matrix.AddExcess(j, excess[j]);
        matrix.Factor();
    }

    /// <summary>The Newton direction towards products of t.</summary>
    private void Direction(double t)
    {
        for (int j = 0; j < NodeCount; j++)
            rhs[j] = nu[j] * (t / kappa[j] - s[j] - ElasticWeight * (t / v[j] - q[j]) - rp[j]);
        for (int e = 0; e < EdgeCount; e++)
        {
            int leg = edgeLeg[e];
            double r = excessPrice[e] + t / f[e];
            rho[e] = upper[e] > 0 ? r - t / u[e] : r;
            double kr = stiffness[e] * rho[e];
            rhs[legTo[leg]] -= alpha[e] * kr;
            rhs[legFrom[leg]] += beta[e] * kr;
        }

        Array.Copy(rhs, dy, NodeCount);
        matrix.Solve(dy.AsSpan(0, NodeCount));
        for (int e = 0; e < EdgeCount; e++)
        {
            int a = legFrom[edgeLeg[e]], b = legTo[edgeLeg[e]];
            df[e] = stiffness[e] * (beta[e] * matrix.Difference(b, a) + excessPrice[e] * dy[b] + rho[e]);
        }

        for (int j = 0; j < NodeCount; j++)
        {
            double dnu = nu[j] * dy[j];
            ds[j] = t / kappa[j] - s[j] - s[j] / kappa[j] * dnu;
            dq[j] = t / v[j] - q[j] + q[j] / v[j] * dnu;
        }
    }

    private double LowerChange(int e, double t) => t / f[e] - lower[e] - lower[e] / f[e] * df[e];

    private double UpperChange(int e, double t) => t / u[e] - upper[e] + upper[e] / u[e] * df[e];

    /// <summary>Largest steps in (0, 1] that go at most the given part of the way to a bound.</summary>
    private (double Primal, double Dual) Lengths(double t, double reach)
    {
        double primal = 0, dual = 0;
        for (int e = 0; e < EdgeCount; e++)
        {
            primal = Math.Max(primal, -df[e] / f[e]);
            dual = Math.Max(dual, -LowerChange(e, t) / lower[e]);
            if (upper[e] > 0)
            {
                primal = Math.Max(primal, df[e] / u[e]);
                dual = Math.Max(dual, -UpperChange(e, t) / upper[e]);
            }
        }

        for (int j = 0; j < NodeCount; j++)
        {
            double dnu = nu[j] * dy[j];
            primal = Math.Max(primal, Math.Max(-ds[j] / s[j], -dq[j] / q[j]));
            dual = Math.Max(dual, Math.Max(-dnu / kappa[j], dnu / v[j]));
        }

        if (!double.IsFinite(primal + dual))
            return (double.NaN, double.NaN);
        return (primal > reach ? reach / primal : 1, dual > reach ? reach / dual : 1);
    }

    private double ComplementarityAfter(double t, double primal, double dual)
    {
        double sum = 0;
        for (int e = 0; e < EdgeCount; e++)
        {
            sum += (f[e] + primal * df[e]) * (lower[e] + dual * LowerChange(e, t));
            if (upper[e] > 0)
                sum += (u[e] - primal * df[e]) * (upper[e] + dual * UpperChange(e, t));
        }

        for (int j = 0; j < NodeCount; j++)
        {
            double dnu = dual * nu[j] * dy[j];
            sum += (s[j] + primal * ds[j]) * (kappa[j] + dnu) + (q[j] + primal * dq[j]) * (v[j] - dnu);
        }

        return sum;
    }

    private void Move(double t, double primal, double dual)
    {
        for (int e = 0; e < EdgeCount; e++)
        {
            double lowerStep = dual * LowerChange(e, t);
            if (upper[e] > 0)
            {
                upper[e] += dual * UpperChange(e, t);
                u[e] -= primal * df[e];
            }

            lower[e] += lowerStep;
            f[e] += primal * df[e];
        }

        for (int j = 0; j < NodeCount; j++)
        {
            double dnu = dual * nu[j] * dy[j];
            s[j] += primal * ds[j];
            q[j] += primal * dq[j];
            kappa[j] += dnu;
            v[j] -= dnu;
            nu[j] = c[j] + kappa[j];
            if (nu[j] * ElasticWeight > HighLevel * ceiling[j] && Infeasibility < Complementarity)
                RaiseCeiling(j);
        }
    }

    /// <summary>
    /// A price far above the level at which the elastic supply holds it, while balances close, is truly high: its ceiling is raised and its supply
    /// shrinks, so that their product stays.
    /// </summary>
    private void RaiseCeiling(int j)
    {
        double before = v[j];
        ceiling[j] *= CeilingRaise;
        v[j] = ceiling[j] - nu[j];
        q[j] *= before / v[j];
    }

    private void GrowNodes(int nodes)
    {
        if (c.Length >= nodes)
            return;
        int size = Math.Max(nodes, 2 * c.Length);
        nodeOf = new int[size];
        c = new double[size];
        h = new double[size];
        nu = new double[size];
        kappa = new double[size];
        s = new double[size];
        q = new double[size];
        v = new double[size];
        ceiling = new double[size];
        excess = new double[size];
        rp = new double[size];
        rhs = new double[size];
        dy = new double[size];
        dq = new double[size];
        ds = new double[size];
    }

    private void GrowLegs(int legs)
    {
        if (FirstEdge.Length > legs)
            return;
        int size = Math.Max(legs, 2 * legOf.Length);
        legOf = new int[size];
        slot = new int[size];
        legFrom = new int[size];
        legTo = new int[size];
        FirstEdge = new int[size + 1];
    }

    private void GrowEdges(int edges)
    {
        if (f.Length >= edges)
            return;
        int size = Math.Max(edges, 2 * f.Length);
        edgeLeg = new int[size];
        cell = new int[size];
        lastCell = new int[size];
        gamma = new double[size];
        cap = new double[size];
        scale = new double[size];
        f = new double[size];
        u = new double[size];
        lower = new double[size];
        upper = new double[size];
        g = new double[size];
        slope = new double[size];
        curvature = new double[size];
        lastF = new double[size];
        lastSlope = new double[size];
        alpha = new double[size];
        beta = new double[size];
        excessPrice = new double[size];
        stiffness = new double[size];
        rho = new double[size];
        df = new double[size];
    }
}
