using QTrade.Solver.Arithmetic;

namespace QTrade.Solver.Newton;

/// <summary>
/// What pools of constant prices ask of the method. Their flows jump where prices meet a kink, and at the optimum many rest there, filled in part. So a piece fills over a ramp: one that is to be f full
/// where it gains nothing is f + u / w full where it gains u, and wherever that is found to be another part f the ramp is centred on that (the method of multipliers; Hestenes, "Multiplier and
/// gradient methods", 1969; Rockafellar, "Augmented Lagrangians and applications of the proximal point algorithm", 1976). Prices come to the kinks though no ramp is narrow, and ramps that are
/// slow at that are narrowed. In a step the model is solved by an active set: a direction by the pieces of where it begins, and an exact search along it.
/// </summary>
internal sealed partial class PriceNewton
{
    /// <summary>Models of one step, fewer in the first ones that are far from the end, and the parts of a derivative at which a search along one, and along all of them, ends; what of a log price or of a part of the way has no digits left.</summary>
    private const int MostLinearModels = 20;
    private const int FirstLinearModels = 6;
    private const int FirstSteps = 3;
    private const double SearchedPart = 0.2;
    private const double ModelledPart = 1e-4;
    private const int MostSearchTrials = 80;
    private const int MostRestRounds = 6;
    private const double Digits = 1e-15;
    private const double OneDigit = 1.0 / (1L << 52);

    /// <summary>Parts of the dual: the flow of a piece that need not be another, what pieces filled in part may lose, and what others may by prices at kinks.</summary>
    private const double NegligiblePart = 1e-9;
    private const double KinkPart = 1e-7;
    private const double KinkPartFactor = 0.01;
    private const double AlignedPart = 1e-10;

    /// <summary>Steps after which ramps that began narrow are made wide, and residuals, as a part of the dual, for which they are so at once, or after the first steps.</summary>
    private const int MostNarrowSteps = 6;
    private const int FirstNarrowSteps = 2;
    private const double FarthestResidual = 5;
    private const double FarResidual = 0.5;

    private int[] aligned = [];
    private double slopeOfWay;
    private bool isRecentred, areNarrow;
    private double kinkPart;

    /// <summary>Opens the ramps, narrow ones centred on an earlier answer's trades where there is one.</summary>
    private void OpenRamps(SolverStart start)
    {
        isRecentred = Pools.HasLinear && !start.IsCold;
        relaxes &= !isRecentred;
        kinkPart = KinkPart;
        areNarrow = Pools.HasLinear && (!start.Trades.IsEmpty || start.PairTenders.Length > 0);
        if (!Pools.HasLinear)
            return;
        Pools.OpenRamps(areNarrow);
        Pools.FillRamps(start.Trades);
        Pools.FillRamps(start.PairTenders);
        Pools.LayRamps();
    }

    /// <summary>What pools of linear pieces earn by the rounding of one price: their whole depth, by a digit.</summary>
    public double WorthOfADigit()
    {
        double depth = 0;
        for (int p = Pools.LinearStart; p < Pools.Count; p++)
        {
            double forth = nu[Pools.To[p]] * Pools.FirstRise(p, 0), back = nu[Pools.From[p]] * Pools.FirstRise(p, 1);
            depth += Math.Max(double.IsFinite(forth) ? forth : 0, double.IsFinite(back) ? back : 0);
        }

        return depth * OneDigit;
    }

    /// <summary>Centres the ramps on how full the pieces are, and evaluates all pools.</summary>
    public void Recentre() => Recentre(widens: false);

    private void Recentre(bool widens)
    {
        if (!Pools.HasLinear)
            return;
        isRecentred = true;
        crossover.Withdraw();
        Pools.CentreRamps();
        if (widens)
            Pools.WidenRamps();
        areNarrow &= !widens;
        Settle();
    }

    /// <summary>Makes ramps that began narrow wide where more has changed since the answer before than a few pieces' filling.</summary>
    private void WidenIfFar()
    {
        if (areNarrow && (Iterations >= MostNarrowSteps || Residual > (Iterations < FirstNarrowSteps ? FarthestResidual : FarResidual) * Dual))
            Recentre(widens: true);
    }

