namespace QTrade.Solver.Newton;

/// <summary>
/// Legs made of pieces of constant price as functions of their excess u. A piece begins to gain at its kink u_e; it fills over a ramp, centred so that it is as full at u_e as it was found to be last:
/// f + (u - u_e) / w for a piece that was f full (the method of multipliers; Hestenes, "Multiplier and gradient methods", 1969; Rockafellar, "Augmented Lagrangians and applications of the proximal point
/// algorithm", 1976), so that prices come to the kinks though no ramp is narrow. Two sides per pool, one after the other.
/// </summary>
internal sealed class LinearRamps
{
    /// <summary>Kinks that are nearer to each other are one.</summary>
    private const double SameKink = 1e-12;

    /// <summary>What roundings can make of an excess that is none: the sides of a pool without a fee begin to gain at the same price.</summary>
    private const double Roundings = 1e-15;

    /// <summary>
    /// Width of ramps at first, as a logarithm of prices: wide ones lead on where many pieces are to be filled or emptied, narrow ones come to their kinks at once where few are. The least width, and by what
    /// one is narrowed whose piece came nearer to its kink by less than a part of the way.
    /// </summary>
    public const double WideWidth = 1e-3;
    public const double NarrowWidth = 1e-5;
    private const double LeastWidth = 1e-6;
    private const double Narrower = 0.1;
    private const double Enough = 0.05;

    private int[] firstPiece = [0], hint = [];
    private double firstWidth = WideWidth;

    // Per pool: whether its ramps are as its pieces are full, and whether as those of one begin whose pieces are all empty.
    private bool[] isLaid = [], isFresh = [];
    private double[] kink = [], begin = [], width = [], tender = [], received = [], tenderBefore = [], receivedBefore = [], fill = [], widest = [], farBefore = [], gap = [];

    // Of the side that is entered, per edge.
    private double[] edgeKink = [], edgeTender = [], edgeReceived = [];
    private int sides, pieces;

    public void Begin(int mostSides)
    {
        sides = pieces = 0;
        if (hint.Length < mostSides)
        {
            hint = new int[2 * mostSides];
            widest = new double[2 * mostSides];
            farBefore = new double[2 * mostSides];
            gap = new double[mostSides];
            isLaid = new bool[mostSides];
            isFresh = new bool[mostSides];
            firstPiece = new int[(2 * mostSides) + 1];
        }

        firstPiece[0] = 0;
    }

    /// <summary>Enters the next side; a leg that takes no part is null. Answers the most that it can give.</summary>
    public double Add(RoutingPool? pool, int leg)
    {
        int first = pieces;
        double most = Enter(pool, leg);
        isFresh[sides >> 1] = false;
        hint[sides++] = first;
        firstPiece[sides] = pieces;
        return most;
    }

    /// <summary>Enters a side again whose pool has become another; false where it has not as many pieces as before, and all sides have to be entered anew.</summary>
    public bool TryReplace(int side, RoutingPool? pool, int leg, out double most)
    {
        int end = pieces;
        pieces = firstPiece[side];
        isFresh[side >> 1] = false;
        most = Enter(pool, leg);
        bool fits = pieces == firstPiece[side + 1];
        pieces = end;
        return fits;
    }

    /// <summary>Forgets at which pieces prices were last.</summary>
    public void ForgetHints() => firstPiece.AsSpan(0, sides).CopyTo(hint);

    private double Enter(RoutingPool? pool, int leg)
    {
        int edges = pool?.EdgeCount(leg) ?? 0;
        if (edges > 0)
            Describe(pool!, leg, edges);
        double most = 0;
        int first = pieces;
        for (int e = 0; e < edges; e++)
        {
            double at = edgeKink[e], takes = edgeTender[e], gives = edgeReceived[e];
            most += gives;
            if (pieces > first && !(at - kink[pieces - 1] >= SameKink))
            {
                tender[pieces - 1] += takes;
                received[pieces - 1] += gives;
                continue;
            }

            kink[pieces] = at;
            tender[pieces] = takes;
            received[pieces] = gives;
            bool follows = pieces > first;
            tenderBefore[pieces] = follows ? tenderBefore[pieces - 1] + tender[pieces - 1] : 0;
            receivedBefore[pieces] = follows ? receivedBefore[pieces - 1] + received[pieces - 1] : 0;
            pieces++;
        }

        return most;
    }

