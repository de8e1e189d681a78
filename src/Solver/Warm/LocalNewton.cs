using QTrade.Solver.Arithmetic;

namespace QTrade.Solver.Warm;

/// <summary>
/// Projected semismooth Newton on the dual over a few tokens, the prices of all others held: steps, rests and pieces as in <see cref="Newton.PriceNewton"/>. A pool to a token outside is an excess on
/// the diagonal, so that the system is never larger than the neighbourhood, which grows by the tokens that the last step left with more than a tolerable residual; once it has a part of the market's pools it is
/// the market.
/// </summary>
internal sealed class LocalNewton(MarketState state)
{
    private const int MostSteps = 14;

    /// <summary>Pools of the neighbourhood, as a part of the market's and beside, from which on it is the market: hubs would join everything ring by ring, and the steps of the rings would be in vain.</summary>
    private const double MostPools = 0.1;
    private const int FewPools = 40;

    /// <summary>Steps over the market before a solve in full does it better.</summary>
    private const int MostWholeSteps = 6;
    private const int MostModels = 10;

    /// <summary>The same where the direction is first only to tell which tokens have far to go.</summary>
    private const int MostFarModels = 3;
    private const int MostCeasing = 1;
    private const int MostTrials = 7;
    private const double NegligibleFlow = 1e-6;
    private const double LongestStep = 2;
    private const double FarStep = 0.5;
    private const int MostRelaxations = 30;
    private const double RelaxedPart = 1e-3;
    private const double Accepted = 0.3;
    private const double Grounded = 1e100;

    /// <summary>What a step takes off the dual at most, as a part of what is tolerated, where no further one is worth it: residuals that are left then lie within the digits of the prices, at kinks.</summary>
    private const double NothingGained = 1e-3;

    /// <summary>
    /// Tokens up to which the system is factored as a full triangle; pools of every token from which on elimination would fill larger ones up. These are factored as a full triangle in lanes where that takes, per
    /// pool, no more operations than this, and solved by conjugate gradients else.
    /// </summary>
    private const int MostDense = 24;
    private const int ManyPools = 4;
    private const int FewOperations = 400;
    private const int MostInLanes = 2048;
    private const int MostGradients = 60;
    private const double GradientTolerance = 1e-4;

    private readonly JoinedPools near = new(), market = new();
    private readonly DenseLaplacian lanes = new();
    private readonly double[] dense = new double[MostDense * MostDense];
    private readonly double[] denseExcess = new double[MostDense];
    private int[] tokens = [], localOf = [], rim = [], rimMark = [];
    private int[] pools = [], poolMark = [], first = [], second = [], leg = [], piece = [], ceased = [], from = [], into = [];
    private double[] d = [], s = [], room = [], start = [], modelled = [], atEnd = [], stiffness = [], excess = [], weight = [], modelWeight = [];
    private bool[] rests = [], stays = [], isHeld = [];
    private WarmGains[] gains = [];
    private int count, poolCount, rimCount, stamp, analyzed;
    private bool isWhole, isLaid;

    // What the steps go over: one of the two, whose arrays the fields above are.
    private JoinedPools joined = new();

    // The tokens that the market's pools were numbered for, and in which layout of the state.
    private int[] marketTokens = [];
    private int marketCount, marketLayout = -1;
    private double[] residuals = [], along = [], product = [], diagonal = [];
    private double decrement, residual, left;

    /// <summary>Steps since <see cref="Begin"/>.</summary>
    public int Steps { get; private set; }

    public int TokenCount => count;

    public int TokenAt(int i) => tokens[i];

    /// <summary>Begins with no tokens.</summary>
    public void Begin()
    {
        if (localOf.Length < state.TokenCount || poolMark.Length < state.Pools.Count)
            Grow();
        for (int i = 0; i < count; i++)
            localOf[tokens[i]] = -1;
        count = poolCount = rimCount = 0;
        isWhole = false;
        GoOver(near);
        analyzed = -1;
        stamp++;
        Steps = 0;
    }

