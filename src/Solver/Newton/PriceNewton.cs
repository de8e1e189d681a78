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
internal sealed partial class PriceNewton
{
    private const int MostTrials = 8;

    /// <summary>Solves of the piecewise model per step, and how often in one step a pool may cease to trade.</summary>
    private const int MostModels = 12;
    private const int MostCeasing = 1;

    /// <summary>The same where the direction is first only to tell which tokens have far to go.</summary>
    private const int MostFarModels = 3;

    /// <summary>Steps after which the way through the models is searched, the most models then, the part of the derivative at which one is taken.</summary>
    private const int StepsBeforeSearch = 2;
    private const int MostSearchedModels = 20;
    private const double ModelAccepted = 0.1;
    private const int MostModelTrials = 12;

    /// <summary>Flow at the end of a step, as a part of a token's mean residual, that does not make the model another.</summary>
    private const double NegligibleFlow = 1e-6;

    /// <summary>Flow of pieces that turn, as a part of the residual, for which no step that another follows is found anew; what the last step may leave, as a part of the dual.</summary>
    private const double MostTurned = 0.01;
    private const double LeastLeft = 1e-14;

    /// <summary>Tokens below which a step costs next to nothing to find.</summary>
    private const int LeastTurned = 32;
    private const double LongestStep = 2;
    private const double FarStep = 0.5;

    /// <summary>How far below its reference a token's price is that counts as one of no worth, where tokens may be short by the digits of how full a piece is.</summary>
    private const double LiftedBelow = 5;
    private const double Accepted = 0.3;

    /// <summary>Ends of a search, as a ratio, between which it pays no more to look.</summary>
    private const double ClosedIn = 1.2;
    private const double Grounded = 1e100;

    /// <summary>Weight of idle pools, as a part of that at their kink, where they are to hold nothing.</summary>
    private const double LoosePart = 1e-15;

    /// <summary>Steps that do not halve the residual before kinks are rounded off, how close to the end that must be, and the first width.</summary>
    private const int IdleBeforeSmoothing = 3;
    private const double NearlyThere = 1e-3;
    private const double LeastSmoothing = 1e-9;

    /// <summary>What the roundings of an excess can cost per value turned over, what those of a pool's value can cost relative to it.</summary>
    private const double TurnoverRounding = 4e-15;
    private const double ValueRounding = 4e-14;
    private const double LargestMargin = 1e-11;

    /// <summary>Logarithms of prices to their references, and of a pool's price to the dual's, whose roundings these margins cover; how far an excess may be off by them.</summary>
    private const double FarthestPrice = 8;
    private const double FarthestExcess = 16;
    private const double KinkRounding = 1e-14;
    private const double FarFromKink = 1e-9;
    private const double QuickMargin = 3e-13;
    private const double LeastBound = 1e-3;

    /// <summary>Tokens of few pools are relaxed one by one after a trial, while the residual is above this part of the dual.</summary>
    private const int RelaxedDegree = 32;
    private const double RelaxedResidual = 1e-8;

    /// <summary>Where so many tokens have at least so many pools each the system is laid out as a dense one; there no token has few pools.</summary>
    private const int MostDense = 2048;
    private const int DenseShare = 8;
    private const int LeastDenseDegree = 6;
    private const int SpreadRounds = 1;

    private readonly GroundedLaplacian matrix = new();
    private readonly DenseLaplacian dense = new();
    private bool isDense, stale;
    private readonly CompensatedSums values = new();
    private readonly TreeCrossover crossover;
    private RoutingGraph graph = null!;
    private RoutingPool[] routingPools = [];
    private int count;
    private int[] ceased = [], piece = [], slot = [], part = [], changed = [], turning = [];
    private int turningCount;
    private double slopeAtStart, slopeRise, turnedFlow;
    private double[] z = [], z0 = [], stiffness = [], modelled = [], modelWeight = [], least = [], nu = [], s = [], d = [], level = [], reached = [], way = [];
    private bool relaxes;
    private int idle;
    private bool hasFar;
    private bool[] rests = [], held = [], far = [], grounded = [], loose = [], turns = [], restsBefore = [];

    /// <param name="core">May go over half of the pools.</param>
    public PriceNewton(SecondCore core)
    {
        Pools = new(core);
        crossover = new(this, core);
    }