    /// <summary>Sets the width at first of all ramps. They are to be laid before they are asked anything.</summary>
    public void SetWidth(double first)
    {
        if (firstWidth == first)
            return;
        firstWidth = first;
        widest.AsSpan(0, sides).Fill(first);
        farBefore.AsSpan(0, sides).Fill(double.PositiveInfinity);
        isLaid.AsSpan(0, sides >> 1).Clear();
    }

    /// <summary>Begins a pool with empty pieces; <paramref name="between"/> is how far apart its sides begin to gain. It is to be laid before it is asked anything.</summary>
    public void Open(int pool, double between)
    {
        farBefore[2 * pool] = farBefore[(2 * pool) + 1] = double.PositiveInfinity;
        if (isFresh[pool] && gap[pool] == between)
            return;
        gap[pool] = between;
        for (int side = 2 * pool; side < (2 * pool) + 2; side++)
        {
            fill.AsSpan(firstPiece[side], firstPiece[side + 1] - firstPiece[side]).Clear();
            widest[side] = firstWidth;
        }

        (isFresh[pool], isLaid[pool]) = (true, false);
    }

    /// <summary>Centres a pool on an earlier tender of one side. It is to be laid before it is asked anything.</summary>
    public void FillBy(int side, double tendered)
    {
        for (int k = firstPiece[side]; k < firstPiece[side + 1]; k++)
            fill[k] = Math.Clamp((tendered - tenderBefore[k]) / tender[k], 0, 1);
        isFresh[side >> 1] = isLaid[side >> 1] = false;
    }

    /// <summary>Lays the pools that were opened or filled.</summary>
    public void LayAll()
    {
        for (int pool = 0; pool < sides >> 1; pool++)
        {
            if (!isLaid[pool])
                Lay(pool);
        }
    }

    /// <summary>Centres a pool on how full its pieces are where its sides' excesses are these; minus infinity for a side that does not trade.</summary>
    public void Centre(int pool, double forth, double back)
    {
        if (isFresh[pool] && double.IsNegativeInfinity(forth) && double.IsNegativeInfinity(back))
        {
            farBefore[2 * pool] = farBefore[(2 * pool) + 1] = 0;
            return;
        }

        isFresh[pool] = false;
        CentreSide(2 * pool, forth);
        CentreSide((2 * pool) + 1, back);
        Lay(pool);
    }

    private void CentreSide(int side, double u)
    {
        double far = 0;
        for (int k = firstPiece[side]; k < firstPiece[side + 1]; k++)
        {
            double part = (u - begin[k]) / width[k];
            if (part > 0 && part < 1)
                far = Math.Abs(u - kink[k]);
            fill[k] = part <= 0 ? 0 : part >= 1 ? 1 : part;
        }

        if (far > Enough * farBefore[side])
            widest[side] = Math.Max(LeastWidth, Narrower * widest[side]);
        farBefore[side] = far;
    }

    /// <summary>Lays the ramps of both sides. Where they would overlap, as without a fee, the side that is not in use begins where the other one's ends.</summary>
    private void Lay(int pool)
    {
        int forth = 2 * pool, used = HasFilled(forth + 1) ? forth + 1 : forth, idle = used ^ 1;
        Lay(used, double.NegativeInfinity);
        Lay(idle, -BeginOf(used) - gap[pool]);
        isLaid[pool] = true;
    }

    private bool HasFilled(int side) => firstPiece[side] < firstPiece[side + 1] && fill[firstPiece[side]] > 0;