    public bool Has(int token) => localOf[token] >= 0;

    /// <summary>Takes a token and its pools in.</summary>
    public void Add(int j)
    {
        localOf[j] = count;
        tokens[count++] = j;
        for (int q = state.FirstIncident[j]; q < state.FirstIncident[j + 1]; q++)
        {
            int p = state.Incident[q];
            if (poolMark[p] == stamp)
                continue;
            poolMark[p] = stamp;
            pools[poolCount++] = p;
            int other = state.OtherEnd[q];
            if (rimMark[other] == stamp)
                continue;
            rimMark[other] = stamp;
            rim[rimCount++] = other;
        }
    }

    private void GoOver(JoinedPools chosen)
    {
        joined = chosen;
        (pools, first, second) = (chosen.Pools, chosen.First, chosen.Second);
    }

    /// <summary>Takes in all tokens whose pools feel their prices, and all pools, in the problem's order. Which these are, and how they are joined, follows from the tokens, which are mostly those of the time before.</summary>
    private void AddAll()
    {
        isWhole = true;
        analyzed = -1;
        count = poolCount = 0;
        for (int j = 0; j < state.TokenCount; j++)
        {
            if (!Has(j) && !(state.Price[j] > 0 && state.Tokens[j].Weight > 0))
                continue;
            localOf[j] = count;
            tokens[count++] = j;
        }

        GoOver(market);
        if (marketLayout == state.Layout && tokens.AsSpan(0, count).SequenceEqual(marketTokens.AsSpan(0, marketCount)))
        {
            poolCount = market.Count;
            analyzed = count;
            if (market.IsInLanes)
                lanes.Begin(count + 1);
            return;
        }

        marketLayout = -1;
        for (int p = 0; p < state.Pools.Count; p++)
        {
            if (Has(state.Pools[p].First) || Has(state.Pools[p].Second))
                pools[poolCount++] = p;
        }
    }

    /// <summary>Steps until no token of the neighbourhood and none at its rim has more energy left than <paramref name="tolerated"/>. False where this takes more than the steps allowed.</summary>
    public bool Run(double tolerated)
    {
        int models = MostModels;
        for (int step = 0, wholeSteps = 0; step < MostSteps && wholeSteps < MostWholeSteps; step++)
        {
            if (poolCount > (MostPools * state.Pools.Count) + FewPools && wholeSteps++ == 0)
                AddAll();
            Settle();
            bool settled = FindDirection(Math.Min(models, MostFarModels));
            if (RelaxFarTokens())
            {
                Settle();
                FindDirection(models);
            }
            else if (!settled && models > MostFarModels)
            {
                GoOn(models);
            }

            TakePlainDirectionIfNone();
            if (!Search())
                return false;

            // Where models went round from piece to piece and ended at none, the way from the one that the pools are on leads on.
            models = left < 0.5 * residual || models < MostModels ? MostModels : 1;
            Steps++;
            int known = count;
            if (!GrowsOrGoesOn(tolerated) || (count == known && decrement <= NothingGained * tolerated))
                return true;
        }

        return false;
    }

    /// <summary>
    /// Tokens that the direction takes far have almost no curvature where they are, as their pools are used up: their own balance is solved for their price alone, or the common step would be
    /// their length, and prices could run off to where nothing tells that they are wrong.
    /// </summary>
    private bool RelaxFarTokens()
    {
        bool any = false;
        for (int i = 0; i < count; i++)
        {
            if (!(Math.Abs(d[i]) > FarStep))
                continue;
            Relax(tokens[i]);
            any = true;
        }

        return any;
    }