    public PricedPools Pools { get; }

    public int Iterations { get; private set; }

    /// <summary>Steps after which the method gives up; twice as many where pools have linear pieces.</summary>
    public int MostSteps { get; set; } = 40;

    /// <summary>Sum |s| over the tokens that do not rest.</summary>
    public double Residual { get; private set; }

    /// <summary>s . d, what a full step is predicted to take off the dual, doubled.</summary>
    public double Decrement { get; private set; }

    /// <summary>D at the prices, as far as plain sums tell.</summary>
    public double Dual { get; private set; }

    /// <summary>Per node: nu, whether nu = c.</summary>
    public ReadOnlySpan<double> Price => nu.AsSpan(0, count);

    public bool IsAtValue(int node) => rests[node];

    public TreeCrossover Trade => crossover;

    /// <summary>Lays the arrays; false where the problem has pools that this method does not take.</summary>
    public bool TryLoad(RoutingGraph routingGraph, RoutingPool[] problemPools)
    {
        graph = routingGraph;
        routingPools = problemPools;
        if (!Pools.TryLoad(graph, routingPools))
            return false;
        count = Pools.NodeCount;
        Grow();
        for (int j = 0; j < count; j++)
        {
            part[j] = graph.Part(Pools.GraphNode[j]);
            least[j] = Pools.Value[j] > 0 ? 0 : double.NegativeInfinity;
        }

        LayMatrix();
        return true;
    }

    /// <summary>Takes pools that were replaced, told by their first legs, into arrays that are laid otherwise; where the scales of prices are others as well, all of them.</summary>
    public void Retake(ReadOnlySpan<int> firstLegs, bool isScaledAnew)
    {
        if (isScaledAnew || !Pools.TryRetake(firstLegs))
            Pools.TryLoad(graph, routingPools);
    }

    private void LayMatrix()
    {
        isDense = count <= MostDense && Pools.Count >= LeastDenseDegree / 2 * count && (long)Pools.Count * DenseShare >= (long)count * count;
        if (isDense)
        {
            dense.Begin(count);
            return;
        }

        matrix.Analyze(count, Pools.From.AsSpan(0, Pools.Count), Pools.To.AsSpan(0, Pools.Count));
        for (int p = 0; p < Pools.Count; p++)
            slot[p] = matrix.SlotOfLink(p);
    }

    public void Begin(SolverStart start)
    {
        Iterations = 0;
        crossover.Begin();
        relaxes = !isDense;
        idle = 0;
        Pools.Smoothing = 0;

        // What an earlier trade needed was brought at its prices, where idle pools held nothing: to hold tokens again would only pull the price of one of next to no worth away from there. Sessions, which
        // start from prices and tenders, go on from tokens that are held with less to do.
        Pools.Latent = start.Trades.IsEmpty ? PricedPools.LatentPart : LoosePart;
        OpenRamps(start);
        for (int j = 0; j < count; j++)
        {
            int node = Pools.GraphNode[j];
            double price = Math.Max(graph.Reference[node], Pools.Value[j]);
            if (node < start.Prices.Length && start.Prices[node] is var earlier && earlier > 0 && double.IsFinite(earlier))
                price = Math.Max(earlier, Pools.Value[j]);
            z[j] = price == Pools.Scale[j] ? 0 : Elementary.Log(price / Pools.Scale[j]);
        }

        if (start.IsCold && isDense)
            Spread();
        Settle();
        if (!start.IsCold || isDense)
            return;
        for (int j = 0; j < count; j++)
        {
            if (Pools.IncidentTo(j).Length <= RelaxedDegree)
                Relax(j);
        }

        Settle();
    }

    /// <summary>
    /// Where all tokens have many pools: every token is worth at least what its neighbours' prices, by the depth of the pools between, say. A few rounds of that start the
    /// method where no step has far to go.
    /// </summary>
    private void Spread()
    {
        for (int round = 0; round < SpreadRounds; round++)
        {
            for (int j = 0; j < count; j++)
            {
                nu[j] = PriceAt(j);
                s[j] = d[j] = 0;
            }

            Pools.AddImplied(z, nu, s, d);
            for (int j = 0; j < count; j++)
            {
                double implied = s[j] / d[j];
                if (double.IsFinite(implied))
                    z[j] = Math.Max(least[j], implied);
            }
        }
    }