    private void Lay(int side, double from)
    {
        int end = firstPiece[side + 1];
        for (int k = firstPiece[side]; k < end; k++)
        {
            width[k] = k + 1 < end ? Math.Min(kink[k + 1] - kink[k], widest[side]) : widest[side];
            begin[k] = Math.Max(kink[k] - (fill[k] * width[k]), from);
            from = begin[k] + width[k];
        }
    }

    /// <summary>
    /// What a side that is filled as it is at the excess <paramref name="filledAt"/> loses at the excess <paramref name="u"/> against the best there, where every piece is full or empty, in units of what is tendered.
    /// <paramref name="piece"/> is the one that it is filled to, -1 where it is empty. Gains within roundings of an excess count as none.
    /// </summary>
    public double LossAt(int side, int piece, double filledAt, double u)
    {
        int first = firstPiece[side], end = firstPiece[side + 1], next = first;
        double loss = 0;
        if (piece >= 0)
        {
            int k = first + (piece >> 1);
            double x = u - kink[k], part = (piece & 1) != 0 ? 1 : (filledAt - begin[k]) / width[k];
            loss = tender[k] * (x > 0 ? x * (1 - part) : -x * part);
            for (int below = k - 1; below >= first && kink[below] > u; below--)
                loss += tender[below] * (kink[below] - u);
            next = k + 1;
        }

        for (; next < end && kink[next] < u - Roundings; next++)
            loss += tender[next] * (u - kink[next]);
        return loss;
    }

    /// <summary>The excess at which a side begins to trade.</summary>
    public double BeginOf(int side) => firstPiece[side] < firstPiece[side + 1] ? begin[firstPiece[side]] : double.PositiveInfinity;

    /// <summary>The piece of a side at an excess above 0: twice its number, and one more behind its ramp.</summary>
    public int PieceAt(int side, double u)
    {
        int first = firstPiece[side], last = firstPiece[side + 1] - 1, k = hint[side];
        if (!(begin[k] <= u && (k == last || u < begin[k + 1])))
        {
            int low = first, high = last;
            while (low < high)
            {
                int middle = (low + high + 1) >> 1;
                if (begin[middle] <= u)
                    low = middle;
                else
                    high = middle - 1;
            }

            hint[side] = k = low;
        }

        return (2 * (k - first)) + (u < begin[k] + width[k] ? 0 : 1);
    }

    /// <summary>Tender and receive at an excess as the piece has them, continued beyond its ends; answers d receive / d u.</summary>
    public double Flows(int side, int piece, double u, out double tenders, out double receives)
    {
        int k = firstPiece[side] + (piece >> 1);
        double part = (piece & 1) != 0 ? 1 : (u - begin[k]) / width[k];
        tenders = tenderBefore[k] + (part * tender[k]);
        receives = receivedBefore[k] + (part * received[k]);
        return (piece & 1) != 0 ? 0 : received[k] / width[k];
    }

    /// <summary>The excess at which the piece begins to gain.</summary>
    public double KinkOf(int side, int piece) => kink[firstPiece[side] + (piece >> 1)];

    private void Describe(RoutingPool pool, int leg, int edges)
    {
        if (edgeKink.Length < edges)
        {
            edgeKink = new double[2 * edges];
            edgeTender = new double[2 * edges];
            edgeReceived = new double[2 * edges];
        }

        if (kink.Length < pieces + edges)
            Grow(2 * (pieces + edges));
        pool.DescribePieces(leg, edgeKink, edgeTender, edgeReceived);
    }

    private void Grow(int size)
    {
        Array.Resize(ref kink, size);
        Array.Resize(ref begin, size);
        Array.Resize(ref width, size);
        Array.Resize(ref fill, size);
        Array.Resize(ref tender, size);
        Array.Resize(ref received, size);
        Array.Resize(ref tenderBefore, size);
        Array.Resize(ref receivedBefore, size);
    }
}
