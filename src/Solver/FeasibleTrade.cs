using QTrade.Solver.Arithmetic;

namespace QTrade.Solver;

/// <summary>
/// Makes of an interior iterate a trade that is feasible as printed: every pool's receive is the exact forward quote of its tender, rounded down, and
/// psi + h >= 0 holds for the printed numbers. Legs that complementarity says are idle go; what their going leaves open is closed by a few Newton
/// corrections over the legs that trade, which cost nothing to first order since those all trade at marginal prices.
/// </summary>
internal sealed partial class FeasibleTrade
{
    private const int Corrections = 16;
    private const int ScalingRounds = 60;
    /// <summary>Relative difference of two marginal prices below which they count as one.</summary>
    private const double PriceNoise = 1e-13;

    /// <summary>Part of a token's turnover that legs may leave open by their going.</summary>
    private const double Dust = 1e-6;

    /// <summary>Slack that a balanced token counts as having, relative to its turnover, so that the corrections' matrix is never singular.</summary>
    private const double Leak = 1e-10;

    /// <summary>Flows worth less than so many targets of the central path say nothing about the answer.</summary>
    private const double NoiseTargets = 20;

    /// <summary>How much more a flow must be worth that tenders what its token is short of.</summary>
    private const double UnfundedNoise = 1e4;

    /// <summary>Chains of legs that are looked for in vain before a short token is left short.</summary>
    private const int SupplyAttempts = 8;

    /// <summary>Legs that the search for such chains may look at, all together: seconds, where many tokens of a large market are short.</summary>
    private const long MostRelaxed = 1_000_000_000;

    /// <summary>Rounds in which what is cut leaves others short, after which these are cut at once; rounds in which legs that come back bring others back.</summary>
    private const int FirstRounds = 16;
    private const int MostRestoringRounds = 1000;

    private const int InverseRounds = 60;

    private const double Tolerated = 5e-13;
    private const double LeastMargin = 4e-16;

    /// <summary>The same while legs are quoted in doubles.</summary>
    private const double QuoteMargin = 4e-15;

    private RoutingPool[] pools = [];
    private RoutingGraph graph = null!;
    private InteriorPoint point = null!;
    private double[] received = [], idle = [], conductance = [], slope = [];
    private readonly TokenSupply supply = new();
    private int[] legOfGraph = [];
    private int[] chain = [];
    private int chainLength;
    private readonly int[] narrow = new int[SupplyAttempts];
    private DoubleDouble[] balance = [];
    private double[] gross = [], direction = [], marginal = [];
    private bool exact;
    private bool[] enters = [], leaves = [];
    private int[] entering = [], leaving = [], firstOut = [], nextOut = [], firstInto = [], nextInto = [], open = [];
    private int openCount;

    /// <summary>Per leg of the interior point: what is tendered.</summary>
    public double[] Tender { get; private set; } = [];

    /// <summary>Per leg: what is received for it.</summary>
    public double[] Received => received;

    /// <summary>c . psi of the trade.</summary>
    public double Profit { get; private set; }

    public void Build(RoutingGraph routingGraph, RoutingPool[] routingPools, InteriorPoint interiorPoint)
    {
        graph = routingGraph;
        pools = routingPools;
        point = interiorPoint;
        exact = false;
        Grow();
        TakeTenders();
        DropIdleLegs();
        Quote();
        RestoreBridges();
        Prune();
        if (!Correct() && !ScaleShortTokens())
            CutShortTokens();
        Finish();
    }

    /// <summary>
    /// The same where tokens differ so much in worth that all flow of one is below the central path's target, and its direction is chance: only flows that
    /// are worth something are taken from the iterate, and what they lack of any token is supplied by the chain of legs that loses least.
    /// </summary>
    public void BuildFromWorthyFlows(RoutingGraph routingGraph, RoutingPool[] routingPools, InteriorPoint interiorPoint)
    {
        graph = routingGraph;
        pools = routingPools;
        point = interiorPoint;
        exact = false;
        Grow();
        TakeTenders();
        DropIdleLegs();
        Quote();
        QuoteExactly();
        DropNoise();
        SupplyShortTokens();
        Prune();
        if (!Correct() && !ScaleShortTokens())
            CutShortTokens();
        Finish();
    }