    private void Relax(int j)
    {
        double low = 0, high = double.PositiveInfinity, least = 0;
        for (int i = 0; i < MostRelaxations; i++)
        {
            double price = state.Price[j], turnover = 0, slope = 0;
            double flow = state.Tokens[j].Holding;
            for (int q = state.FirstIncident[j]; q < state.FirstIncident[j + 1]; q++)
            {
                ref WarmPool pool = ref state.Pools[state.Incident[q]];
                double part = pool.FlowOf(j);
                flow += part;
                turnover += Math.Abs(part);
                slope += pool.Weight;
            }

            double value = flow * price;
            if (i == 0)
                least = RelaxedPart * Math.Abs(value);
            else if (Math.Abs(value) <= least)
                return;
            if (Math.Abs(flow) <= 1e-12 * turnover || (state.IsAtValue(j) && value >= 0))
                return;
            if (value > 0)
                high = price;
            else
                low = price;
            double next = price * Elementary.Exp(Math.Clamp(-value / slope, -LongestStep, LongestStep));
            if (!(next > low && next < high))
                next = Math.Sqrt(low) * Math.Sqrt(high);
            if (!(next > 0 && double.IsFinite(next)))
                return;
            next = Math.Max(state.Tokens[j].Value, next);
            if (next == price)
                return;
            state.Price[j] = next;
            for (int q = state.FirstIncident[j]; q < state.FirstIncident[j + 1]; q++)
                state.EvaluateCarried(state.Incident[q]);
        }
    }

    /// <summary>Whether a token still has more energy than is tolerated; those at the rim are taken in.</summary>
    private bool GrowsOrGoesOn(double tolerated)
    {
        bool goesOn = false;
        for (int i = 0; i < count; i++)
        {
            state.Measure(tokens[i]);
            goesOn |= state.Energy[tokens[i]] > tolerated;
        }

        if (isWhole)
            return TakesInMore(tolerated) || goesOn;
        int known = rimCount;
        for (int i = 0; i < known; i++)
        {
            int j = rim[i];
            if (Has(j))
                continue;
            state.Measure(j);
            if (!(state.Energy[j] > tolerated))
                continue;
            Add(j);
            goesOn = true;
        }

        return goesOn;
    }

    /// <summary>Whether pools of tokens that were left out of the market began to trade; takes these in.</summary>
    private bool TakesInMore(double tolerated)
    {
        bool any = false;
        for (int j = 0; j < state.TokenCount && !any; j++)
        {
            if (Has(j))
                continue;
            state.Measure(j);
            any = state.Energy[j] > tolerated;
        }

        if (any)
            AddAll();
        return any;
    }

    /// <summary>Numbers the ends of the pools and takes down where the step begins.</summary>
    private void Settle()
    {
        if (analyzed != count)
        {
            int links = 0;
            for (int l = 0; l < poolCount; l++)
            {
                ref WarmPool pool = ref state.Pools[pools[l]];
                first[l] = localOf[pool.First];
                second[l] = localOf[pool.Second];
                if (first[l] < 0 || second[l] < 0)
                    continue;
                from[links] = first[l];
                into[links++] = second[l];
            }

            joined.IsWellJoined = count > MostDense && AllHaveMany(links);
            joined.IsInLanes = joined.IsWellJoined && count <= MostInLanes && (long)count * count * count <= (long)FewOperations * links;
            if (joined.IsInLanes)
                lanes.Begin(count + 1);
            if (count > MostDense && !joined.IsWellJoined)
                Analyze(links);
            if (isWhole)
                KeepMarket();
            analyzed = count;
        }

        for (int i = 0; i < count; i++)
            stiffness[i] = 0;
        for (int l = 0; l < poolCount; l++)
        {
            ref WarmPool pool = ref state.Pools[pools[l]];
            double w = pool.Weight;
            leg[l] = pool.Leg;
            weight[l] = w;
            if (first[l] >= 0)
                stiffness[first[l]] += w;
            if (second[l] >= 0)
                stiffness[second[l]] += w;
        }

        residual = 0;
        for (int i = 0; i < count; i++)
        {
            int j = tokens[i];
            ref WarmToken token = ref state.Tokens[j];
            double price = state.Price[j];
            start[i] = price;
            s[i] = price * token.Flow;
            room[i] = token.IsAt(price) ? 0 : token.Value > 0 ? Elementary.Log(token.Value / price) : double.NegativeInfinity;
            rests[i] = s[i] >= -stiffness[i] * room[i];
            residual += rests[i] ? -stiffness[i] * room[i] : Math.Abs(s[i]);
            token.Weight = stiffness[i];
            state.Overwrite(j);
        }
    }

