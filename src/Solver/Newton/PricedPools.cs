using System.Collections.Immutable;
using QTrade.Solver.Arithmetic;

namespace QTrade.Solver.Newton;

/// <summary>
/// The live pools of a graph as functions of log prices z = log(nu / S): a leg in -> out trades where its excess u = z_out - z_in + log(b S_out / S_in) is
/// positive, b being its best output per unit tendered, and does then what is best at those prices. Structure of arrays, two legs per pool; products come first, then
/// weighted pools, then all others, so that those of a kind are evaluated four at a time, with the same bits as one by one.
/// </summary>
internal sealed partial class PricedPools
{
    /// <summary>Part of its weight at the kink that an idle pool keeps in a Newton step.</summary>
    public const double LatentPart = 1e-9;

    /// <summary>More than an excess can be away from the exact one.</summary>
    private const double NearKink = 1e-9;
    private const double SmoothedRange = 1e6;
    private const int Lane = 4;

    /// <summary>Pools whose numbers fit into the nearest cache.</summary>
    private const int Block = 128;

    private readonly PoolSide forthSide = new(), backSide = new();
    private readonly SecondCore core;
    private readonly Action<int, int> takePools, evaluatePools, listChanged;
    private double[] logPrices = [], prices = [], rises = [];
    private NodeSums[] firstHalf = [], secondHalf = [];
    private double flowOfFirstHalf, flowOfSecondHalf;
    private int[] pieces = [], listed = [];
    private int listedInFirstHalf, listedInSecondHalf;
    private RoutingGraph graph = null!;
    private RoutingPool[] pools = [];
    private readonly LinearRamps ramps = new();
    private int[] firstIncident = [], incident = [];
    private bool areIncidentListed;
    private int[] poolOf = [], denseOf = [], fill = [], weighted = [], other = [], linear = [];
    private double[] difference = [];
    private int productEnd, meanEnd, curveEnd;

    /// <summary>Whether a leg of constant mean takes no more than so much; without one their <see cref="PoolSide.Most"/> are not laid.</summary>
    private bool bounded;
    private bool retakes, misfits;

    /// <summary>What a half of the pools adds to a node.</summary>
    private struct NodeSums
    {
        public double Weight;
        public double Flow;
    }

    /// <param name="core">May go over half of the pools; null for none.</param>
    public PricedPools(SecondCore? core = null)
    {
        this.core = core ?? new();
        takePools = TakePools;
        evaluatePools = EvaluatePools;
        listChanged = ListChanged;
    }

    public int Count { get; private set; }

    /// <summary>How many of them, the first, are of constant mean.</summary>
    public int MeanCount => meanEnd;

    /// <summary>Width, as a relative excess price, over which pools begin to trade; 0 for the pools as they are.</summary>
    public double Smoothing { get; set; }

    /// <summary>Weight of a pool that idles, as a part of what it would have at its kink.</summary>
    public double Latent { get; set; } = LatentPart;

    public int NodeCount { get; private set; }

    /// <summary>Per node: its number in the graph, c, h, S.</summary>
    public int[] GraphNode = [];
    public double[] Value = [], Holding = [], Scale = [];

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

    /// <summary>Per pool, after an evaluation: the leg that trades or -1; of a linear pool with twice the leg's piece (<see cref="LinearRamps.PieceAt"/>) above it.</summary>
    public int[] Piece = [];

    /// <summary>The first of the pools of linear pieces, which come last.</summary>
    public int LinearStart => curveEnd;

    public bool HasLinear => curveEnd < Count;

    /// <summary>What a linear pool's flows lose against the best where its second token's z is above its first one's by <paramref name="gap"/>, in value at the prices nu, by node.</summary>
    public double KinkLoss(int p, double gap, ReadOnlySpan<double> nu)
    {
        int side = 2 * (p - curveEnd), piece = Piece[p] >> 1;
        double forth = ramps.LossAt(side, Leg[p] == 0 ? piece : -1, Excess[p], gap + forthSide.Offset[p]);
        double back = ramps.LossAt(side + 1, Leg[p] == 1 ? piece : -1, Excess[p], backSide.Offset[p] - gap);
        return (nu[From[p]] * forth) + (nu[To[p]] * back);
    }

    /// <summary>Opens the ramps of linear pieces, all empty; they are laid once those are filled that are to be.</summary>
    public void OpenRamps(bool areNarrow)
    {
        ramps.SetWidth(areNarrow ? LinearRamps.NarrowWidth : LinearRamps.WideWidth);
        for (int p = curveEnd; p < Count; p++)
            ramps.Open(p - curveEnd, -(forthSide.Offset[p] + backSide.Offset[p]));
    }