    /// <summary>
    /// From here on idle pools hold their tokens next to not at all. A token of next to no worth may be what a pool of great profit tenders: until its price has found
    /// the pool that brings it, the prices are as good as proven and no trade is.
    /// </summary>
    public void LoosenIdlePools()
    {
        if (Pools.Latent == LoosePart)
            return;
        crossover.Withdraw();
        Pools.Latent = LoosePart;
        Settle();
    }

    /// <summary>
    /// A token that was of no worth, and is short now, has a price so low that the dual does not feel what it lacks, and no step leads from there: it begins again from its reference.
    /// </summary>
    public void LiftShortTokens()
    {
        ReadOnlySpan<int> tokens = crossover.Unsupplied;
        if (tokens.IsEmpty)
            return;
        crossover.Withdraw();
        foreach (int j in tokens)
        {
            if (Pools.HasLinear && z[j] > -LiftedBelow)
                continue;
            z[j] = Math.Max(z[j], 0);
            Relax(j);
        }

        Settle();
    }

    /// <summary>One step; false when no more comes of it.</summary>
    public bool Step()
    {
        if (Iterations >= (Pools.HasLinear ? 2 * MostSteps : MostSteps))
            return false;
        crossover.Withdraw();
        WidenIfFar();
        if (Iterations < 2 && !isDense)
        {
            bool settled = FindDirection(MostFarModels);
            if (RelaxFarTokens())
                FindDirection(MostModels);
            else if (!settled)
                GoOn(MostModels);
        }
        else
        {
            FindDirection(MostModels);
        }

        Iterations++;
        return Search();
    }

    /// <summary>
    /// D at the given prices, by graph node, that this iterate's were copied to; never below it. Pools that trade add their values without cancellation, with a
    /// margin for the roundings of u on their turnover; the others idle at these prices unless they have a leg left out.
    /// NaN where the margin would be too large a part of it, or the bound next to nothing.
    /// </summary>
    public double UpperBound(ReadOnlySpan<double> prices)
    {
        if (Pools.Smoothing > 0)
            return double.NaN;
        if (Pools.HasLinear)
            return BoundAtKinks(prices);
        FindFar(z);
        double kinks = KinkMargin(), quick = QuickBound(prices);
        double value = double.IsNaN(quick) ? ClosedFormBound(prices) : quick;
        return kinks <= LargestMargin * value ? value + kinks : double.NaN;
    }

    /// <summary>Prices so far out that roundings of their logarithms are larger than the margins suppose: pools at such are valued exactly, as are those of such excesses.</summary>
    private void FindFar(double[] at)
    {
        hasFar = false;
        for (int j = 0; j < count; j++)
        {
            far[j] = !(Math.Abs(at[j]) <= FarthestPrice);
            hasFar |= far[j];
        }
    }

    private bool IsFar(int p) =>
        Pools.Excess[p] > FarthestExcess || (hasFar && (far[Pools.From[p]] || far[Pools.To[p]]) && !(Pools.Excess[p] < -FarFromKink));

    /// <summary>An idle curve whose roundings decide whether it trades: its next piece may be any number of times as deep as the first, so that no weight tells what it may be worth.</summary>
    private bool IsAtKinkOfCurve(int p) => p >= Pools.MeanCount && p < Pools.LinearStart && Pools.Leg[p] < 0 && Math.Abs(Pools.Excess[p]) < KinkRounding;

    /// <summary>What pools within a rounding of their kink may earn more at the exact prices: half their weight times the rounding's square.</summary>
    private double KinkMargin()
    {
        double margin = 0;
        for (int p = 0; p < Pools.Count; p++)
        {
            if (!(Math.Abs(Pools.Excess[p]) < KinkRounding) || !Pools.IsWhole[p] || IsFar(p))
                continue;
            double weight = Math.Max(nu[Pools.To[p]] * Pools.FirstRise(p, 0), nu[Pools.From[p]] * Pools.FirstRise(p, 1));
            margin += weight * (KinkRounding * KinkRounding);
        }

        return margin;
    }