    /// <summary>Goes on after an attempt that failed: the next is made nearer to the kinks, and on wide ramps where it is far from the answer.</summary>
    public void GoOnFromKinks(bool isFar)
    {
        kinkPart *= KinkPartFactor;
        Recentre(isFar && areNarrow);
    }

    /// <summary>
    /// Puts the prices on the kinks that pieces rest at, so that one filled in part loses nothing: along trees over such pools from tokens at their value, or any. Flows stay as they are. False, and
    /// nothing changed, where pieces are still too far from their kinks.
    /// </summary>
    public bool TryAlign()
    {
        if (!Pools.HasLinear)
            return true;
        double loss = 0;
        for (int p = Pools.LinearStart; p < Pools.Count; p++)
            loss += nu[(Pools.Piece[p] & 1) == 0 ? Pools.From[p] : Pools.To[p]] * Pools.KinkLoss(p);
        if (loss > kinkPart * Math.Abs(Dual))
            return false;
        FollowKinks();
        loss = 0;
        for (int p = 0; p < Pools.LinearStart; p++)
        {
            int a = Pools.From[p], b = Pools.To[p];
            double moved = (z0[b] - z[b]) - (z0[a] - z[a]);
            loss += Pools.Weight[p] * moved * moved;
        }

        if (loss > AlignedPart * Math.Abs(Dual))
            return false;
        for (int j = 0; j < count; j++)
            nu[j] = z0[j] <= least[j] ? Pools.Value[j] : Math.Max(Pools.Value[j], Pools.Scale[j] * Elementary.Exp(z0[j]));
        return true;
    }

    /// <summary>
    /// D at the prices of <see cref="TryAlign"/>, as <see cref="UpperBound"/> tells it. Pools of linear pieces and curves are valued exactly; smooth curves by their flows, where those tell their
    /// values well enough.
    /// </summary>
    private double BoundAtKinks(ReadOnlySpan<double> prices)
    {
        FindFar(z0);
        DoubleDouble bound = DoubleDouble.Zero, quick = DoubleDouble.Zero;
        double turnover = 0, margin = 0, quickTurnover = 0, quickMargin = 0;
        for (int p = 0; p < Pools.Count; p++)
        {
            if (!Pools.IsWhole[p])
                continue;
            if (IsQuickAtKinks(p))
                quick += QuickValue(p, ref quickTurnover, ref quickMargin);
            else
                bound += ValueAtKinks(p, prices, ref turnover, ref margin);
        }

        double value = BoundOf(bound + quick, turnover + quickTurnover, prices);
        if (quickMargin + (TurnoverRounding * quickTurnover) <= QuickMargin * value)
            return margin + quickMargin <= LargestMargin * value ? value + margin + quickMargin : double.NaN;
        for (int p = Pools.MeanCount; p < Pools.LinearStart; p++)
        {
            if (Pools.IsWhole[p] && IsQuickAtKinks(p))
                bound += ValueAtKinks(p, prices, ref turnover, ref margin);
        }

        value = BoundOf(bound, turnover, prices);
        return margin <= LargestMargin * value ? value + margin : double.NaN;
    }

    private bool IsFarAtKinks(int p) => hasFar && (far[Pools.From[p]] || far[Pools.To[p]]);

    private double GapAtKinks(int p) => z0[Pools.To[p]] - z0[Pools.From[p]];

    /// <summary>Whether the pool's flows were found at the prices at the kinks and tell what it is worth there.</summary>
    private bool IsQuickAtKinks(int p) => Pools.TradesSmoothlyAt(p, GapAtKinks(p)) && Pools.Excess[p] <= FarthestExcess && !IsFarAtKinks(p);

    private DoubleDouble QuickValue(int p, ref double turnover, ref double margin)
    {
        bool forth = Pools.Leg[p] == 0;
        double into = nu[forth ? Pools.To[p] : Pools.From[p]] * Pools.Received[p], outOf = nu[forth ? Pools.From[p] : Pools.To[p]] * Pools.Tender[p];
        turnover += (1 + Pools.Excess[p]) * (into + outOf);
        margin += KinkRounding * KinkRounding * Pools.Weight[p];
        return DoubleDouble.Sum(into, -outOf);
    }

