using QTrade.Solver.Arithmetic;

namespace QTrade.Solver.Newton;

/// <summary>
/// The live pools of a graph as functions of log prices z = log(nu / S): a leg in -> out trades where its excess u = z_out - z_in + log(b S_out / S_in) is
/// positive, b being its best output per unit tendered, and does then what is best at those prices. Structure of arrays, two legs per pool.
/// </summary>
internal sealed class PricedPools
{
    private const double LatentPart = 1e-9;
    private const double SmoothedRange = 1e6;

    private RoutingPool[] pools = [];
    private int[] poolOf = [], cell = [], denseOf = [], fill = [];
    private double[] offset = [], tenderScale = [], outputScale = [], inputPerOutput = [], difference = [], firstRise = [], inverse = [], ratio = [], most = [];
    private bool[] power = [];

    public int Count { get; private set; }

    /// <summary>Width, as a relative excess price, over which pools begin to trade; 0 for the pools as they are.</summary>
    public double Smoothing { get; set; }

    public int NodeCount { get; private set; }

    /// <summary>Per node: its number in the graph, c, h, S.</summary>
    public int[] GraphNode = [];
    public double[] Value = [], Holding = [], Scale = [];

    /// <summary>Per node: where its pools begin in <see cref="Incident"/>.</summary>
    public int[] FirstIncident = [], Incident = [];

    /// <summary>Per pool: its nodes, its first leg in the graph.</summary>
    public int[] From = [], To = [], GraphLeg = [];

    /// <summary>Per pool: whether both legs take part.</summary>
    public bool[] IsWhole = [];

    /// <summary>The problem's pools that do not take part with all their legs.</summary>
    public int[] Partial = [];

    public int PartialCount { get; private set; }

    /// <summary>Per pool, after an evaluation: the leg that trades or -1, tender, receive, d receive / d u.</summary>
    public int[] Leg = [];
    public double[] Tender = [], Received = [], Rise = [], Excess = [];

    /// <summary>Takes the graph's live part; false where a live pool is of a kind that does not answer to prices.</summary>
    public bool TryLoad(RoutingGraph graph, RoutingPool[] routingPools)
    {
        pools = routingPools;
        CountLive(graph);
        PartialCount = 0;
        int at = 0;
        for (int l = 0; l < graph.LegCount;)
        {
            RoutingPool pool = pools[graph.LegPool[l]];
            int legs = pool.LegCount;
            bool alive = false, whole = true;
            for (int leg = 0; leg < legs; leg++)
            {
                alive |= graph.LegAlive[l + leg];
                whole &= graph.LegAlive[l + leg];
                if (double.IsInfinity(graph.LegBest[l + leg]))
                    return false;
            }

            if (!whole)
                Partial[PartialCount++] = graph.LegPool[l];
            if (alive)
            {
                if (legs != 2 || !pool.AnswersToPrices || (graph.LegAlive[l] && graph.LegAlive[l + 1] && !graph.IsTight(l)))
                    return false;
                IsWhole[at] = whole;
                Take(graph, pool, l, at++);
            }

            l += legs;
        }

        Count = at;
        Smoothing = 0;
        ListIncident();
        return true;
    }

    /// <summary>Finds what pool p does where its second token's z is above its first one's by <paramref name="gap"/>.</summary>
    public void Evaluate(int p, double gap)
    {
        difference[p] = gap;
        double forth = gap + offset[2 * p], back = offset[(2 * p) + 1] - gap;
        int leg = forth >= back ? 0 : 1;
        double u = leg == 0 ? forth : back;
        Excess[p] = u;
        Leg[p] = leg;
        if (Smoothing > 0 && u > -0.5 && u < 0.5 && Elementary.ExpM1(u) is var x && Math.Abs(x) < SmoothedRange * Smoothing)
        {
            Smooth(p, (2 * p) + leg, x);
        }
        else if (u > 0)
        {
            Trade(p, (2 * p) + leg, u);
        }
        else
        {
            Leg[p] = -1;
            Tender[p] = Received[p] = Rise[p] = 0;
        }
    }

