using QTrade.Solver.Arithmetic;

namespace QTrade.Solver.Newton;

/// <summary>
/// Projected semismooth Newton (Qi, Sun, "A nonsmooth version of Newton's method", 1993; projection as in Bertsekas, "Projected Newton methods", 1982) on the
/// dual of the routing problem,
/// <code>
///     minimize D(nu) over nu >= c,    nu = S e^z,    dD/dz_j = s_j = nu_j (psi_j + h_j)
/// </code>
/// in log prices, where a pool that trades is a Laplacian edge of weight W = nu_out d receive / d u between its tokens. A token with s_j >= H_jj (z_j - least_j) rests at
/// its value (the primal-dual active set of Hintermueller, Ito, Kunisch, 2003); pools that idle keep a latent weight, so that idle tokens move with their
/// neighbours. A step does not take the pieces of the model from where it begins but from where it leads: the model is solved again with the pools that would begin or cease
/// to trade on the way, which costs a factorization and no evaluation. The line search looks at the derivative s . (z - z0) only: values of D run out of digits first.
/// </summary>
internal sealed class PriceNewton
{
    private const int MostTrials = 8;

    /// <summary>Solves of the piecewise model per step.</summary>
    private const int MostModels = 12;

    /// <summary>The same where the direction is first only to tell which tokens have far to go.</summary>
    private const int MostFarModels = 3;
    private const int FirstSteps = 2;
    private const double FarStep = 0.5;

    /// <summary>Steps after which the way through the models is searched.</summary>
    private const int StepsBeforeSearch = 2;

    /// <summary>How far below its reference a token's price is that counts as one of no worth, where tokens may be short by the digits of how full a piece is.</summary>
    private const double LiftedBelow = 5;
    private const double Accepted = 0.3;

    /// <summary>Ends of a search, as a ratio, between which it pays no more to look.</summary>
    private const double ClosedIn = 1.2;

    /// <summary>Weight of idle pools, as a part of that at their kink, where they are to hold nothing.</summary>
    private const double LoosePart = 1e-15;

    /// <summary>Steps that do not halve the residual before kinks are rounded off, how close to the end that must be, and the first width.</summary>
    private const int IdleBeforeSmoothing = 3;
    private const double NearlyThere = 1e-3;
    private const double LeastSmoothing = 1e-9;

    /// <summary>Tokens are relaxed one by one after a trial while the residual is above this part of the dual, those with more than a part of the mean residual.</summary>
    private const double RelaxedResidual = 1e-8;
    private const double RelaxedPart = 1e-3;

    private const int SpreadRounds = 1;

    /// <summary>Residuals, as a part of the dual, for which ramps that began narrow are made wide at once, or after the first steps.</summary>
    private const int FirstNarrowSteps = 2;
    private const double FarthestResidual = 5;
    private const double FarResidual = 0.5;

    /// <summary>What of a price is its last digit.</summary>
    private const double OneDigit = 1.0 / (1L << 52);

    private readonly PriceIterate at;
    private readonly PieceModel model;
    private readonly ModelWay way;
    private readonly ModelSearch search;
    private readonly LinearModelSearch linearSearch;
    private readonly KinkPrices kinks;
    private readonly DualBound bound;
    private readonly TokenRelaxation relaxation;
    private RoutingGraph graph = null!;
    private RoutingPool[] routingPools = [];
    private double[] start = [];
    private bool relaxes, isRecentred, areNarrow;
    private int idle;

    /// <param name="core">May go over half of the pools.</param>
    public PriceNewton(SecondCore core)
    {
        Pools = new(core);
        at = new(Pools);
        model = new(Pools, at);
        way = new(Pools, at, model);
        search = new(model, way);
        linearSearch = new(Pools, at, model, way);
        kinks = new(Pools, at);
        bound = new(Pools, at, kinks);
        relaxation = new(Pools, at);
        Trade = new(this, core);
    }

    public PricedPools Pools { get; }

    /// <summary>Makes trades of the flows at the prices.</summary>
    public TreeCrossover Trade { get; }

    public int Iterations { get; private set; }

    /// <summary>Steps after which the method gives up; twice as many where pools have linear pieces.</summary>
    public int MostSteps { get; set; } = 40;