    /// <summary>
    /// The values received less those tendered, where the roundings of either are small against the sum: a trade next to the best one falls short of it in second order only.
    /// </summary>
    private double QuickBound(ReadOnlySpan<double> prices)
    {
        values.Grow(1);
        values.Begin(1);
        double turnover = 0;
        for (int p = 0; p < Pools.MeanCount; p++)
        {
            double into = Pools.WorthTo[p], outOf = Pools.WorthFrom[p];
            if (!Pools.IsWhole[p])
                continue;
            if (IsFar(p))
                return double.NaN;
            if (Pools.Leg[p] < 0)
                continue;
            values.Add(0, into + outOf);
            turnover += (1 + Pools.Excess[p]) * (Math.Abs(into) + Math.Abs(outOf));
        }

        return values[0] > 0 && TurnoverRounding * turnover <= QuickMargin * values[0]
            ? BoundOf(values.Exact(0), turnover, Pools.MeanCount, prices)
            : double.NaN;
    }

    /// <summary>What a pool is worth at prices by graph node, however it was found to trade.</summary>
    private DoubleDouble ExactValue(int p, ReadOnlySpan<double> at) => Certificate.ValueOf(routingPools[graph.LegPool[Pools.GraphLeg[p]]], at);

    private double ClosedFormBound(ReadOnlySpan<double> prices) => BoundOf(DoubleDouble.Zero, 0, 0, prices);

    /// <summary>The bound where the first pools' values and turnover are known.</summary>
    private double BoundOf(DoubleDouble bound, double turnover, int known, ReadOnlySpan<double> prices)
    {
        for (int p = known; p < Pools.Count; p++)
        {
            if (!Pools.IsWhole[p])
                continue;
            if (IsFar(p) || IsAtKinkOfCurve(p))
                bound += ExactValue(p, prices);
            if (Pools.Leg[p] < 0 || IsFar(p))
                continue;
            (int from, int into) = Pools.Leg[p] == 0 ? (Pools.From[p], Pools.To[p]) : (Pools.To[p], Pools.From[p]);
            bound += Pools.Arbitrage(p, nu[from], nu[into]);
            turnover += nu[from] * Pools.Tender[p];
        }

        return BoundOf(bound, turnover, prices);
    }

    /// <summary>The bound where the values of all pools that take part whole are known.</summary>
    private double BoundOf(DoubleDouble bound, double turnover, ReadOnlySpan<double> prices)
    {
        for (int i = 0; i < Pools.PartialCount; i++)
            bound += Certificate.ValueOf(routingPools[Pools.Partial[i]], prices);

        for (int j = 0; j < graph.TokenCount; j++)
        {
            if (graph.Holding[j] > 0)
                bound += DoubleDouble.Sum(prices[j], -graph.Value[j]) * graph.Holding[j];
        }

        double margin = TurnoverRounding * turnover;
        return bound.Hi > LeastBound && margin <= LargestMargin * bound.Hi ? (bound.Hi * (1 + ValueRounding)) + margin : double.NaN;
    }

    public void CopyPrices(Span<double> prices)
    {
        for (int j = 0; j < count; j++)
            prices[Pools.GraphNode[j]] = nu[j];
    }

    /// <summary>Sets every part to its least level and evaluates all pools there.</summary>
    private void Settle()
    {
        SetLevels();
        double dual = 0;
        for (int j = 0; j < count; j++)
        {
            nu[j] = PriceAt(j);
            s[j] = nu[j] * Pools.Holding[j];
            dual += (nu[j] - Pools.Value[j]) * Pools.Holding[j];
        }

        dual += Pools.EvaluateAll(z, nu, s, stiffness);
        double residual = 0;
        for (int j = 0; j < count; j++)
        {
            double toBound = stiffness[j] * (z[j] - least[j]);
            rests[j] = s[j] >= toBound;
            residual += rests[j] ? toBound : Math.Abs(s[j]);
        }

        Dual = dual;
        Residual = residual;
    }

    private double PriceAt(int j) => z[j] <= least[j] ? Pools.Value[j] : Math.Max(Pools.Value[j], Pools.Scale[j] * Elementary.Exp(z[j]));

    /// <summary>
    /// Scaling all prices of a part down only lowers the dual, so the lowest of its tokens touches its bound; where steps went below it the part goes up.
    /// </summary>
    private void SetLevels()
    {
        MeasureLevels();
        for (int j = 0; j < count; j++)
        {
            double above = level[part[j]];
            if (above != 0 && double.IsFinite(above))
                z[j] = z[j] - least[j] == above ? least[j] : Math.Max(least[j], z[j] - above);
        }
    }