    /// <summary>Makes all ramps wide, centred as they are.</summary>
    public void WidenRamps()
    {
        ramps.SetWidth(LinearRamps.WideWidth);
        ramps.LayAll();
    }

    /// <summary>Fills the pieces of linear pools by an earlier answer's tenders, two per pool of the problem.</summary>
    public void FillRamps(ReadOnlySpan<double> tenders)
    {
        for (int side = 0; side < 2 * (Count - curveEnd) && !tenders.IsEmpty; side++)
        {
            double tender = tenders[(2 * poolOf[curveEnd + (side >> 1)]) + (side & 1)];
            if (tender > 0)
                ramps.FillBy(side, tender);
        }
    }

    /// <summary>Fills the pieces of linear pools by an earlier answer's trades, in the problem's order.</summary>
    public void FillRamps(ImmutableArray<RoutingTrade> trades)
    {
        int at = 0;
        for (int p = curveEnd; p < Count; p++)
        {
            while (at < trades.Length && trades[at].Pool < poolOf[p])
                at++;
            if (at == trades.Length)
                return;
            if (trades[at].Pool != poolOf[p] || trades[at].Tender.Length != 2)
                continue;
            for (int leg = 0; leg < 2; leg++)
            {
                if (trades[at].Tender[leg] > 0)
                    ramps.FillBy((2 * (p - curveEnd)) + leg, trades[at].Tender[leg]);
            }
        }
    }

    public void LayRamps() => ramps.LayAll();

    /// <summary>Centres all ramps on how full their pieces are now: those gain nothing where they are so full.</summary>
    public void CentreRamps()
    {
        for (int p = curveEnd; p < Count; p++)
            ramps.Centre(p - curveEnd, Leg[p] == 0 ? Excess[p] : double.NegativeInfinity, Leg[p] == 1 ? Excess[p] : double.NegativeInfinity);
    }

    /// <summary>Per pool, after <see cref="EvaluateAll"/>: W, the value that flows to its second and to its first token.</summary>
    public double[] Weight = [], WorthTo = [], WorthFrom = [];

    /// <summary>Finds what pool p does where its second token's z is above its first one's by <paramref name="gap"/>.</summary>
    public void Evaluate(int p, double gap)
    {
        difference[p] = gap;
        double forth = gap + forthSide.Offset[p], back = backSide.Offset[p] - gap;
        int leg = forth >= back ? 0 : 1;
        double u = leg == 0 ? forth : back;
        if (p >= curveEnd)
        {
            Fill(p, forth, back);
            return;
        }

        Excess[p] = u;
        Leg[p] = Piece[p] = leg;
        if (Smoothing > 0 && u > -0.5 && u < 0.5 && Elementary.ExpM1(u) is var x && Math.Abs(x) < SmoothedRange * Smoothing)
        {
            Smooth(p, leg, x);
        }
        else if (u > 0)
        {
            Trade(p, leg, u);
        }
        else
        {
            Idle(p);
        }
    }

    private void Idle(int p)
    {
        Leg[p] = Piece[p] = -1;
        Tender[p] = Received[p] = Rise[p] = 0;
    }

    private void Fill(int p, double forth, double back)
    {
        int piece = PieceAt(p, forth, back), leg = piece < 0 ? -1 : piece & 1;
        Piece[p] = piece;
        Leg[p] = leg;
        Excess[p] = leg == 1 ? back : leg == 0 ? forth : Math.Max(forth, back);
        Tender[p] = Received[p] = Rise[p] = 0;
        if (leg < 0)
            return;
        Rise[p] = ramps.Flows((2 * (p - curveEnd)) + leg, piece >> 1, Excess[p], out Tender[p], out Received[p]);
        Tender[p] = Math.Min(Tender[p], Side(leg).Most[p]);
    }

    /// <summary>The piece of a linear pool where the second node's z rises by <paramref name="change"/> against the first one's.</summary>
    public int PieceAt(int p, double change) =>
        PieceAt(p, difference[p] + change + forthSide.Offset[p], backSide.Offset[p] - difference[p] - change);

    private int PieceAt(int p, double forth, double back)
    {
        int side = 2 * (p - curveEnd);
        return forth > ramps.BeginOf(side) ? 2 * ramps.PieceAt(side, forth)
            : back > ramps.BeginOf(side + 1) ? 1 + (2 * ramps.PieceAt(side + 1, back))
            : -1;
    }