    /// <summary>
    /// The kink at u = 0 rounded off over a width w: with x = e^u - 1, g = (x + sqrt(x^2 + 4 w^2)) / 2 the leg trades as at log(1 + g), times g'. As arb is homogeneous
    /// these are again the derivatives of a convex function of the prices.
    /// </summary>
    private void Smooth(int p, int i, double x)
    {
        double w = Smoothing;
        double r = Math.Sqrt((x * x) + (4 * w * w));
        double g = x > 0 ? 0.5 * (x + r) : 2 * w * w / (r - x);
        double first = g / r, second = 2 * w * w / (r * r * r);
        Trade(p, i, Elementary.Log1P(g));
        double received = Received[p];
        Rise[p] = (1 + x) * ((Rise[p] / (1 + g) * first * first) + (received * second));
        Received[p] = received * first;
        Tender[p] = Math.Max(0, Tender[p] - (inputPerOutput[i] * received * ((2 * w * w / r) + (0.5 * (r - x) / r))));
    }

    private void Trade(int p, int i, double u)
    {
        if (!power[p])
        {
            pools[poolOf[p]].Answer(i & 1, u, ref cell[i], out Tender[p], out Received[p], out Rise[p]);
            Tender[p] = Math.Min(Tender[p], most[i]);
            return;
        }

        if (ratio[i] == 1)
        {
            double growth = Elementary.ExpM1(0.5 * u);
            double left = outputScale[i] / (1 + growth);
            Tender[p] = tenderScale[i] * growth;
            Received[p] = left * growth;
            Rise[p] = 0.5 * left;
        }
        else
        {
            double drop = Elementary.ExpM1(-ratio[i] * inverse[i] * u);
            Tender[p] = tenderScale[i] * Elementary.ExpM1(inverse[i] * u);
            Received[p] = -outputScale[i] * drop;
            Rise[p] = ratio[i] * inverse[i] * outputScale[i] * (1 + drop);
        }

        if (Tender[p] >= most[i])
        {
            Tender[p] = most[i];
            Received[p] = Quote(p, most[i]);
            Rise[p] = 0;
        }
    }

    /// <summary>The leg that trades first where the second node's z rises by <paramref name="change"/> against the first one's, and its excess there.</summary>
    public int NextLeg(int p, double change, out double excess)
    {
        double forth = difference[p] + change + offset[2 * p], back = offset[(2 * p) + 1] - difference[p] - change;
        excess = Math.Max(forth, back);
        return excess > 0 ? forth >= back ? 0 : 1 : -1;
    }

    /// <summary>The weight of the pool while it idles: a small part of what it would have at the kink, by the smaller of both sides at these prices.</summary>
    public double LatentWeight(int p, double priceFrom, double priceTo) => LatentPart * Math.Min(priceTo * firstRise[2 * p], priceFrom * firstRise[(2 * p) + 1]);

    public double ExcessOf(int p, int leg) => leg == 0 ? difference[p] + offset[2 * p] : offset[(2 * p) + 1] - difference[p];

    /// <summary>d receive / d u of a leg where it begins to trade.</summary>
    public double FirstRise(int p, int leg) => firstRise[(2 * p) + leg];

    /// <summary>
    /// Whether <see cref="Received"/> is the quote of <see cref="Tender"/> to the last digits: a smoothed tender is a difference, and a walk through
    /// intervals loses the digits of a small step behind a large one.
    /// </summary>
    public bool IsQuoted(int p) => power[p] && Smoothing == 0 && Rise[p] != 0;

    /// <summary>What the pool's trading leg gives for a tender, at most 1e-15 of it above the exact output.</summary>
    public double Quote(int p, double tender)
    {
        int i = (2 * p) + Leg[p];
        if (!power[p])
            return ExactQuote(p, tender);
        double growth = tender / tenderScale[i];
        return ratio[i] == 1
            ? outputScale[i] * (growth / (1 + growth))
            : -outputScale[i] * Elementary.ExpM1(-ratio[i] * Elementary.Log1P(growth));
    }

    /// <summary>What the pool's trading leg gives for a tender, rounded down from the exact output.</summary>
    public double ExactQuote(int p, double tender) => Math.Max(0, pools[poolOf[p]].Receive(Leg[p], tender).RoundedDown());

    public double MostTender(int p) => most[(2 * p) + Leg[p]];

    /// <summary>
    /// Best value of the trading leg at the prices that its excess was found at, without cancellation; for pools of constant mean
    /// nu_in X / gamma w_o u [m E(w_i u) + E(w_i u) - E(w_o u)], m = expm1(w_o u), E(x) = expm1(x) / x.
    /// </summary>
    public DoubleDouble Arbitrage(int p, double priceIn, double priceOut)
    {
        int i = (2 * p) + Leg[p];
        if (!power[p] || Tender[p] >= most[i])
            return pools[poolOf[p]].LegArbitrage(Leg[p], priceIn, priceOut);
        double u = Excess[p], cost = priceIn * tenderScale[i];
        double m = Tender[p] / tenderScale[i];
        if (ratio[i] == 1)
            return cost * m * m;
        double a = inverse[i] * u, b = ratio[i] * a;
        return u < 0.05
            ? cost * a * (m * (1 + Beyond(b)) + (Beyond(b) - Beyond(a)))
            : cost * (((1 + m) * Elementary.ExpM1(b) / ratio[i]) - m);
    }