    private void Finish()
    {
        Profit = ProfitOfBalances();
        if (!(Profit > 0))
            TradeNothing();
    }

    /// <summary>
    /// The tenders of the iterate, every pool that goes forth and back netted to one direction: at its own prices that never loses.
    /// </summary>
    private void TakeTenders()
    {
        for (int leg = 0; leg < point.LegCount; leg++)
        {
            legOfGraph[point.GraphLeg[leg]] = leg;
            Tender[leg] = received[leg] = conductance[leg] = 0;
            for (int e = point.FirstEdge[leg]; e < point.FirstEdge[leg + 1]; e++)
            {
                Tender[leg] += point.Edges.Input[e] / point.Edges.Gamma[e];
                received[leg] += point.Edges.Output[e];
                conductance[leg] += point.Edges.Stiffness[e] / (point.Edges.Gamma[e] * point.Edges.Gamma[e]);
            }

            Tender[leg] = Math.Min(Tender[leg], MostTender(leg));
        }

        for (int leg = 0; leg < point.LegCount; leg++)
        {
            int l = point.GraphLeg[leg];
            int o = graph.LegOpposite[l];
            if (o < l || !graph.LegAlive[o] || !graph.IsTight(l))
                continue;
            int other = legOfGraph[o];
            bool forth = Tender[leg] >= received[other];
            Tender[leg] = forth ? Tender[leg] - received[other] : 0;
            Tender[other] = forth ? 0 : Math.Max(0, Tender[other] - received[leg]);
        }
    }

    /// <summary>
    /// A leg trades where its best price beats the dual prices, or where its first edge is further from 0, as a part of its scale, than its marginal
    /// price is from profit (linear pieces trade at the dual prices themselves). The whole value of any other leg is below the
    /// products of the central path.
    /// </summary>
    private void DropIdleLegs()
    {
        for (int leg = 0; leg < point.LegCount; leg++)
        {
            int first = point.FirstEdge[leg];
            bool trades = graph.LegBest[point.GraphLeg[leg]] * point.Price[point.LegTo[leg]] > point.Price[point.LegFrom[leg]] * (1 - PriceNoise)
                || point.Edges.Input[first] / point.Edges.Scale[first] > point.Edges.LowerMultiplier[first] / point.Edges.InputPrice[first];
            idle[leg] = trades ? 0 : Tender[leg];
            Tender[leg] -= idle[leg];
        }
    }

    /// <summary>
    /// A leg of next to no gain may still be the only source of a token that others need, or the only way out of one that the rest leaves over:
    /// what a token lacks, or would waste, by more than dust brings its idle legs back.
    /// </summary>
    private void RestoreBridges()
    {
        double waste = 20 * point.Target;
        bool restored = true;
        for (int round = 0; restored && round < MostRestoringRounds; round++)
        {
            restored = false;
            for (int leg = 0; leg < point.LegCount; leg++)
            {
                if (idle[leg] == 0)
                    continue;
                int a = point.LegFrom[leg], b = point.LegTo[leg];
                bool source = balance[b].Hi < -Dust * gross[b] && ReceiveOf(leg, idle[leg]) > Dust * -balance[b].Hi;
                bool sink = point.Premium[a] * balance[a].Hi > waste && idle[leg] > Dust * balance[a].Hi;
                if (!source && !sink)
                    continue;
                Tender[leg] = idle[leg];
                idle[leg] = 0;
                QuoteLeg(leg);
                restored = true;
            }
        }
    }