    /// <summary>Finds an order of elimination.</summary>
    private void Analyze(int links)
    {
        joined.Matrix.Analyze(count, from.AsSpan(0, links), into.AsSpan(0, links));
        int link = 0;
        for (int l = 0; l < poolCount; l++)
            joined.Slot[l] = first[l] >= 0 && second[l] >= 0 ? joined.Matrix.SlotOfLink(link++) : -1;
    }

    private void KeepMarket()
    {
        market.Count = poolCount;
        tokens.AsSpan(0, count).CopyTo(marketTokens);
        (marketCount, marketLayout) = (count, state.Layout);
    }

    /// <summary>Whether every token has many pools to others of the neighbourhood: elimination would fill up, and gradients converge at once.</summary>
    private bool AllHaveMany(int links)
    {
        ceased.AsSpan(0, count).Clear();
        for (int l = 0; l < links; l++)
        {
            ceased[from[l]]++;
            ceased[into[l]]++;
        }

        for (int i = 0; i < count; i++)
        {
            if (ceased[i] < ManyPools)
                return false;
        }

        return true;
    }

    private bool FindDirection(int mostModels)
    {
        for (int l = 0; l < poolCount; l++)
        {
            ref WarmPool pool = ref state.Pools[pools[l]];
            gains[l] = new(in pool, state.Price[pool.First], state.Price[pool.Second]);
        }

        leg.AsSpan(0, poolCount).CopyTo(piece);
        ceased.AsSpan(0, poolCount).Clear();
        isLaid = false;
        return GoOn(mostModels);
    }

    /// <summary>Goes on from model to model; answers whether it came to where no piece changes.</summary>
    private bool GoOn(int mostModels)
    {
        bool settled = false;
        for (int model = 0; model < mostModels && !settled; model++)
        {
            SolveModel();
            settled = !ChoosePieces();
        }

        return settled;
    }

    /// <summary>Where the models ended at one that leads nowhere: that of the pieces that the pools are on.</summary>
    private void TakePlainDirectionIfNone()
    {
        if (decrement > 0)
            return;
        leg.AsSpan(0, poolCount).CopyTo(piece);
        isLaid = false;
        for (int i = 0; i < count; i++)
            rests[i] = s[i] >= -stiffness[i] * room[i];
        SolveModel();
    }

    private bool IsSparse => count > MostDense && !joined.IsWellJoined;

    private void SolveModel()
    {
        if (!isLaid)
            LayModel();
        isLaid = IsSparse;
        if (joined.IsWellJoined)
        {
            if (joined.IsInLanes)
                SolveInLanes();
            else
                SolveByGradients();
            TakeDirection();
            return;
        }

        for (int i = 0; i < count; i++)
            d[i] = rests[i] ? Grounded * room[i] : -modelled[i];
        if (IsSparse)
        {
            GroundedLaplacian matrix = joined.Matrix;
            matrix.ClearExcess();
            for (int i = 0; i < count; i++)
                matrix.AddExcess(i, rests[i] ? Grounded : excess[i]);
            matrix.Factor();
            matrix.Solve(d.AsSpan(0, count));
        }
        else
        {
            SolveDense();
        }

        TakeDirection();
    }

