using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using QTrade.Solver.Arithmetic;

namespace QTrade.Solver.Newton;

/// <summary>
/// The live pools of a graph as functions of log prices z = log(nu / S): a leg in -> out trades where its excess u = z_out - z_in + log(b S_out / S_in) is
/// positive, b being its best output per unit tendered, and does then what is best at those prices. Structure of arrays, two legs per pool; products come first, then
/// weighted pools, then all others, so that those of a kind are evaluated four at a time, with the same bits as one by one.
/// </summary>
internal sealed class PricedPools
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

    /// <summary>What a linear pool that is filled in part would lose at its tokens' prices against the best, in units of what is tendered.</summary>
    public double KinkLoss(int p) => Piece[p] < 0 ? 0 : ramps.LossAt((2 * (p - curveEnd)) + (Piece[p] & 1), Piece[p] >> 1, Excess[p]);

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

    /// <summary>Takes the graph's live part; false where a live pool is of a kind that does not answer to prices.</summary>
    public bool TryLoad(RoutingGraph routingGraph, RoutingPool[] routingPools)
    {
        graph = routingGraph;
        pools = routingPools;
        CountLive();
        if (!Sort())
            return false;
        ramps.Begin(2 * (Count - curveEnd));
        core.Halve(curveEnd, takePools);
        for (int p = curveEnd; p < Count; p++)
            Take(p);
        LogOffsets(curveEnd, Count);
        Smoothing = 0;
        areIncidentListed = false;
        return true;
    }

    /// <summary>
    /// Evaluates every pool at log prices z and prices nu, by node, with what it adds to the Newton system: adds the value that flows into every node to <paramref name="flow"/>, puts its pools' weights into
    /// <paramref name="stiffness"/>, and answers the sum of all flows.
    /// </summary>
    public double EvaluateAll(double[] z, double[] nu, Span<double> flow, Span<double> stiffness)
    {
        (logPrices, prices) = (z, nu);
        for (int j = 0; j < NodeCount; j++)
            firstHalf[j] = new() { Flow = flow[j] };
        Array.Clear(secondHalf, 0, NodeCount);
        flowOfSecondHalf = 0;
        core.Halve(Count, evaluatePools);
        for (int j = 0; j < NodeCount; j++)
        {
            flow[j] = firstHalf[j].Flow + secondHalf[j].Flow;
            stiffness[j] = firstHalf[j].Weight + secondHalf[j].Weight;
        }

        return flowOfFirstHalf + flowOfSecondHalf;
    }

    /// <summary>A few at a time, so that they are at hand when they are added up.</summary>
    private void EvaluatePools(int first, int end)
    {
        NodeSums[] sums = first == 0 ? firstHalf : secondHalf;
        double total = 0;
        for (int p = first; p < end; p += Block)
        {
            int next = Math.Min(end, p + Block);
            EvaluateRange(p, next);
            total = AddUp(p, next, sums, total);
        }

        if (first == 0)
            flowOfFirstHalf = total;
        else
            flowOfSecondHalf = total;
    }

    private double AddUp(int first, int end, NodeSums[] sums, double total)
    {
        for (int p = first; p < end; p++)
        {
            double w = Weight[p], into = WorthTo[p], outOf = WorthFrom[p];
            ref NodeSums from = ref sums[From[p]];
            from.Weight += w;
            from.Flow += outOf;
            ref NodeSums to = ref sums[To[p]];
            to.Weight += w;
            to.Flow += into;
            total += into + outOf;
        }

        return total;
    }

    [MethodImpl(MethodImplOptions.NoInlining)] // The kernels are to be inlined here, and the budget for that would go to the caller.
    private void EvaluateRange(int first, int end)
    {
        ReadOnlySpan<double> z = logPrices, nu = prices;
        int p = first;
        if (Smoothing == 0)
        {
            int products = Math.Min(productEnd, end), means = Math.Min(meanEnd, end);
            for (; p <= products - Lane; p += Lane)
            {
                if (!TryFour(p, true, z, nu))
                    EvaluateOneByOne(p, p + Lane, z, nu);
            }

            EvaluateOneByOne(p, products, z, nu);
            for (p = Math.Max(first, productEnd); p <= means - Lane; p += Lane)
            {
                if (!TryFour(p, false, z, nu))
                    EvaluateOneByOne(p, p + Lane, z, nu);
            }
        }

        EvaluateOneByOne(p, end, z, nu);
    }

    private void EvaluateOneByOne(int first, int end, ReadOnlySpan<double> z, ReadOnlySpan<double> nu)
    {
        for (int p = first; p < end; p++)
        {
            int a = From[p], b = To[p];
            Evaluate(p, z[b] - z[a]);
            bool forth = Leg[p] == 0;
            double received = nu[forth ? b : a] * Received[p], tendered = nu[forth ? a : b] * Tender[p];
            double latent = LatentWeight(p, nu[a], nu[b]), w = nu[forth ? b : a] * Rise[p];
            Weight[p] = w > latent ? w : latent;
            WorthTo[p] = forth ? received : -tendered;
            WorthFrom[p] = forth ? -tendered : received;
        }
    }

    /// <summary>Four pools of constant mean; false where one of them meets its bound or leaves the range of the functions.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryFour(int p, bool product, ReadOnlySpan<double> z, ReadOnlySpan<double> nu)
    {
        ReadOnlySpan<int> from = From.AsSpan(p, Lane), to = To.AsSpan(p, Lane);
        Vector256<double> gap = Vector256.Create(z[to[0]] - z[from[0]], z[to[1]] - z[from[1]], z[to[2]] - z[from[2]], z[to[3]] - z[from[3]]);
        Vector256<double> priceFrom = Vector256.Create(nu[from[0]], nu[from[1]], nu[from[2]], nu[from[3]]);
        Vector256<double> priceTo = Vector256.Create(nu[to[0]], nu[to[1]], nu[to[2]], nu[to[3]]);
        Vector256<double> forth = gap + At(forthSide.Offset, p), back = At(backSide.Offset, p) - gap;
        Vector256<double> isForth = Vector256.GreaterThanOrEqual(forth, back);
        Vector256<double> u = Vector256.ConditionalSelect(isForth, forth, back);
        if (Vector256.GreaterThanAny(u, Vector256.Create(Lanes.MostExponent)))
            return false;
        Vector256<double> trades = Vector256.GreaterThan(u, Vector256<double>.Zero);
        Vector256<double> x = u & trades;
        Vector256<double> tenderScale = Vector256.ConditionalSelect(isForth, At(forthSide.TenderScale, p), At(backSide.TenderScale, p));
        Vector256<double> outputScale = Vector256.ConditionalSelect(isForth, At(forthSide.OutputScale, p), At(backSide.OutputScale, p));
        Vector256<double> tender, received, rise;
        if (product)
        {
            Vector256<double> growth = Lanes.ExpM1(Vector256.Create(0.5) * x);
            Vector256<double> left = outputScale / (Vector256<double>.One + growth);
            tender = tenderScale * growth;
            received = left * growth;
            rise = Vector256.Create(0.5) * left;
        }
        else
        {
            Vector256<double> ratio = Vector256.ConditionalSelect(isForth, At(forthSide.Ratio, p), At(backSide.Ratio, p));
            Vector256<double> inverse = Vector256.ConditionalSelect(isForth, At(forthSide.Inverse, p), At(backSide.Inverse, p));
            Vector256<double> drop = Lanes.ExpM1(-ratio * inverse * x);
            tender = tenderScale * Lanes.ExpM1(inverse * x);
            received = -outputScale * drop;
            rise = ratio * inverse * outputScale * (Vector256<double>.One + drop);
        }

        if (bounded)
        {
            Vector256<double> most = Vector256.ConditionalSelect(isForth, At(forthSide.Most, p), At(backSide.Most, p));
            if ((Vector256.GreaterThanOrEqual(tender, most) & trades) != Vector256<double>.Zero)
                return false;
        }

        tender &= trades;
        received &= trades;
        rise &= trades;
        gap.CopyTo(difference, p);
        u.CopyTo(Excess, p);
        tender.CopyTo(Tender, p);
        received.CopyTo(Received, p);
        rise.CopyTo(Rise, p);
        Vector256<long> leg = Vector256.ConditionalSelect(trades.AsInt64(), Vector256<long>.One + isForth.AsInt64(), Vector256.Create(-1L));
        Vector128<int> legs = Vector128.Narrow(leg.GetLower(), leg.GetUpper());
        legs.CopyTo(Leg, p);
        legs.CopyTo(Piece, p);

        Vector256<double> one = priceTo * At(forthSide.FirstRise, p), two = priceFrom * At(backSide.FirstRise, p);
        Vector256<double> latent = Vector256.Create(Latent) * Vector256.ConditionalSelect(Vector256.LessThan(one, two), one, two);
        Vector256<double> w = Vector256.ConditionalSelect(isForth, priceTo, priceFrom) * rise;
        Vector256.ConditionalSelect(Vector256.GreaterThan(w, latent), w, latent).CopyTo(Weight, p);
        Vector256<double> worthIn = Vector256.ConditionalSelect(isForth, priceTo, priceFrom) * received;
        Vector256<double> worthOut = -(Vector256.ConditionalSelect(isForth, priceFrom, priceTo) * tender);
        Vector256.ConditionalSelect(isForth, worthIn, worthOut).CopyTo(WorthTo, p);
        Vector256.ConditionalSelect(isForth, worthOut, worthIn).CopyTo(WorthFrom, p);
        return true;
    }

    /// <summary>
    /// Lists the pools of which another leg than <paramref name="piece"/> says would trade (or none, -1) after the prices' logarithms rose by d; answers how many.
    /// </summary>
    public int ListChanged(double[] d, int[] piece, int[] changed)
    {
        (rises, pieces, listed) = (d, piece, changed);
        listedInSecondHalf = 0;
        core.Halve(Count, listChanged);
        changed.AsSpan(SecondCore.Half(Count), listedInSecondHalf).CopyTo(changed.AsSpan(listedInFirstHalf));
        return listedInFirstHalf + listedInSecondHalf;
    }

    /// <summary>Each half lists what it finds from where it begins.</summary>
    private void ListChanged(int first, int end)
    {
        int found = ListChanged(first, end, rises, pieces, listed.AsSpan(first));
        if (first == 0)
            listedInFirstHalf = found;
        else
            listedInSecondHalf = found;
    }

    private int ListChanged(int first, int end, ReadOnlySpan<double> d, ReadOnlySpan<int> piece, Span<int> changed)
    {
        int count = 0, p = first, curves = Math.Min(curveEnd, end);
        for (; p <= curves - Lane; p += Lane)
        {
            ReadOnlySpan<int> from = From.AsSpan(p, Lane), to = To.AsSpan(p, Lane);
            Vector256<double> change = Vector256.Create(d[to[0]] - d[from[0]], d[to[1]] - d[from[1]], d[to[2]] - d[from[2]], d[to[3]] - d[from[3]]);
            Vector256<double> forth = At(difference, p) + change + At(forthSide.Offset, p), back = At(backSide.Offset, p) - At(difference, p) - change;
            Vector256<double> isForth = Vector256.GreaterThanOrEqual(forth, back);
            Vector256<double> trades = Vector256.GreaterThan(Vector256.ConditionalSelect(isForth, forth, back), Vector256<double>.Zero);
            Vector256<long> next = Vector256.ConditionalSelect(trades.AsInt64(), Vector256<long>.One + isForth.AsInt64(), Vector256.Create(-1L));
            (Vector128<long> low, Vector128<long> high) = Vector128.Widen(Vector128.Create(piece.Slice(p, Lane)));
            uint same = Vector256.Equals(next, Vector256.Create(low, high)).ExtractMostSignificantBits();
            for (int lane = 0; same != 0xF && lane < Lane; lane++)
            {
                if ((same & (1u << lane)) == 0)
                    changed[count++] = p + lane;
            }
        }

        for (; p < curves; p++)
        {
            if (NextLeg(p, d[To[p]] - d[From[p]], out _) != piece[p])
                changed[count++] = p;
        }

        for (; p < end; p++)
        {
            if (PieceAt(p, d[To[p]] - d[From[p]]) != piece[p])
                changed[count++] = p;
        }

        return count;
    }

    /// <summary>
    /// Adds up for every node the log prices at which its pools would be in the middle of their no-trade cone, weighted by the depth on the other side, and the weights.
    /// </summary>
    public void AddImplied(ReadOnlySpan<double> z, ReadOnlySpan<double> nu, Span<double> sum, Span<double> weight)
    {
        for (int p = 0; p < Count; p++)
        {
            int a = From[p], b = To[p];
            double middle = 0.5 * (forthSide.Offset[p] - backSide.Offset[p]);
            double depthTo = nu[b] * forthSide.FirstRise[p], depthFrom = nu[a] * backSide.FirstRise[p];
            if (!double.IsFinite(middle))
                continue;
            sum[a] += depthTo * (z[b] + middle);
            weight[a] += depthTo;
            sum[b] += depthFrom * (z[a] - middle);
            weight[b] += depthFrom;
        }
    }

    private static Vector256<double> At(double[] array, int p) => Vector256.LoadUnsafe(ref array[p]);

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

    /// <summary>
    /// Whether <see cref="Received"/> is the quote of <see cref="Tender"/> to the last digits: a smoothed tender is a difference, and a walk through
    /// intervals loses the digits of a small step behind a large one.
    /// </summary>
    public bool IsQuoted(int p) => p < meanEnd && Smoothing == 0 && Rise[p] != 0;

    /// <summary>
    /// Takes from <paramref name="first"/> on, while pools are quoted as they were evaluated, their tenders and that part of what they receive, neither where one of them is nothing; answers where it ended.
    /// </summary>
    public int TakeQuoted(int first, int end, double[] tender, double[] received, double part)
    {
        int p = first, means = bounded || Smoothing > 0 ? first : Math.Min(meanEnd, end);
        for (; p <= means - Lane; p += Lane)
        {
            Vector256<double> given = At(Tender, p), taken = At(Received, p) * Vector256.Create(part);
            Vector256<double> trades = Vector256.GreaterThan(given, Vector256<double>.Zero) & Vector256.GreaterThan(taken, Vector256<double>.Zero)
                & Vector256.LessThan(taken, Vector256.Create(double.PositiveInfinity));
            if ((trades & Vector256.Equals(At(Rise, p), Vector256<double>.Zero)) != Vector256<double>.Zero)
                return p;
            (given & trades).CopyTo(tender, p);
            (taken & trades).CopyTo(received, p);
        }

        return p;
    }

    /// <summary>What the pool's trading leg gives for a tender, at most 1e-15 of it above the exact output.</summary>
    public double Quote(int p, double tender)
    {
        if (p >= meanEnd)
            return ExactQuote(p, tender);
        PoolSide side = Side(Leg[p]);
        double growth = tender / side.TenderScale[p];
        return IsEven(side, p)
            ? side.OutputScale[p] * (growth / (1 + growth))
            : -side.OutputScale[p] * Elementary.ExpM1(-side.Ratio[p] * Elementary.Log1P(growth));
    }

    /// <summary>What the pool's trading leg gives for a tender, rounded down from the exact output.</summary>
    public double ExactQuote(int p, double tender) => Math.Max(0, pools[poolOf[p]].Receive(Leg[p], tender).RoundedDown());

    /// <summary>Whether the pool trades on a smooth curve, as was found where its second node's z is so much above its first one's.</summary>
    public bool TradesSmoothlyAt(int p, double gap) => p >= meanEnd && p < curveEnd && Leg[p] >= 0 && difference[p] == gap && Smoothing == 0 && pools[poolOf[p]].IsSmooth;

    public double MostTender(int p) => MostOf(Side(Leg[p]), p);

    private double MostOf(PoolSide side, int p) => p < meanEnd && !bounded ? double.PositiveInfinity : side.Most[p];

    /// <summary>
    /// Best value of the trading leg at the prices that its excess was found at, without cancellation; for pools of constant mean
    /// nu_in X / gamma w_o u [m E(w_i u) + E(w_i u) - E(w_o u)], m = expm1(w_o u), E(x) = expm1(x) / x.
    /// </summary>
    public DoubleDouble Arbitrage(int p, double priceIn, double priceOut)
    {
        PoolSide side = Side(Leg[p]);
        return p >= meanEnd || Tender[p] >= MostOf(side, p)
            ? pools[poolOf[p]].LegArbitrage(Leg[p], priceIn, priceOut)
            : MeanArbitrage(side, p, Excess[p], Tender[p] / side.TenderScale[p], priceIn * side.TenderScale[p]);
    }

    /// <summary>The same for any pool that takes part whole, where the second node's z is above the first one's by <paramref name="gap"/>, whatever it was found to do; and what it would tender is worth where the value is not exact.</summary>
    public DoubleDouble ArbitrageAt(int p, double gap, double priceFrom, double priceTo, out double excess, out double tendered)
    {
        double forth = gap + forthSide.Offset[p], back = backSide.Offset[p] - gap;
        int leg = forth >= back ? 0 : 1;
        excess = leg == 0 ? forth : back;
        tendered = 0;
        if (p >= meanEnd && (forth > -NearKink && back > -NearKink))
            return ExactArbitrage(p, priceFrom, priceTo);
        if (!(excess > (p < meanEnd ? 0 : -NearKink)))
            return DoubleDouble.Zero;
        if (p >= meanEnd)
            return leg == 0 ? pools[poolOf[p]].LegArbitrage(0, priceFrom, priceTo) : pools[poolOf[p]].LegArbitrage(1, priceTo, priceFrom);
        PoolSide side = Side(leg);
        double m = Elementary.ExpM1((p < productEnd ? 0.5 : side.Inverse[p]) * excess), cost = (leg == 0 ? priceFrom : priceTo) * side.TenderScale[p];
        if (side.TenderScale[p] * m >= MostOf(side, p))
            return ExactArbitrage(p, priceFrom, priceTo);
        tendered = cost * m;
        return MeanArbitrage(side, p, excess, m, cost);
    }

    private DoubleDouble ExactArbitrage(int p, double priceFrom, double priceTo)
    {
        RoutingPool pool = pools[poolOf[p]];
        return pool.LegArbitrage(0, priceFrom, priceTo) + pool.LegArbitrage(1, priceTo, priceFrom);
    }

    private double MeanArbitrage(PoolSide side, int p, double u, double m, double cost)
    {
        if (IsEven(side, p))
            return cost * m * m;
        double a = side.Inverse[p] * u, b = side.Ratio[p] * a;
        return u < 0.05
            ? cost * a * (m * (1 + Beyond(b)) + (Beyond(b) - Beyond(a)))
            : cost * (((1 + m) * Elementary.ExpM1(b) / side.Ratio[p]) - m);
    }

    /// <summary>expm1(x) / x - 1 for small x.</summary>
    private static double Beyond(double x) =>
        x * (0.5 + x * (1.0 / 6 + x * (1.0 / 24 + x * (1.0 / 120 + x * (1.0 / 720 + x * (1.0 / 5040 + x * (1.0 / 40320)))))));

    private void CountLive()
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
            firstIncident = new int[size + 1];
            firstHalf = new NodeSums[size];
            secondHalf = new NodeSums[size];
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

    /// <summary>Lists the live pools by kind; false where one does not answer to prices.</summary>
    private bool Sort()
    {
        PartialCount = 0;
        bounded = graph.IsAnyMeanBounded;
        int products = 0, weights = 0, others = 0, linears = 0, legs = graph.LegCount;
        bool allPairs = graph.IsAllPairs;
        ReadOnlySpan<int> opposite = graph.LegOpposite.AsSpan(0, legs), pool = graph.LegPool.AsSpan(0, legs);
        ReadOnlySpan<bool> isAlive = graph.LegAlive.AsSpan(0, legs);
        ReadOnlySpan<double> best = graph.LegBest.AsSpan(0, legs);
        for (int l = 0, end; l < legs; l = end)
        {
            bool alive, whole;
            if (allPairs || (opposite[l] == l + 1 && (l + 2 == legs || pool[l + 2] != pool[l])))
            {
                end = l + 2;
                (alive, whole) = (isAlive[l] | isAlive[l + 1], isAlive[l] & isAlive[l + 1]);
            }
            else
            {
                (alive, whole) = (false, true);
                for (end = l; end < legs && pool[end] == pool[l]; end++)
                    (alive, whole) = (alive | isAlive[end], whole & isAlive[end]);
            }

            for (int leg = l; leg < end && !whole; leg++)
            {
                if (double.IsInfinity(best[leg]))
                    return false;
            }

            if (!whole)
                Partial[PartialCount++] = pool[l];
            if (!alive)
                continue;
            if (end != l + 2 || (whole && !graph.IsTight(l)))
                return false;
            switch (graph.LegForms[isAlive[l] ? l : l + 1])
            {
                case LegForm.Product:
                    GraphLeg[products++] = l;
                    break;
                case LegForm.Mean:
                    weighted[weights++] = l;
                    break;
                case LegForm.Curve:
                    other[others++] = l;
                    break;
                case LegForm.Linear:
                    linear[linears++] = l;
                    break;
                default:
                    return false;
            }
        }

        productEnd = products;
        meanEnd = products + weights;
        curveEnd = meanEnd + others;
        Count = curveEnd + linears;
        weighted.AsSpan(0, weights).CopyTo(GraphLeg.AsSpan(productEnd));
        other.AsSpan(0, others).CopyTo(GraphLeg.AsSpan(meanEnd));
        linear.AsSpan(0, linears).CopyTo(GraphLeg.AsSpan(curveEnd));
        return true;
    }

    /// <summary>Takes pools that were replaced by others of their form, told by their first legs in the graph; false where one has another number of pieces, and all have to be loaded.</summary>
    public bool TryRetake(ReadOnlySpan<int> firstLegs)
    {
        ramps.ForgetHints();
        (retakes, misfits) = (true, bounded != graph.IsAnyMeanBounded);
        forthSide.Cell.AsSpan(0, Count).Fill(-1);
        backSide.Cell.AsSpan(0, Count).Fill(-1);
        foreach (int leg in firstLegs)
        {
            int p = PlaceOf(leg);
            if (p < 0)
                continue;
            Take(p);
            LogOffsets(p, p + 1);
        }

        retakes = false;
        return !misfits;
    }

    /// <summary>Where a leg's pool is among the live ones, or -1.</summary>
    private int PlaceOf(int firstLeg)
    {
        (int first, int end) = graph.LegForms[graph.LegAlive[firstLeg] ? firstLeg : firstLeg + 1] switch
        {
            LegForm.Product => (0, productEnd),
            LegForm.Mean => (productEnd, meanEnd),
            LegForm.Curve => (meanEnd, curveEnd),
            _ => (curveEnd, Count),
        };
        int at = GraphLeg.AsSpan(first, end - first).BinarySearch(firstLeg);
        return at < 0 ? -1 : first + at;
    }

    private void TakePools(int first, int end)
    {
        for (int p = first; p < end; p++)
            Take(p);
        LogOffsets(first, end);
    }

    private void Take(int p)
    {
        int l = GraphLeg[p], index = graph.LegPool[l];
        int from = denseOf[graph.LegFrom[l]], to = denseOf[graph.LegTo[l]];
        bool forth = graph.LegAlive[l], back = graph.LegAlive[l + 1];
        poolOf[p] = index;
        From[p] = from;
        To[p] = to;
        IsWhole[p] = forth && back;
        double scaleFrom = Scale[from], scaleTo = Scale[to];
        TakeSide(forthSide, p, l, forth, scaleTo / scaleFrom);
        TakeSide(backSide, p, l + 1, back, scaleFrom / scaleTo);
    }

    private void TakeSide(PoolSide side, int p, int l, bool isAlive, double scale)
    {
        if (!isAlive)
        {
            LeaveOut(side, p);
            return;
        }

        side.Offset[p] = graph.LegBest[l] * scale;
        if (p >= meanEnd || bounded)
            side.Most[p] = graph.TermsOf(l).MostTender;
        if (p < meanEnd)
        {
            double output = graph.LegOutputScale[l];
            side.TenderScale[p] = graph.LegTenderScale[l];
            side.OutputScale[p] = output;
            if (p < productEnd)
            {
                side.FirstRise[p] = output * 0.5;
                return;
            }

            double ratio = graph.LegRatio[l], inverse = 1 / (1 + ratio);
            side.Ratio[p] = ratio;
            side.Inverse[p] = inverse;
            side.FirstRise[p] = output * ratio * inverse;
            return;
        }

        side.Cell[p] = -1;
        if (p >= curveEnd)
            side.FirstRise[p] = EnterRamps(side, p, pools[poolOf[p]], graph.LegLocal[l]);
        else
            pools[poolOf[p]].Answer(graph.LegLocal[l], 0, ref side.Cell[p], out _, out _, out side.FirstRise[p]);
    }

    private void LeaveOut(PoolSide side, int p)
    {
        side.Cell[p] = -1;
        if (p >= curveEnd)
            EnterRamps(side, p, null, 0);
        side.Offset[p] = side.Most[p] = side.TenderScale[p] = side.OutputScale[p] = 0;
        side.Ratio[p] = 1;
        side.Inverse[p] = 0.5;
        side.FirstRise[p] = double.PositiveInfinity;
    }

    private double EnterRamps(PoolSide side, int p, RoutingPool? pool, int leg)
    {
        if (!retakes)
            return ramps.Add(pool, leg);
        misfits |= !ramps.TryReplace((2 * (p - curveEnd)) + (side == forthSide ? 0 : 1), pool, leg, out double most);
        return most;
    }

    private void LogOffsets(int first, int end)
    {
        LogOffsets(forthSide.Offset, first, end);
        LogOffsets(backSide.Offset, first, end);
    }

    private static void LogOffsets(double[] offset, int first, int end)
    {
        int p = first;
        for (; p <= end - Lane; p += Lane)
        {
            Vector256<double> x = At(offset, p);
            if (Vector256.LessThanAny(x, Vector256.Create(Lanes.LeastLogarithm)) || !Vector256.LessThanAll(x, Vector256.Create(Lanes.MostLogarithm)))
            {
                for (int lane = p; lane < p + Lane; lane++)
                    offset[lane] = Elementary.Log(offset[lane]);
            }
            else
            {
                Lanes.Log(x).CopyTo(offset, p);
            }
        }

        for (; p < end; p++)
            offset[p] = Elementary.Log(offset[p]);
    }

    /// <summary>The pools of a node, in order; listed when they are asked for first, as where all tokens have many pools hardly anything asks.</summary>
    public ReadOnlySpan<int> IncidentTo(int node)
    {
        if (!areIncidentListed)
            ListIncident();
        return incident.AsSpan(firstIncident[node], firstIncident[node + 1] - firstIncident[node]);
    }

    private void ListIncident()
    {
        areIncidentListed = true;
        Array.Clear(firstIncident, 0, NodeCount + 1);
        for (int p = 0; p < Count; p++)
        {
            firstIncident[From[p] + 1]++;
            firstIncident[To[p] + 1]++;
        }

        for (int j = 0; j < NodeCount; j++)
        {
            firstIncident[j + 1] += firstIncident[j];
            fill[j] = firstIncident[j];
        }

        for (int p = 0; p < Count; p++)
        {
            incident[fill[From[p]]++] = p;
            incident[fill[To[p]]++] = p;
        }
    }

    private void Grow(int size)
    {
        poolOf = new int[size];
        weighted = new int[size];
        other = new int[size];
        linear = new int[size];
        Piece = new int[size];
        forthSide.Grow(size);
        backSide.Grow(size);
        difference = new double[size];
        IsWhole = new bool[size];
        Partial = new int[size];
        From = new int[size];
        To = new int[size];
        GraphLeg = new int[size];
        incident = new int[2 * size];
        Leg = new int[size];
        Tender = new double[size];
        Received = new double[size];
        Rise = new double[size];
        Excess = new double[size];
        Weight = new double[size];
        WorthTo = new double[size];
        WorthFrom = new double[size];
    }
}