    /// <summary>What the pool is worth at the prices at the kinks: pools at far prices, and at prices far from their own, are valued whole.</summary>
    private DoubleDouble ValueAtKinks(int p, ReadOnlySpan<double> prices, ref double turnover, ref double margin)
    {
        double from = nu[Pools.From[p]], to = nu[Pools.To[p]];
        if (IsFarAtKinks(p))
            return ExactValue(p, prices);
        DoubleDouble worth = Pools.ArbitrageAt(p, GapAtKinks(p), from, to, out double u, out double tendered);
        if (u > FarthestExcess)
            return ExactValue(p, prices);
        turnover += tendered;
        if (Math.Abs(u) < KinkRounding && p < Pools.MeanCount)
            margin += KinkRounding * KinkRounding * Math.Max(to * Pools.FirstRise(p, 0), from * Pools.FirstRise(p, 1));
        return worth;
    }

    /// <summary>Sets z0 to the log prices at the kinks.</summary>
    private void FollowKinks()
    {
        z.AsSpan(0, count).CopyTo(z0);
        held.AsSpan(0, count).Clear();
        for (int j = 0; j < count; j++)
        {
            if (rests[j] && !held[j])
                FollowKinksFrom(j);
        }

        for (int j = 0; j < count; j++)
        {
            if (!held[j])
                FollowKinksFrom(j);
        }
    }

    private void FollowKinksFrom(int root)
    {
        int tail = 0;
        held[root] = true;
        aligned[tail++] = root;
        for (int head = 0; head < tail; head++)
        {
            int j = aligned[head];
            foreach (int p in Pools.IncidentTo(j))
            {
                int other = Pools.From[p] + Pools.To[p] - j;
                if (p < Pools.LinearStart || held[other] || rests[other] || !Pools.IsAtKink(p, out double difference))
                    continue;
                z0[other] = Math.Max(least[other], z0[j] + (other == Pools.To[p] ? difference : -difference));
                held[other] = true;
                aligned[tail++] = other;
            }
        }
    }

    /// <summary>
    /// Goes to the least of the piecewise linear model: from where it is in the direction that the pieces there tell, as far as the model's derivative along the way stays negative, and on from there.
    /// </summary>
    private void SearchLinearModel()
    {
        reached.AsSpan(0, count).Clear();
        double first = 0;
        int models = Iterations < FirstSteps ? FirstLinearModels : MostLinearModels;
        for (int model = 0; model < models; model++)
        {
            double most = FindWay();
            double t = ExactPart(most);
            if (model == 0)
                first = -slopeOfWay;
            for (int j = 0; j < count; j++)
                d[j] = reached[j] = t == 1 ? d[j] : reached[j] + (t * way[j]);
            bool met = t == most && most < 1;
            if (met)
                RestWhereAtValue();
            bool changed = ChooseLinearPieces(!met) || met;
            if ((!changed && t == 1) || -slopeOfWay <= ModelledPart * first)
                break;
        }

        double decrement = 0;
        for (int j = 0; j < count; j++)
            decrement -= s[j] * d[j];
        Decrement = decrement;
    }

    /// <summary>
    /// The model's solution and the way to it. Tokens that it takes below their value rest there; where tokens tied by pools at their kinks cannot all do so it goes only until the first does. Answers
    /// that part of the way.
    /// </summary>
    private double FindWay()
    {
        rests.AsSpan(0, count).CopyTo(restsBefore);
        SolveModel();
        RestBelowValue();
        TakeWay();
        TakeSlopes();
        slopeOfWay = ModelSlope(0);
        if (slopeOfWay < 0)
            return 1;
        for (int j = 0; j < count; j++)
            rests[j] = restsBefore[j] && z[j] + reached[j] <= least[j];
        SolveModel();
        TakeWay();
        TakeSlopes();
        slopeOfWay = ModelSlope(0);
        double most = 1;
        for (int j = 0; j < count; j++)
        {
            if (IsBelowValue(j))
                most = Math.Min(most, Math.Max(0, (least[j] - z[j] - reached[j]) / way[j]));
        }

        return most;
    }