    private void MeasureLevels()
    {
        for (int j = 0; j < count; j++)
            level[part[j]] = double.PositiveInfinity;
        for (int j = 0; j < count; j++)
            level[part[j]] = Math.Min(level[part[j]], z[j] - least[j]);
    }

    /// <summary>
    /// The Newton direction of the piecewise linear model in which pools begin and cease to trade and tokens come to rest and leave it: the pieces
    /// are those that the direction itself leads to, found by solving again until none changes; answers whether that was reached.
    /// </summary>
    private bool FindDirection(int mostModels)
    {
        MeasureLevels();
        TakePieces();
        if (Pools.HasLinear)
        {
            SearchLinearModel();
            return true;
        }

        if (Iterations >= StepsBeforeSearch && !isDense)
        {
            SearchModel();
            return true;
        }

        return GoOn(mostModels);
    }

    /// <summary>Goes on from model to model; answers whether it came to where no piece changes.</summary>
    private bool GoOn(int mostModels)
    {
        bool settled = false;
        for (int model = 0; model < mostModels && !settled; model++)
        {
            SolveModel();
            settled = !ChoosePieces() || IsGoodEnough();
        }

        if (Decrement > 0)
            return settled;
        TakePieces();
        for (int j = 0; j < count; j++)
            rests[j] = s[j] >= stiffness[j] * (z[j] - least[j]);
        SolveModel();
        return true;
    }

    /// <summary>
    /// The same near the end, where a few large pools at their kinks would have the pieces change for ever: from one solution of the model to the next only so far as the model's
    /// own derivative along the way allows, with the pieces of where that is.
    /// </summary>
    private void SearchModel()
    {
        double decrement = 0;
        reached.AsSpan(0, count).Clear();
        for (int model = 0; model < MostSearchedModels; model++)
        {
            SolveModel();
            TakeWay();
            TakeSlopes();
            double t = PartOfWay();
            for (int j = 0; j < count; j++)
                d[j] = reached[j] = t == 1 ? d[j] : reached[j] + (t * way[j]);
            ceased.AsSpan(0, Pools.Count).Clear();
            bool changed = ChoosePieces();
            if (!changed && t == 1)
                break;
        }

        for (int j = 0; j < count; j++)
            decrement -= s[j] * d[j];
        Decrement = decrement;
    }

    private void TakeWay()
    {
        for (int j = 0; j < count; j++)
        {
            d[j] = Math.Clamp(d[j], -LongestStep, LongestStep);
            way[j] = d[j] - reached[j];
        }
    }

    /// <summary>Where along the way the model's derivative is next to nothing, or just behind the kink at which it changes its sign.</summary>
    private double PartOfWay()
    {
        double first = ModelSlope(0), low = 0, high = 1, atLow = first, atHigh = ModelSlope(1);
        if (atHigh <= ModelAccepted * Math.Abs(first))
            return 1;
        for (int trial = 0; trial < MostModelTrials && high > 1.05 * low; trial++)
        {
            double secant = low + ((high - low) * Math.Clamp(atLow / (atLow - atHigh), 0.02, 0.98));
            double t = low == 0 ? Math.Min(secant, 0.5 * high) : high > 4 * low ? Math.Sqrt(low * high) : (trial & 1) == 0 ? secant : 0.5 * (low + high);
            double here = ModelSlope(t);
            if (Math.Abs(here) <= ModelAccepted * Math.Abs(first))
                return t;
            if (here < 0)
                (low, atLow) = (t, here);
            else
                (high, atHigh) = (t, here);
        }

        return high;
    }

    /// <summary>
    /// What the pools add to the derivative along the way: those that are on one piece at both of its ends are so in between, and add what is linear in the part of the way;
    /// the others are listed.
    /// </summary>
    private void TakeSlopes()
    {
        slopeAtStart = slopeRise = 0;
        turningCount = 0;
        for (int j = 0; j < count; j++)
            slopeAtStart += s[j] * way[j];
        MarkTurning(reached);
        MarkTurning(d);
        for (int p = 0; p < Pools.Count; p++)
        {
            if (turns[p])
            {
                turns[p] = false;
                turning[turningCount++] = p;
                continue;
            }

            int a = Pools.From[p], b = Pools.To[p];
            double change = reached[b] - reached[a], along = way[b] - way[a], flow = Pools.Weight[p] * along;
            slopeAtStart += flow * change;
            slopeRise += flow * along;
        }
    }