    /// <summary>Lays weights and residuals of the model with every pool on its piece.</summary>
    private void LayModel()
    {
        bool isWellJoined = joined.IsWellJoined, isInLanes = joined.IsInLanes, sparse = IsSparse;
        GroundedLaplacian matrix = joined.Matrix;
        if (sparse)
            matrix.Clear();
        else if (!isWellJoined)
            dense.AsSpan(0, count * count).Clear();
        else if (isInLanes)
            lanes.Clear();
        for (int i = 0; i < count; i++)
        {
            modelled[i] = s[i];
            excess[i] = 0;
        }

        for (int l = 0; l < poolCount; l++)
        {
            int a = first[l], b = second[l];
            double w = AddConstants(l, piece[l], 1);
            modelWeight[l] = w;
            if (a >= 0 && b >= 0)
            {
                if (sparse)
                    matrix.AddWeight(joined.Slot[l], w);
                else if (isInLanes)
                    lanes.AddWeight(a, b, w);
                else if (!isWellJoined)
                    dense[(Math.Min(a, b) * count) + Math.Max(a, b)] += w;
            }
            else if (a >= 0)
            {
                excess[a] += w;
            }
            else
            {
                excess[b] += w;
            }
        }
    }

    /// <summary>Puts a pool on another piece; the model is to be laid anew where that is not enough.</summary>
    private void SetPiece(int l, int next)
    {
        int before = piece[l];
        piece[l] = next;
        if (!isLaid)
            return;
        double was = modelWeight[l];
        AddConstants(l, before, -1);
        modelWeight[l] = AddConstants(l, next, 1);
        isLaid = first[l] >= 0 && second[l] >= 0 && joined.Matrix.TryChange(joined.Slot[l], was, modelWeight[l]);
    }

    private void TakeDirection()
    {
        decrement = 0;
        for (int i = 0; i < count; i++)
        {
            if (rests[i])
                d[i] = room[i];
            if (!double.IsFinite(d[i]))
                d[i] = 0;
            d[i] = Math.Clamp(d[i], -LongestStep, LongestStep);
            decrement -= s[i] * d[i];
        }
    }

    /// <summary>By a full triangle; what pools to tokens outside weigh goes to one more token, which is held as those that rest are.</summary>
    private void SolveInLanes()
    {
        for (int i = 0; i < count; i++)
        {
            lanes.AddWeight(i, count, excess[i]);
            d[i] = rests[i] ? room[i] : -modelled[i];
            isHeld[i] = rests[i];
        }

        d[count] = 0;
        isHeld[count] = true;
        lanes.Factor(isHeld.AsSpan(0, count + 1));
        lanes.Solve(isHeld.AsSpan(0, count + 1), d.AsSpan(0, count + 1));
    }

    /// <summary>Conjugate gradients (Hestenes, Stiefel, 1952) scaled by the diagonal; resting tokens are held.</summary>
    private void SolveByGradients()
    {
        excess.AsSpan(0, count).CopyTo(diagonal);
        for (int l = 0; l < poolCount; l++)
        {
            if (first[l] < 0 || second[l] < 0)
                continue;
            diagonal[first[l]] += modelWeight[l];
            diagonal[second[l]] += modelWeight[l];
        }

        for (int i = 0; i < count; i++)
        {
            d[i] = rests[i] ? room[i] : 0;
            along[i] = d[i];
        }

        Multiply();
        double norm = 0;
        for (int i = 0; i < count; i++)
        {
            residuals[i] = rests[i] ? 0 : -modelled[i] - product[i];
            along[i] = residuals[i] / diagonal[i];
            norm += residuals[i] * along[i];
        }

        double enough = GradientTolerance * GradientTolerance * norm;
        for (int round = 0; round < MostGradients && norm > enough; round++)
        {
            Multiply();
            double curvature = 0;
            for (int i = 0; i < count; i++)
                curvature += along[i] * product[i];
            double t = norm / curvature, next = 0;
            for (int i = 0; i < count; i++)
            {
                d[i] += t * along[i];
                residuals[i] -= t * (rests[i] ? 0 : product[i]);
                next += residuals[i] * residuals[i] / diagonal[i];
            }

            double share = next / norm;
            for (int i = 0; i < count; i++)
                along[i] = (residuals[i] / diagonal[i]) + (share * along[i]);
            norm = next;
        }
    }