    /// <summary>Sum |s| over the tokens that do not rest.</summary>
    public double Residual => at.Residual;

    /// <summary>s . d, what a full step is predicted to take off the dual, doubled.</summary>
    public double Decrement => model.Decrement;

    /// <summary>D at the prices, as far as plain sums tell.</summary>
    public double Dual => at.Dual;

    /// <summary>Per node: nu, whether nu = c.</summary>
    public ReadOnlySpan<double> Price => at.Nu.AsSpan(0, at.Count);

    public bool IsAtValue(int node) => at.Rests[node];

    /// <summary>Lays the arrays; false where the problem has pools that this method does not take.</summary>
    public bool TryLoad(RoutingGraph routingGraph, RoutingPool[] problemPools)
    {
        graph = routingGraph;
        routingPools = problemPools;
        if (!Pools.TryLoad(graph, routingPools))
            return false;
        at.Load(graph);
        model.Load();
        way.Load();
        linearSearch.Load();
        kinks.Load();
        bound.Load(graph, routingPools);
        if (start.Length < at.Count)
            start = new double[Math.Max(at.Count, 2 * start.Length)];
        return true;
    }

    /// <summary>Takes pools that were replaced, told by their first legs, into arrays that are laid otherwise; where the scales of prices are others as well, all of them.</summary>
    public void Retake(ReadOnlySpan<int> firstLegs, bool isScaledAnew)
    {
        if (isScaledAnew || !Pools.TryRetake(firstLegs))
            Pools.TryLoad(graph, routingPools);
    }

    /// <summary>Begins at the references' prices, or an earlier answer's.</summary>
    public void Begin(SolverStart from)
    {
        Iterations = 0;
        Trade.Begin();
        kinks.Begin();
        relaxes = !model.IsDense;
        idle = 0;
        Pools.Smoothing = 0;

        // What an earlier trade needed was brought at its prices, where idle pools held nothing: to hold tokens again would only pull the price of one of next to no worth away from there. Sessions, which
        // start from prices and tenders, go on from tokens that are held with less to do.
        Pools.Latent = from.Trades.IsEmpty ? PricedPools.LatentPart : LoosePart;
        OpenRamps(from);
        for (int j = 0; j < at.Count; j++)
        {
            int node = Pools.GraphNode[j];
            double price = Math.Max(graph.Reference[node], Pools.Value[j]);
            if (node < from.Prices.Length && from.Prices[node] is var earlier && earlier > 0 && double.IsFinite(earlier))
                price = Math.Max(earlier, Pools.Value[j]);
            at.Z[j] = price / Pools.Scale[j];
        }

        Lanes.LogAll(at.Z.AsSpan(0, at.Count));

        if (from.IsCold && model.IsDense)
            Spread();
        at.Settle();
        if (!from.IsCold || model.IsDense)
            return;
        relaxation.RelaxAll();
        at.Settle();
    }

    /// <summary>Opens the ramps, narrow ones centred on an earlier answer's trades where there is one.</summary>
    private void OpenRamps(SolverStart from)
    {
        isRecentred = Pools.HasLinear && !from.IsCold;
        relaxes &= !isRecentred;
        areNarrow = Pools.HasLinear && (!from.Trades.IsEmpty || from.PairTenders.Length > 0);
        if (!Pools.HasLinear)
            return;
        Pools.OpenRamps(areNarrow);
        Pools.FillRamps(from.Trades);
        Pools.FillRamps(from.PairTenders);
        Pools.LayRamps();
    }

    /// <summary>
    /// Where all tokens have many pools: every token is worth at least what its neighbours' prices, by the depth of the pools between, say. A few rounds of that start the
    /// method where no step has far to go.
    /// </summary>
    private void Spread()
    {
        for (int round = 0; round < SpreadRounds; round++)
        {
            for (int j = 0; j < at.Count; j++)
            {
                at.Nu[j] = at.PriceAt(j);
                at.S[j] = at.Stiffness[j] = 0;
            }

            Pools.AddImplied(at.Z, at.Nu, at.S, at.Stiffness);
            for (int j = 0; j < at.Count; j++)
            {
                double implied = at.S[j] / at.Stiffness[j];
                if (double.IsFinite(implied))
                    at.Z[j] = Math.Max(at.Least[j], implied);
            }
        }
    }