    /// <summary>Flows worth next to nothing go, and those that tender what nobody brings go already where they are worth little.</summary>
    private void DropNoise()
    {
        double noise = NoiseTargets * point.Target;
        for (int leg = 0; leg < point.LegCount; leg++)
        {
            int a = point.LegFrom[leg], b = point.LegTo[leg];
            double least = balance[a].Hi < -Dust * gross[a] ? UnfundedNoise * noise : noise;
            if (Math.Max(Tender[leg] * point.Price[a], received[leg] * point.Price[b]) < least)
                Tender[leg] = 0;
        }

        Quote();
    }

    /// <summary>Quotes every leg and sums balances psi + h and gross turnovers.</summary>
    private void Quote()
    {
        for (int leg = 0; leg < point.LegCount; leg++)
            QuoteAlone(leg);
        Sum();
    }

    /// <summary>Sums what legs were quoted.</summary>
    private void Sum()
    {
        for (int j = 0; j < point.NodeCount; j++)
        {
            balance[j] = point.Holding[j];
            gross[j] = 0;
        }

        for (int leg = 0; leg < point.LegCount; leg++)
            Add(leg);
    }

    private void QuoteLeg(int leg)
    {
        QuoteAlone(leg);
        Add(leg);
    }

    private void QuoteAlone(int leg)
    {
        received[leg] = 0;
        if (Tender[leg] == 0)
            return;
        received[leg] = exact ? ReceiveOf(leg, Tender[leg]) : QuoteOf(leg, Tender[leg]);
        if (!(received[leg] > 0) || !double.IsFinite(received[leg]))
            Tender[leg] = received[leg] = 0;
    }

    private void Add(int leg)
    {
        if (Tender[leg] == 0)
            return;
        int a = point.LegFrom[leg], b = point.LegTo[leg];
        balance[a] += -Tender[leg];
        balance[b] += received[leg];
        gross[a] += Tender[leg];
        gross[b] += received[leg];
    }

    private bool AnyShort()
    {
        for (int j = 0; j < point.NodeCount; j++)
        {
            if (balance[j].Hi < 0)
                return true;
        }

        return false;
    }

    private double ProfitOfBalances()
    {
        DoubleDouble profit = DoubleDouble.Zero;
        for (int j = 0; j < point.NodeCount; j++)
            profit += (balance[j] - point.Holding[j]) * point.Value[j];
        return profit.Nearest();
    }

    private double ReceiveOf(int leg, double tender)
    {
        int l = point.GraphLeg[leg];
        return Math.Max(0, pools[graph.LegPool[l]].Receive(graph.LegLocal[l], tender).RoundedDown());
    }

    /// <summary>The quote in doubles, and with it the leg's marginal price, from which corrections begin.</summary>
    private double QuoteOf(int leg, double tender)
    {
        int l = point.GraphLeg[leg];
        return pools[graph.LegPool[l]].Quote(graph.LegLocal[l], tender, out marginal[leg]);
    }

    private double MostTender(int leg)
    {
        int l = point.GraphLeg[leg];
        return pools[graph.LegPool[l]].MostTender(graph.LegLocal[l]);
    }

    private void Grow()
    {
        if (Tender.Length < point.LegCount)
        {
            Tender = new double[point.LegCount];
            received = new double[point.LegCount];
            idle = new double[point.LegCount];
            conductance = new double[point.LegCount];
            slope = new double[point.LegCount];
            marginal = new double[point.LegCount];
            (nextOut, nextInto) = (new int[point.LegCount], new int[point.LegCount]);
        }

        if (legOfGraph.Length < graph.LegCount)
            legOfGraph = new int[graph.LegCount];
        if (balance.Length < point.NodeCount)
        {
            balance = new DoubleDouble[point.NodeCount];
            gross = new double[point.NodeCount];
            direction = new double[point.NodeCount];
            chain = new int[point.NodeCount];
            enters = new bool[point.NodeCount];
            leaves = new bool[point.NodeCount];
            (entering, leaving, firstOut, firstInto) = (new int[point.NodeCount], new int[point.NodeCount], new int[point.NodeCount], new int[point.NodeCount]);

            // Each token loses its last source once and its last use once.
            open = new int[2 * point.NodeCount];
        }
    }
}