    /// <summary>Tender and receive of a linear pool on a piece, and d receive / d u, where the second node's z rises by <paramref name="change"/>.</summary>
    public double FlowsOn(int p, int piece, double change, out double tender, out double received)
    {
        int leg = piece & 1;
        return ramps.Flows((2 * (p - curveEnd)) + leg, piece >> 1, ExcessOf(p, leg) + (leg == 0 ? change : -change), out tender, out received);
    }

    /// <summary>Whether the pool is on a ramp, and the price of its second token over its first one's, both over their scales, at the kink that this is at.</summary>
    public bool IsAtKink(int p, out double difference)
    {
        int piece = Piece[p], leg = piece & 1;
        difference = 0;
        if (piece < 0 || (piece & 2) != 0)
            return false;
        double kink = ramps.KinkOf((2 * (p - curveEnd)) + leg, piece >> 1);
        difference = leg == 0 ? kink - forthSide.Offset[p] : backSide.Offset[p] - kink;
        return true;
    }

    /// <summary>
    /// The kink at u = 0 rounded off over a width w: with x = e^u - 1, g = (x + sqrt(x^2 + 4 w^2)) / 2 the leg trades as at log(1 + g), times g'. As arb is homogeneous
    /// these are again the derivatives of a convex function of the prices.
    /// </summary>
    private void Smooth(int p, int leg, double x)
    {
        double w = Smoothing;
        double r = Math.Sqrt((x * x) + (4 * w * w));
        double g = x > 0 ? 0.5 * (x + r) : 2 * w * w / (r - x);
        double first = g / r, second = 2 * w * w / (r * r * r);
        Trade(p, leg, Elementary.Log1P(g));
        double received = Received[p];
        double inputPerOutput = 1 / graph.LegBest[GraphLeg[p] + leg];
        Rise[p] = (1 + x) * ((Rise[p] / (1 + g) * first * first) + (received * second));
        Received[p] = received * first;
        Tender[p] = Math.Max(0, Tender[p] - (inputPerOutput * received * ((2 * w * w / r) + (0.5 * (r - x) / r))));
    }

    private void Trade(int p, int leg, double u)
    {
        PoolSide side = Side(leg);
        if (p >= meanEnd)
        {
            pools[poolOf[p]].Answer(leg, u, ref side.Cell[p], out Tender[p], out Received[p], out Rise[p]);
            Tender[p] = Math.Min(Tender[p], side.Most[p]);
            return;
        }

        if (IsEven(side, p))
        {
            double growth = Elementary.ExpM1(0.5 * u);
            double left = side.OutputScale[p] / (1 + growth);
            Tender[p] = side.TenderScale[p] * growth;
            Received[p] = left * growth;
            Rise[p] = 0.5 * left;
        }
        else
        {
            double ratio = side.Ratio[p], inverse = side.Inverse[p];
            double drop = Elementary.ExpM1(-ratio * inverse * u);
            Tender[p] = side.TenderScale[p] * Elementary.ExpM1(inverse * u);
            Received[p] = -side.OutputScale[p] * drop;
            Rise[p] = ratio * inverse * side.OutputScale[p] * (1 + drop);
        }

        if (bounded && Tender[p] >= side.Most[p])
        {
            Tender[p] = side.Most[p];
            Received[p] = Quote(p, side.Most[p]);
            Rise[p] = 0;
        }
    }

    /// <summary>Whether both tokens weigh the same: of products no ratio is kept.</summary>
    private bool IsEven(PoolSide side, int p) => p < productEnd || side.Ratio[p] == 1;

    private PoolSide Side(int leg) => leg == 0 ? forthSide : backSide;

    /// <summary>The leg that trades first where the second node's z rises by <paramref name="change"/> against the first one's, and its excess there.</summary>
    public int NextLeg(int p, double change, out double excess)
    {
        double forth = difference[p] + change + forthSide.Offset[p], back = backSide.Offset[p] - difference[p] - change;
        excess = Math.Max(forth, back);
        return excess > 0 ? forth >= back ? 0 : 1 : -1;
    }

    /// <summary>The weight of the pool while it idles: a small part of what it would have at the kink, by the smaller of both sides at these prices.</summary>
    public double LatentWeight(int p, double priceFrom, double priceTo)
    {
        double one = priceTo * forthSide.FirstRise[p], two = priceFrom * backSide.FirstRise[p];
        return Latent * (one < two ? one : two);
    }

    public double ExcessOf(int p, int leg) => leg == 0 ? difference[p] + forthSide.Offset[p] : backSide.Offset[p] - difference[p];

    /// <summary>d receive / d u of a leg where it begins to trade.</summary>
    public double FirstRise(int p, int leg) => Side(leg).FirstRise[p];
}
