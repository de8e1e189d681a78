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
    private const double LeastSigma = 1e-4;
    private const double MostSigma = 0.9;
    private const double BlockedStep = 0.3;
    private const double BlockedSigma = 0.5;

    /// <summary>
    /// How far above the references cold prices begin, those of tokens without value like the others: only ratios of prices move pools, and valued tokens lifted
    /// alone would begin by buying everything.
    /// </summary>
    private const double ColdLift = 1.2;

    private const int BidRounds = 4;
    private const double HighestBid = 1e100;

    /// <summary>How far above <see cref="FindLimits"/> a ceiling may lie: the elastic supply has to stay worthless up to there.</summary>
    private const double LimitSlack = 1e8;
    private const double FarthestStart = 1e6;
    private const double RelativeFloor = 2e-11;
    private const double ValueFloor = 1e-2;

    private readonly GroundedLaplacian matrix = new();
    private readonly InteriorEdges edges = new();
    private RoutingGraph graph = null!;
    private int products;
    private double floorFactor;
    private double lastPrimalStep;

    // Nodes that take part, numbered densely.
    private int[] denseOf = [], nodeOf = [];
    private double[] c = [], h = [], nu = [], limit = [], kappa = [], s = [], q = [], v = [], ceiling = [], excess = [];
    private double[] rp = [], rhs = [], rhsPerTarget = [], dy = [], dq = [], ds = [];

    // Legs that take part.
    private int[] slot = [];
    private double[] difference = [];

    public int NodeCount { get; private set; }

    /// <summary>The edges' arrays.</summary>
    public InteriorEdges Edges => edges;

    public int LegCount => edges.LegCount;

    public int EdgeCount => edges.EdgeCount;

    /// <summary>Per leg: its first edge (one entry more than legs).</summary>
    public int[] FirstEdge => edges.FirstEdge;

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
    public ReadOnlySpan<int> GraphLeg => edges.GraphLeg;

    public ReadOnlySpan<int> LegFrom => edges.From;

    public ReadOnlySpan<int> LegTo => edges.To;

    public ReadOnlySpan<int> LegSlot => slot.AsSpan(0, LegCount);

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
        NumberNodes();
        edges.Load(graph, routingPools, denseOf);
        if (slot.Length < LegCount)
        {
            slot = new int[Math.Max(LegCount, 2 * slot.Length)];
            difference = new double[slot.Length];
        }

        matrix.Analyze(NodeCount, LegFrom, LegTo);
        for (int leg = 0; leg < LegCount; leg++)
            slot[leg] = matrix.Slot(LegFrom[leg], LegTo[leg]);
    }

    private void NumberNodes()
    {
        int nodes = 0;
        if (denseOf.Length < graph.NodeCount)
            denseOf = new int[Math.Max(graph.NodeCount, 2 * denseOf.Length)];
        for (int j = 0; j < graph.NodeCount; j++)
            denseOf[j] = graph.NodeAlive[j] ? nodes++ : -1;
        NodeCount = nodes;
        GrowNodes(nodes);
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
    public void Begin(SolverStart start)
    {
        floorFactor = RelativeFloor;
        lastPrimalStep = 1;
        products = edges.Products + 2 * NodeCount;
        FindLimits();
        for (int j = 0; j < NodeCount; j++)
        {
            double reference = c[j] > 0 ? c[j] : Math.Min(graph.Reference[nodeOf[j]], limit[j]);
            double price = (c[j] > 0 || start.IsCold ? ColdLift : 1) * Math.Max(c[j], reference);
            if (nodeOf[j] < start.Prices.Length && start.Prices[nodeOf[j]] is var earlier && earlier > price / FarthestStart && earlier < price * FarthestStart)
                price = Math.Max(earlier, 1.001 * c[j]);
            nu[j] = price;
            kappa[j] = price - c[j];
            ceiling[j] = Math.Max(price, reference);
        }

        RaiseToBids();
        for (int j = 0; j < NodeCount; j++)
        {
            ceiling[j] = PriceCeiling * ceiling[j];
            v[j] = ceiling[j] - nu[j];
        }

        double gain = edges.Rest(Price);
        for (int j = 0; j < NodeCount; j++)
            gain += kappa[j] * h[j];
        double t = Math.Max(100 * gain, ValueFloor) / products;
        for (int j = 0; j < NodeCount; j++)
        {
            s[j] = t / kappa[j];
            q[j] = t / v[j];
        }

        edges.Begin(t);
    }

    /// <summary>
    /// No trade makes more than the value of all that the pools can give, and no pool earns more than the whole: where a token's price times what a pool can give of it
    /// or what is held of it is far above that value the price is too high. Such prices come of walks through pools whose two reserves have nothing to do with each other.
    /// </summary>
    private void FindLimits()
    {
        double worth = 0;
        h.AsSpan(0, NodeCount).CopyTo(limit);
        for (int leg = 0; leg < LegCount; leg++)
        {
            double most = graph.TermsOf(GraphLeg[leg]).MostReceived;
            limit[LegTo[leg]] = Math.Max(limit[LegTo[leg]], most);
            worth += c[LegTo[leg]] * most;
        }

        for (int j = 0; j < NodeCount; j++)
            limit[j] = worth > 0 && limit[j] > 0 && worth / limit[j] > 0 ? worth / limit[j] : double.PositiveInfinity;
    }

    /// <summary>No token is worth more than the best bid for it, so much does its ceiling have to leave; bids of bids are followed a few pools far.</summary>
    private void RaiseToBids()
    {
        for (int round = 0; round < BidRounds; round++)
        {
            for (int leg = 0; leg < LegCount; leg++)
            {
                int j = LegFrom[leg];
                double bid = Math.Min(graph.LegBest[GraphLeg[leg]] * ceiling[LegTo[leg]], LimitSlack * limit[j]);
                if (bid > ceiling[j] && bid < HighestBid)
                    ceiling[j] = bid;
            }
        }
    }

    /// <summary>Evaluates edges, residuals and measures at the iterate.</summary>
    public void Linearize()
    {
        double sum = 0, objective = 0;
        for (int j = 0; j < NodeCount; j++)
        {
            rp[j] = h[j] + ElasticWeight * q[j] - s[j];
            sum += s[j] * kappa[j] + q[j] * v[j];
            objective += kappa[j] * h[j];
        }

        objective += edges.Linearize(Price, rp);
        double open = 0;
        for (int j = 0; j < NodeCount; j++)
            open += Math.Abs(rp[j]) * nu[j];
        Complementarity = sum + edges.Complementarity;
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
        SolveFor(0);
        EdgeForecast forecast = edges.Forecast(difference, dy);
        (double primal, double dual) = Lengths(forecast.Primal, forecast.Dual, 0, 1);
        double predicted = (forecast.After(primal, dual) + NodesAfter(primal, dual)) / products;
        double ratio = predicted / mu;
        double sigma = Math.Clamp(ratio * ratio * ratio, lastPrimalStep < BlockedStep ? BlockedSigma : LeastSigma, MostSigma);
        double floor = floorFactor * Math.Max(Math.Abs(Objective), ValueFloor) / products;
        double t = Math.Max(sigma * mu, floor);
        SolveFor(t);
        (double edgePrimal, double edgeDual) = edges.Direct(t, difference, dy);
        double reach = Math.Max(0.99, 1 - Math.Sqrt(Complementarity / (Math.Abs(Objective) + ValueFloor)));
        (primal, dual) = Lengths(edgePrimal, edgeDual, t, reach);
        if (!double.IsFinite(primal + dual + t))
            return false;
        edges.Move(primal, dual);
        MoveNodes(primal, dual);
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

    private void Factor()
    {
        matrix.Clear();
        for (int j = 0; j < NodeCount; j++)
        {
            excess[j] = nu[j] * nu[j] * (s[j] / kappa[j] + ElasticWeight * q[j] / v[j]);
            rhs[j] = nu[j] * (ElasticWeight * q[j] - s[j] - rp[j]);
            rhsPerTarget[j] = nu[j] * (1 / kappa[j] - ElasticWeight / v[j]);
        }

        edges.Assemble(matrix, LegSlot, excess, rhs, rhsPerTarget);
        for (int j = 0; j < NodeCount; j++)
            matrix.AddExcess(j, excess[j]);
        matrix.Factor();
    }

    /// <summary>dy of the Newton direction towards products of t, with what follows for the nodes and its differences along the legs.</summary>
    private void SolveFor(double t)
    {
        for (int j = 0; j < NodeCount; j++)
            dy[j] = rhs[j] + t * rhsPerTarget[j];
        matrix.Solve(dy.AsSpan(0, NodeCount));
        ReadOnlySpan<int> from = LegFrom, to = LegTo;
        for (int leg = 0; leg < from.Length; leg++)
            difference[leg] = matrix.Difference(to[leg], from[leg]);
        for (int j = 0; j < NodeCount; j++)
        {
            double dnu = nu[j] * dy[j];
            ds[j] = t / kappa[j] - s[j] - s[j] / kappa[j] * dnu;
            dq[j] = t / v[j] - q[j] + q[j] / v[j] * dnu;
        }
    }

    /// <summary>Largest steps in (0, 1] that go at most the given part of the way to a bound, from how many times the way to the edges' bounds a full step is.</summary>
    private (double Primal, double Dual) Lengths(double primal, double dual, double t, double reach)
    {
        for (int j = 0; j < NodeCount; j++)
        {
            double dnu = nu[j] * dy[j];
            primal = Math.Max(primal, Math.Max(-ds[j] / s[j], -dq[j] / q[j]));
            dual = Math.Max(dual, Math.Max(-dnu / kappa[j], dnu / v[j]));
        }

        if (!double.IsFinite(primal + dual + t))
            return (double.NaN, double.NaN);
        return (primal > reach ? reach / primal : 1, dual > reach ? reach / dual : 1);
    }

    private double NodesAfter(double primal, double dual)
    {
        double sum = 0;
        for (int j = 0; j < NodeCount; j++)
        {
            double dnu = dual * nu[j] * dy[j];
            sum += (s[j] + primal * ds[j]) * (kappa[j] + dnu) + (q[j] + primal * dq[j]) * (v[j] - dnu);
        }

        return sum;
    }

    private void MoveNodes(double primal, double dual)
    {
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
        limit = new double[size];
        kappa = new double[size];
        s = new double[size];
        q = new double[size];
        v = new double[size];
        ceiling = new double[size];
        excess = new double[size];
        rp = new double[size];
        rhs = new double[size];
        rhsPerTarget = new double[size];
        dy = new double[size];
        dq = new double[size];
        ds = new double[size];
    }
}