    /// <summary>One step; false when no more comes of it.</summary>
    public bool Step()
    {
        if (Iterations >= (Pools.HasLinear ? 2 * MostSteps : MostSteps))
            return false;
        Trade.Withdraw();
        WidenIfFar();
        if (Iterations < FirstSteps && !model.IsDense)
        {
            bool settled = FindDirection(MostFarModels);
            if (RelaxFarTokens())
                FindDirection(MostModels);
            else if (!settled)
                model.GoOn(MostModels);
        }
        else
        {
            FindDirection(MostModels);
        }

        Iterations++;
        return Search();
    }

    /// <summary>
    /// The Newton direction of the piecewise linear model in which pools begin and cease to trade and tokens come to rest and leave it: the pieces
    /// are those that the direction itself leads to, found by solving again until none changes; answers whether that was reached.
    /// </summary>
    private bool FindDirection(int mostModels)
    {
        at.MeasureLevels();
        model.TakePieces();
        if (Pools.HasLinear)
            linearSearch.Run(Iterations);
        else if (Iterations >= StepsBeforeSearch && !model.IsDense)
            search.Run();
        else
            return model.GoOn(mostModels);
        return true;
    }

    /// <summary>
    /// One line search. Where it does not halve the residual the next one goes without relaxations, as two tokens tied by a large pool at its kink would undo each
    /// other's for ever; where that does not help, kinks are rounded off.
    /// </summary>
    private bool Search()
    {
        double before = Residual;
        bool found = SearchAlong();
        idle = Residual < 0.5 * before ? 0 : idle + 1;
        if (idle == IdleBeforeSmoothing && !Pools.HasLinear && Decrement < NearlyThere * Math.Abs(Dual))
        {
            idle = 0;
            Pools.Smoothing = Math.Max(LeastSmoothing, 10 * Pools.Smoothing);
            at.Settle();
        }

        relaxes = !model.IsDense && !isRecentred && (Residual < 0.5 * before || !relaxes);
        return found;
    }

    /// <summary>Goes along d, relaxing what is easy to relax, to where the derivative along the way there has fallen well below the first.</summary>
    private bool SearchAlong()
    {
        double[] d = model.Direction, s = at.S, z = at.Z;
        double derivative = 0;
        for (int j = 0; j < at.Count; j++)
        {
            start[j] = z[j];
            d[j] = Math.Clamp(d[j], -PieceModel.LongestStep, PieceModel.LongestStep);
            derivative += s[j] * (Reached(j, 1) - z[j]);
        }

        if (!double.IsFinite(derivative))
            return false;
        double first = Residual, dual = Dual;
        double t = 1, low = 0, high = double.PositiveInfinity, atLow = derivative, atHigh = 0;
        double enough = Accepted * Math.Abs(derivative);
        for (int trial = 0; trial < MostTrials; trial++)
        {
            Go(t);
            double here = 0;
            for (int j = 0; j < at.Count; j++)
                here += s[j] * (z[j] - start[j]);
            here /= t;
            if ((Residual < 0.5 * first && Dual <= dual * (1 + 1e-9)) || (here <= enough && (here >= -enough || t == 1)))
                break;
            if (here > enough)
                (high, atHigh) = (t, here);
            else
                (low, atLow) = (t, here);
            if (low == 0)
                t *= Math.Clamp(derivative / (derivative - here), 0.05, 0.6);
            else if (high < ClosedIn * low)
                break;
            else
                t = (trial & 1) == 0 ? Math.Sqrt(low * high) : low + ((high - low) * Math.Clamp(atLow / (atLow - atHigh), 0.05, 0.95));
        }

        return double.IsFinite(Residual);
    }

    private void Go(double t)
    {
        for (int j = 0; j < at.Count; j++)
            at.Z[j] = Reached(j, t);
        at.Settle();
        if (!relaxes || !(Residual > RelaxedResidual * Math.Abs(Dual)))
            return;
        relaxation.RelaxAll(RelaxedPart * Residual / at.Count);
        at.Settle();
    }