    private void Multiply()
    {
        for (int i = 0; i < count; i++)
            product[i] = excess[i] * along[i];
        for (int l = 0; l < poolCount; l++)
        {
            int a = first[l], b = second[l];
            if (a < 0 || b < 0)
                continue;
            double flow = modelWeight[l] * (along[a] - along[b]);
            product[a] += flow;
            product[b] -= flow;
        }
    }

    /// <summary>The weight of a pool on a piece; what that brings otherwise than the one that it is on now goes into the model's residuals.</summary>
    private double AddConstants(int l, int on, int sign)
    {
        if (on == leg[l])
            return weight[l];
        ref WarmPool pool = ref state.Pools[pools[l]];
        int a = first[l], b = second[l], now = pool.Leg;
        double priceFirst = state.Price[pool.First], priceSecond = state.Price[pool.Second];
        if (now >= 0)
        {
            Shift(modelled, now == 0 ? b : a, -sign * (now == 0 ? priceSecond : priceFirst) * pool.Received);
            Shift(modelled, now == 0 ? a : b, sign * (now == 0 ? priceFirst : priceSecond) * pool.Tender);
        }

        double w = WarmPools.Latent(in pool, priceFirst, priceSecond);
        if (on < 0)
            return w;
        (double kink, double u) = AtKink(in pool, on, priceFirst, priceSecond);
        w = Math.Max(w, kink);
        Shift(modelled, on == 0 ? b : a, sign * w * u);
        Shift(modelled, on == 0 ? a : b, -sign * w * u);
        return w;
    }

    /// <summary>The weight of a leg where it begins to trade, and how far beyond that its tokens' prices are: u = log(best nu_out / nu_in).</summary>
    private static (double Weight, double U) AtKink(in WarmPool pool, int leg, double priceFirst, double priceSecond) => leg == 0
        ? (priceSecond * pool.Forth.Kink, WarmPools.Excess(in pool.Forth, priceFirst, priceSecond))
        : (priceFirst * pool.Back.Kink, WarmPools.Excess(in pool.Back, priceSecond, priceFirst));

    private static void Shift(double[] residuals, int i, double flow)
    {
        if (i >= 0)
            residuals[i] += flow;
    }

    /// <summary>Gaussian elimination that keeps weights and excess apart and never forms a difference.</summary>
    private void SolveDense()
    {
        int n = count;
        double[] w = dense;
        for (int i = 0; i < n; i++)
            denseExcess[i] = rests[i] ? Grounded : excess[i];
        for (int k = 0; k < n; k++)
        {
            double sum = 0;
            int row = k * n;
            for (int j = k + 1; j < n; j++)
                sum += w[row + j];
            double pivot = denseExcess[k] + sum;
            if (!(pivot > 1e-14 * sum))
                pivot = sum > 0 ? 1e-14 * sum : 1;
            double inverse = 1 / pivot;
            w[row + k] = inverse;
            for (int i = k + 1; i < n; i++)
            {
                double factor = w[row + i] * inverse;
                if (factor == 0)
                    continue;
                denseExcess[i] += factor * denseExcess[k];
                d[i] += factor * d[k];
                for (int j = i + 1; j < n; j++)
                    w[(i * n) + j] += factor * w[row + j];
            }
        }

        for (int k = n - 1; k >= 0; k--)
        {
            double sum = d[k];
            for (int j = k + 1; j < n; j++)
                sum += w[(k * n) + j] * d[j];
            d[k] = sum * w[(k * n) + k];
        }
    }