    private bool IsBelowValue(int j) => !rests[j] && !loose[part[j]] && z[j] + d[j] < least[j];

    private void RestBelowValue()
    {
        for (int round = 0; round < MostRestRounds; round++)
        {
            bool any = false;
            for (int j = 0; j < count; j++)
            {
                if (IsBelowValue(j))
                    rests[j] = any = true;
            }

            if (!any)
                return;
            SolveModel();
        }
    }

    private void RestWhereAtValue()
    {
        for (int j = 0; j < count; j++)
        {
            if (rests[j] || loose[part[j]] || !(z[j] + d[j] <= least[j] + Digits))
                continue;
            rests[j] = true;
            d[j] = reached[j] = least[j] - z[j];
        }
    }

    /// <summary>Where the model's derivative along the way has come to next to nothing, at most <paramref name="most"/>: by the secant rule, bisections in between.</summary>
    private double ExactPart(double most)
    {
        double low = 0, high = most, atLow = slopeOfWay, atHigh = ModelSlope(most);
        if (atHigh <= ModelAccepted * Math.Abs(slopeOfWay))
            return most;
        double enough = SearchedPart * Math.Abs(slopeOfWay);
        for (int trial = 0; trial < MostSearchTrials && high - low > Digits * high; trial++)
        {
            double t = trial % 3 == 2 ? 0.5 * (low + high) : low + ((high - low) * (atLow / (atLow - atHigh)));
            if (!(t > low && t < high))
                t = 0.5 * (low + high);
            double here = ModelSlope(t);
            if (Math.Abs(here) <= enough)
                return t;
            double eased = trial % 3 == 1 ? 0.5 : 1;
            if (here < 0)
                (low, atLow, atHigh) = (t, here, eased * atHigh);
            else
                (high, atHigh, atLow) = (t, here, eased * atLow);
        }

        return high;
    }

    /// <summary>What a linear pool's flows add to the derivative along the way beyond those that the residuals have.</summary>
    private double LinearSlope(int p, double change)
    {
        WorthOn(p, Pools.PieceAt(p, change), change, out double to, out double outOf);
        return ((to - Pools.WorthTo[p]) * way[Pools.To[p]]) + ((outOf - Pools.WorthFrom[p]) * way[Pools.From[p]]);
    }

    /// <summary>
    /// The value that a linear pool on a piece brings to its second and to its first token where the second's z rises by <paramref name="change"/> against the first one's; answers the edge's weight.
    /// </summary>
    private double WorthOn(int p, int on, double change, out double to, out double outOf)
    {
        to = outOf = 0;
        if (on < 0)
            return 0;
        double rise = Pools.FlowsOn(p, on, change, out double tender, out double received);
        bool forth = (on & 1) == 0;
        double into = nu[forth ? Pools.To[p] : Pools.From[p]], from = nu[forth ? Pools.From[p] : Pools.To[p]];
        (to, outOf) = forth ? (into * received, -from * tender) : (-from * tender, into * received);
        return into * rise;
    }

    /// <summary>Takes the pieces at the end of the direction, and the tokens that rest there unless some came to their value only now; answers whether any is another.</summary>
    private bool ChooseLinearPieces(bool andRests)
    {
        double negligible = NegligiblePart * Math.Abs(Dual);
        int listed = Pools.ListChanged(d, piece, changed);
        bool any = false;
        for (int i = 0; i < listed; i++)
            any |= TakePiece(changed[i], negligible);
        return (andRests && ChooseRests(negligible)) || any;
    }

    private bool TakePiece(int p, double negligible)
    {
        double change = d[Pools.To[p]] - d[Pools.From[p]];
        int next;
        if (p < Pools.LinearStart)
        {
            next = Pools.NextLeg(p, change, out double excess);
            if (TurnedFlow(p, next, excess) <= negligible)
                return false;
        }
        else
        {
            next = Pools.PieceAt(p, change);
            WorthOn(p, piece[p], change, out double before, out _);
            WorthOn(p, next, change, out double after, out _);
            if (Math.Abs(after - before) <= negligible)
                return false;
        }

        SetPiece(p, next);
        return true;
    }
}