    private double Reached(int j, double t)
    {
        double z = start[j] + (t * model.Direction[j]);
        return model.IsLoose(j) ? z : Math.Max(at.Least[j], z);
    }

    private bool RelaxFarTokens()
    {
        bool any = false;
        for (int j = 0; j < at.Count; j++)
        {
            if (!(Math.Abs(model.Direction[j]) > FarStep))
                continue;
            relaxation.Relax(j);
            any = true;
        }

        if (any)
            at.Settle();
        return any;
    }

    /// <summary>
    /// From here on idle pools hold their tokens next to not at all. A token of next to no worth may be what a pool of great profit tenders: until its price has found
    /// the pool that brings it, the prices are as good as proven and no trade is.
    /// </summary>
    public void LoosenIdlePools()
    {
        if (Pools.Latent == LoosePart)
            return;
        Trade.Withdraw();
        Pools.Latent = LoosePart;
        at.Settle();
    }

    /// <summary>
    /// A token that was of no worth, and is short now, has a price so low that the dual does not feel what it lacks, and no step leads from there: it begins again from its reference.
    /// </summary>
    public void LiftShortTokens()
    {
        ReadOnlySpan<int> tokens = Trade.Unsupplied;
        if (tokens.IsEmpty)
            return;
        Trade.Withdraw();
        foreach (int j in tokens)
        {
            if (Pools.HasLinear && at.Z[j] > -LiftedBelow)
                continue;
            at.Z[j] = Math.Max(at.Z[j], 0);
            relaxation.Relax(j);
        }

        at.Settle();
    }

    /// <summary>Centres the ramps on how full the pieces are, and evaluates all pools.</summary>
    public void Recentre() => Recentre(widens: false);

    private void Recentre(bool widens)
    {
        if (!Pools.HasLinear)
            return;
        isRecentred = true;
        Trade.Withdraw();
        Pools.CentreRamps();
        if (widens)
            Pools.WidenRamps();
        areNarrow &= !widens;
        at.Settle();
    }

    /// <summary>Makes ramps that began narrow wide where more has changed since the answer before than a few pieces' filling.</summary>
    private void WidenIfFar()
    {
        if (areNarrow && Residual > (Iterations < FirstNarrowSteps ? FarthestResidual : FarResidual) * Dual)
            Recentre(widens: true);
    }

    /// <summary>Goes on after an attempt that failed: the next is made nearer to the kinks, and on wide ramps where it is far from the answer.</summary>
    public void GoOnFromKinks(bool isFar)
    {
        kinks.ComeNearer();
        Recentre(isFar && areNarrow);
    }

    /// <summary>Puts the prices on the kinks that linear pieces rest at, if there are any. False, and nothing changed, where that would put the bound too far above the dual, see <see cref="KinkPrices.TryAlign"/>.</summary>
    /// <param name="enough">By how much it may be above it.</param>
    public bool TryAlign(double enough) => !Pools.HasLinear || kinks.TryAlign(enough);

    /// <summary>By how much, about, the bound at the kinks is above the dual; 0 where there are no linear pieces.</summary>
    public double KinkLoss => Pools.HasLinear ? kinks.Loss : 0;

    /// <summary>D at the given prices, by graph node, that this iterate's were copied to, as <see cref="DualBound.At"/> tells it.</summary>
    public double UpperBound(ReadOnlySpan<double> prices) => bound.At(prices);

    public void CopyPrices(Span<double> prices)
    {
        for (int j = 0; j < at.Count; j++)
            prices[Pools.GraphNode[j]] = at.Nu[j];
    }

    /// <summary>What pools of linear pieces earn by the rounding of one price: their whole depth, by a digit.</summary>
    public double WorthOfADigit()
    {
        double depth = 0;
        for (int p = Pools.LinearStart; p < Pools.Count; p++)
        {
            double forth = at.Nu[Pools.To[p]] * Pools.FirstRise(p, 0), back = at.Nu[Pools.From[p]] * Pools.FirstRise(p, 1);
            depth += Math.Max(double.IsFinite(forth) ? forth : 0, double.IsFinite(back) ? back : 0);
        }

        return depth * OneDigit;
    }
}