    private void MarkTurning(double[] at)
    {
        int listed = Pools.ListChanged(at, Pools.Piece, changed);
        for (int i = 0; i < listed; i++)
            turns[changed[i]] = true;
    }

    /// <summary>The derivative of the model, with every pool on the piece that it is on there, along the way at the part t of it.</summary>
    private double ModelSlope(double t)
    {
        double slope = slopeAtStart + (t * slopeRise);
        for (int i = 0; i < turningCount; i++)
        {
            int p = turning[i], a = Pools.From[p], b = Pools.To[p], leg = Pools.Leg[p];
            double along = way[b] - way[a], change = reached[b] - reached[a] + (t * along);
            if (p >= Pools.LinearStart)
            {
                slope += LinearSlope(p, change);
                continue;
            }

            int next = Pools.NextLeg(p, change, out double excess);
            if (next == leg)
            {
                slope += Pools.Weight[p] * change * along;
                continue;
            }

            slope -= (Pools.WorthTo[p] * way[b]) + (Pools.WorthFrom[p] * way[a]);
            if (next >= 0)
                slope += nu[next == 0 ? b : a] * Pools.FirstRise(p, next) * excess * (next == 0 ? along : -along);
        }

        return slope;
    }

    /// <summary>Begins a model with the pieces that the pools are on.</summary>
    private void TakePieces()
    {
        Pools.Piece.AsSpan(0, Pools.Count).CopyTo(piece);
        Pools.Weight.AsSpan(0, Pools.Count).CopyTo(modelWeight);
        ceased.AsSpan(0, Pools.Count).Clear();
        s.AsSpan(0, count).CopyTo(modelled);
        LayWeights();
    }

    private void LayWeights()
    {
        stale = false;
        if (isDense)
        {
            dense.Clear();
            for (int p = 0; p < Pools.Count; p++)
                dense.AddWeight(Pools.From[p], Pools.To[p], modelWeight[p]);
            return;
        }

        matrix.Clear();
        for (int p = 0; p < Pools.Count; p++)
            matrix.AddWeight(slot[p], modelWeight[p]);
    }

    private void SolveModel()
    {
        if (stale)
            LayWeights();
        HoldRestingTokens();
        if (isDense)
        {
            dense.Factor(held.AsSpan(0, count));
            dense.Solve(held.AsSpan(0, count), d.AsSpan(0, count));
        }
        else
        {
            matrix.ClearExcess();
            for (int j = 0; j < count; j++)
            {
                if (!held[j])
                    continue;
                matrix.AddExcess(j, Grounded);
                d[j] *= Grounded;
            }

            matrix.Factor();
            matrix.Solve(d.AsSpan(0, count));
        }

        double decrement = 0;
        for (int j = 0; j < count; j++)
        {
            if (rests[j])
                d[j] = least[j] - z[j];
            decrement -= s[j] * Math.Clamp(d[j], -LongestStep, LongestStep);
        }

        Decrement = decrement;
    }

    /// <summary>The model with the pool on another piece.</summary>
    private void SetPiece(int p, int next)
    {
        double before = modelWeight[p];
        AddConstants(p, -1);
        piece[p] = next;
        AddConstants(p, 1);
        stale |= isDense
            ? !dense.TryChange(Pools.From[p], Pools.To[p], before, modelWeight[p])
            : !matrix.TryChange(slot[p], before, modelWeight[p]);
    }

    /// <summary>Adds a pool's value flows at d = 0, as the model's piece has them, and sets its weight.</summary>
    private void AddConstants(int p, int sign)
    {
        int a = Pools.From[p], b = Pools.To[p];
        if (piece[p] == Pools.Piece[p])
        {
            modelWeight[p] = Pools.Weight[p];
            modelled[b] += sign * Pools.WorthTo[p];
            modelled[a] += sign * Pools.WorthFrom[p];
            return;
        }

        double w = Pools.LatentWeight(p, nu[a], nu[b]);
        if (p >= Pools.LinearStart)
        {
            w = Math.Max(w, WorthOn(p, piece[p], 0, out double to, out double outOf));
            modelled[b] += sign * to;
            modelled[a] += sign * outOf;
        }
        else if (piece[p] >= 0)
        {
            int into = piece[p] == 0 ? b : a;
            w = Math.Max(w, nu[into] * Pools.FirstRise(p, piece[p]));
            double flow = sign * w * Pools.ExcessOf(p, piece[p]);
            modelled[into] += flow;
            modelled[a + b - into] -= flow;
        }

        modelWeight[p] = w;
    }