    /// <summary>expm1(x) / x - 1 for small x.</summary>
    private static double Beyond(double x) =>
        x * (0.5 + x * (1.0 / 6 + x * (1.0 / 24 + x * (1.0 / 120 + x * (1.0 / 720 + x * (1.0 / 5040 + x * (1.0 / 40320)))))));

    private void CountLive(RoutingGraph graph)
    {
        int nodes = 0;
        if (denseOf.Length < graph.NodeCount)
        {
            int size = Math.Max(graph.NodeCount, 2 * denseOf.Length);
            denseOf = new int[size];
            fill = new int[size];
            GraphNode = new int[size];
            Value = new double[size];
            Holding = new double[size];
            Scale = new double[size];
            FirstIncident = new int[size + 1];
        }

        for (int j = 0; j < graph.NodeCount; j++)
        {
            denseOf[j] = -1;
            if (!graph.NodeAlive[j])
                continue;
            denseOf[j] = nodes;
            GraphNode[nodes] = j;
            Value[nodes] = graph.Value[j];
            Holding[nodes] = graph.Holding[j];
            Scale[nodes++] = graph.Value[j] > 0 ? graph.Value[j] : graph.Reference[j];
        }

        NodeCount = nodes;
        int most = graph.LegCount;
        if (poolOf.Length < most)
            Grow(Math.Max(most, 2 * poolOf.Length));
    }

    private void Take(RoutingGraph graph, RoutingPool pool, int l, int p)
    {
        poolOf[p] = graph.LegPool[l];
        GraphLeg[p] = l;
        From[p] = denseOf[graph.LegFrom[l]];
        To[p] = denseOf[graph.LegTo[l]];
        power[p] = pool.HasConstantMean;
        for (int leg = 0; leg < 2; leg++)
        {
            int i = (2 * p) + leg;
            cell[i] = -1;
            offset[i] = double.NegativeInfinity;
            most[i] = 0;
            firstRise[i] = double.PositiveInfinity;
            if (!graph.LegAlive[l + leg])
                continue;
            double scaleIn = Scale[leg == 0 ? From[p] : To[p]], scaleOut = Scale[leg == 0 ? To[p] : From[p]];
            offset[i] = Elementary.Log(graph.LegBest[l + leg] * (scaleOut / scaleIn));
            inputPerOutput[i] = 1 / graph.LegBest[l + leg];
            most[i] = pool.MostTender(leg);
            if (power[p])
            {
                pool.DescribeMean(leg, out tenderScale[i], out outputScale[i], out ratio[i]);
                inverse[i] = 1 / (1 + ratio[i]);
                firstRise[i] = outputScale[i] * ratio[i] * inverse[i];
            }
            else
            {
                pool.Answer(leg, 0, ref cell[i], out _, out _, out firstRise[i]);
            }
        }

    }

    private void ListIncident()
    {
        Array.Clear(FirstIncident, 0, NodeCount + 1);
        for (int p = 0; p < Count; p++)
        {
            FirstIncident[From[p] + 1]++;
            FirstIncident[To[p] + 1]++;
        }

        for (int j = 0; j < NodeCount; j++)
        {
            FirstIncident[j + 1] += FirstIncident[j];
            fill[j] = FirstIncident[j];
        }

        for (int p = 0; p < Count; p++)
        {
            Incident[fill[From[p]]++] = p;
            Incident[fill[To[p]]++] = p;
        }
    }

    private void Grow(int size)
    {
        poolOf = new int[size];
        cell = new int[2 * size];
        offset = new double[2 * size];
        tenderScale = new double[2 * size];
        outputScale = new double[2 * size];
        inverse = new double[2 * size];
        difference = new double[size];
        firstRise = new double[2 * size];
        inputPerOutput = new double[2 * size];
        ratio = new double[2 * size];
        most = new double[2 * size];
        power = new bool[size];
        IsWhole = new bool[size];
        Partial = new int[size];
        From = new int[size];
        To = new int[size];
        GraphLeg = new int[size];
        Incident = new int[2 * size];
        Leg = new int[size];
        Tender = new double[size];
        Received = new double[size];
        Rise = new double[size];
        Excess = new double[size];
    }
}