    /// <summary>Whether the direction leads to other pieces than it was found with; takes those.</summary>
    private bool ChoosePieces()
    {
        bool changed = false;
        modelled.AsSpan(0, count).CopyTo(atEnd);
        double negligible = NegligibleFlow * residual / count;
        for (int l = 0; l < poolCount; l++)
        {
            int a = first[l], b = second[l];
            double change = (b >= 0 ? d[b] : 0) - (a >= 0 ? d[a] : 0);
            Shift(atEnd, b, modelWeight[l] * change);
            Shift(atEnd, a, -modelWeight[l] * change);
            ref readonly WarmGains gain = ref gains[l];
            int next = WarmGains.Trades(gain.Forth, gain.PriceFirst, change) ? 0 : WarmGains.Trades(gain.Back, gain.PriceSecond, -change) ? 1 : -1;
            if (next == piece[l])
                continue;
            int leg = Math.Max(next, piece[l]);
            (double weight, double u) = AtKink(in state.Pools[pools[l]], leg, gain.PriceFirst, gain.PriceSecond);
            if (Math.Abs(u + (leg == 0 ? change : -change)) * weight <= negligible)
                continue;
            if (next < 0 && ++ceased[l] > MostCeasing)
                continue;
            changed = true;
            SetPiece(l, next);
        }

        for (int i = 0; i < count; i++)
        {
            bool rest = rests[i] ? atEnd[i] >= -negligible : d[i] < room[i];
            changed |= rest != rests[i];
            rests[i] = rest;
        }

        return changed;
    }

    /// <summary>Goes along d to where the derivative along the way has fallen well below the first.</summary>
    private bool Search()
    {
        double derivative = 0;
        for (int i = 0; i < count; i++)
            derivative += s[i] * Math.Max(room[i], d[i]);
        if (!double.IsFinite(derivative))
            return false;
        double before = residual, t = 1;
        for (int trial = 0; trial < MostTrials; trial++)
        {
            MoveTo(t);
            double here = 0;
            left = 0;
            for (int i = 0; i < count; i++)
            {
                int j = tokens[i];
                ref WarmToken token = ref state.Tokens[j];
                double price = state.Price[j], now = price * token.Flow;
                here += now * Math.Max(room[i], t * d[i]);
                left += token.IsAt(price) && now >= 0 ? 0 : Math.Abs(now);
            }

            here /= t;
            if (left < 0.5 * before || here <= Accepted * Math.Abs(derivative))
                break;
            t *= Math.Clamp(derivative / (derivative - here), 0.05, 0.6);
        }

        return true;
    }

    /// <summary>Sets the prices a part of the way along d and evaluates the pools whose prices that changes.</summary>
    private void MoveTo(double t)
    {
        for (int i = 0; i < count; i++)
        {
            int j = tokens[i];
            double price = start[i];
            if (d[i] != 0)
                price = MovedPrice(i, t);
            stays[i] = price == state.Price[j];
            state.Price[j] = price;
        }

        for (int l = 0; l < poolCount; l++)
        {
            int a = first[l], b = second[l];
            if ((a < 0 || stays[a]) && (b < 0 || stays[b]))
                continue;
            state.EvaluateCarried(pools[l]);
        }
    }

    private double MovedPrice(int i, double t)
    {
        double value = state.Tokens[tokens[i]].Value, change = t * d[i];
        return change <= room[i] ? value : Math.Max(value, start[i] + (start[i] * Elementary.ExpM1(change)));
    }

    private void Grow()
    {
        int n = state.TokenCount, m = state.Pools.Count;
        tokens = new int[n];
        marketTokens = new int[n];
        marketLayout = -1;
        localOf = new int[n];
        Array.Fill(localOf, -1);
        count = 0;
        rim = new int[n];
        rimMark = new int[n];
        d = new double[n + 1];
        s = new double[n];
        room = new double[n];
        start = new double[n];
        modelled = new double[n];
        atEnd = new double[n];
        stiffness = new double[n];
        excess = new double[n];
        residuals = new double[n];
        along = new double[n];
        product = new double[n];
        diagonal = new double[n];
        rests = new bool[n];
        isHeld = new bool[n + 1];
        stays = new bool[n];
        near.Grow(m);
        market.Grow(m);
        int most = (int)(MostPools * m) + FewPools;
        near.Matrix.MakeRoom(Math.Min(n, most), most);
        poolMark = new int[m];
        leg = new int[m];
        piece = new int[m];
        ceased = new int[Math.Max(n, m)];
        from = new int[m];
        into = new int[m];
        weight = new double[m];
        gains = new WarmGains[m];
        modelWeight = new double[m];
        stamp = 0;
    }
}