    /// <summary>Tokens at rest, and one of every part that has none, are held; the others get the right side of their row.</summary>
    private void HoldRestingTokens()
    {
        for (int j = 0; j < count; j++)
            grounded[part[j]] = loose[part[j]] = false;
        for (int j = 0; j < count; j++)
        {
            held[j] = rests[j];
            d[j] = rests[j] ? least[j] - z[j] : -modelled[j];
            grounded[part[j]] |= rests[j];
        }

        GroundLoose();
    }

    /// <summary>
    /// Whether pieces turned so little of the residual that the step need not be found anew: one that another follows is off by more than that anyway, and what the last one leaves of the dual is the square
    /// of that part of what it takes off.
    /// </summary>
    private bool IsGoodEnough()
    {
        double part = turnedFlow / Residual;
        return isDense && count >= LeastTurned && Decrement > 0 && part <= MostTurned && (Decrement > RoutingSolver.NewtonDecrement * Dual || part * part * Decrement <= LeastLeft * Dual);
    }

    /// <summary>Takes the pieces that the direction leads to; answers whether any is another than that it was found with.</summary>
    private bool ChoosePieces()
    {
        double negligible = NegligibleFlow * Residual / count;
        turnedFlow = 0;
        bool changes = ChooseRests(negligible);
        int listed = Pools.ListChanged(d, piece, changed);
        for (int i = 0; i < listed; i++)
        {
            int p = changed[i], a = Pools.From[p], b = Pools.To[p];
            int next = Pools.NextLeg(p, d[b] - d[a], out double excess);
            double turned = TurnedFlow(p, next, excess);
            if (turned <= negligible)
                continue;
            if (next < 0 && ++ceased[p] > MostCeasing)
                continue;
            changes = true;
            turnedFlow += turned;
            SetPiece(p, next);
        }

        return changes;
    }

    /// <summary>About the value flow at the end of the direction by which a pool's leg there differs from its model's.</summary>
    private double TurnedFlow(int p, int next, double excess)
    {
        int leg = Math.Max(next, piece[p]);
        return Math.Abs(excess) * nu[leg == 0 ? Pools.To[p] : Pools.From[p]] * Pools.FirstRise(p, leg);
    }

    private bool ChooseRests(double negligible)
    {
        bool changes = false;
        for (int j = 0; j < count; j++)
        {
            double beyond = rests[j] ? -ModelledFlow(j) : least[j] - (z[j] + d[j]);
            bool turns = rests[j] ? !(beyond <= negligible) : beyond > 0 && !loose[part[j]];
            if (!turns)
                continue;
            turnedFlow += rests[j] ? beyond : beyond * stiffness[j];
            rests[j] = !rests[j];
            changes = true;
        }

        return changes;
    }

    /// <summary>Value flow into a token at the end of the direction.</summary>
    private double ModelledFlow(int j)
    {
        if (isDense)
            return modelled[j] + dense.Outflow(j, d.AsSpan(0, count));
        double flow = modelled[j];
        foreach (int p in Pools.IncidentTo(j))
        {
            flow += modelWeight[p] * (d[j] - d[Pools.From[p] + Pools.To[p] - j]);
        }

        return flow;
    }

    /// <summary>A part without a resting token has no level of its own: the token nearest its bound is held.</summary>
    private void GroundLoose()
    {
        for (int j = 0; j < count; j++)
        {
            if (grounded[part[j]] || z[j] - least[j] > level[part[j]])
                continue;
            grounded[part[j]] = loose[part[j]] = held[j] = true;
            d[j] = 0;
        }
    }

    private double Weight(int p)
    {
        double latent = Pools.LatentWeight(p, nu[Pools.From[p]], nu[Pools.To[p]]);
        if (Pools.Leg[p] < 0)
            return latent;
        int into = Pools.Leg[p] == 0 ? Pools.To[p] : Pools.From[p];
        return Math.Max(latent, nu[into] * Pools.Rise[p]);
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
            Settle();
        }

        relaxes = !isDense && !isRecentred && (Residual < 0.5 * before || !relaxes);
        return found;
    }

    /// <summary>Goes along d, relaxing what is easy to relax, to where the derivative along the way there has fallen well below the first.</summary>
    private bool SearchAlong()
    {
        double derivative = 0;
        for (int j = 0; j < count; j++)
        {
            z0[j] = z[j];
            d[j] = Math.Clamp(d[j], -LongestStep, LongestStep);
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
            for (int j = 0; j < count; j++)
                here += s[j] * (z[j] - z0[j]);
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
        for (int j = 0; j < count; j++)
            z[j] = Reached(j, t);
        Settle();
        if (relaxes && Residual > RelaxedResidual * Math.Abs(Dual))
            RelaxAll();
    }

    private double Reached(int j, double t) => loose[part[j]] ? z0[j] + (t * d[j]) : Math.Max(least[j], z0[j] + (t * d[j]));

    private void RelaxAll()
    {
        for (int j = 0; j < count; j++)
        {
            if (Pools.IncidentTo(j).Length <= RelaxedDegree && !rests[j] && Math.Abs(s[j]) > 1e-3 * Residual / count)
                Relax(j);
        }

        Settle();
    }

    private bool RelaxFarTokens()
    {
        bool any = false;
        for (int j = 0; j < count; j++)
        {
            if (!(Math.Abs(d[j]) > FarStep))
                continue;
            Relax(j);
            any = true;
        }

        if (any)
            Settle();
        return any;
    }

    /// <summary>Solves s_j = 0 for z_j alone, or z_j = least where s_j >= 0 there: a safeguarded Newton iteration over the token's pools.</summary>
    private void Relax(int j)
    {
        double low = double.NegativeInfinity, high = double.PositiveInfinity, first = 0;
        for (int i = 0; i < 30; i++)
        {
            nu[j] = PriceAt(j);
            double flow = Pools.Holding[j], turnover = 0, slope = 0;
            foreach (int p in Pools.IncidentTo(j))
            {
                int a = Pools.From[p], b = Pools.To[p];
                Pools.Evaluate(p, z[b] - z[a]);
                slope += Weight(p);
                if (Pools.Leg[p] < 0)
                    continue;
                bool enters = (Pools.Leg[p] == 0 ? b : a) == j;
                flow += enters ? Pools.Received[p] : -Pools.Tender[p];
                turnover += enters ? Pools.Received[p] : Pools.Tender[p];
            }

            double value = flow * nu[j];
            if (i == 0)
                first = Math.Abs(value);
            else if (Math.Abs(value) <= 1e-3 * first)
                return;
            if (Math.Abs(flow) <= 1e-12 * turnover || (z[j] <= least[j] && value >= 0))
                return;
            if (value > 0)
                high = z[j];
            else
                low = z[j];
            double next = z[j] + Math.Clamp(-value / slope, -LongestStep, LongestStep);
            if (!(next > low && next < high))
                next = 0.5 * (low + high);
            if (!double.IsFinite(next))
                return;
            z[j] = Math.Max(least[j], next);
        }
    }

    private void Grow()
    {
        if (z.Length < count)
        {
            int size = Math.Max(count, 2 * z.Length);
            z = new double[size];
            z0 = new double[size];
            stiffness = new double[size];
            modelled = new double[size];
            least = new double[size];
            nu = new double[size];
            s = new double[size];
            d = new double[size];
            reached = new double[size];
            way = new double[size];
            part = new int[size];
            rests = new bool[size];
            restsBefore = new bool[size];
            aligned = new int[size];
            held = new bool[size];
            far = new bool[size];
        }

        if (level.Length < graph.NodeCount)
        {
            int size = Math.Max(graph.NodeCount, 2 * level.Length);
            level = new double[size];
            grounded = new bool[size];
            loose = new bool[size];
        }

        if (slot.Length < Pools.Count)
        {
            int size = Math.Max(Pools.Count, 2 * slot.Length);
            slot = new int[size];
            modelWeight = new double[size];
            piece = new int[size];
            changed = new int[size];
            turning = new int[size];
            turns = new bool[size];
            ceased = new int[size];
        }
    }
}
