using QTrade.Solver.Arithmetic;
using QTrade.Solver.Newton;

namespace QTrade.Solver.Warm;

/// <summary>
/// Projected semismooth Newton on the dual over a few tokens, the prices of all others held, as <see cref="PriceNewton"/> is over all of them: the system is never larger than the neighbourhood, which grows by the
/// tokens that the last step left with more than a tolerable residual; once it has a part of the market's pools it is the market.
/// </summary>
internal sealed class LocalNewton
{
    private const int MostSteps = 14;

    /// <summary>Steps over the market before a solve in full does it better.</summary>
    private const int MostWholeSteps = 6;
    private const int MostModels = 10;

    /// <summary>The same where the direction is first only to tell which tokens have far to go.</summary>
    private const int MostFarModels = 3;
    private const int MostTrials = 7;
    private const double FarStep = 0.5;
    private const int MostRelaxations = 30;
    private const double RelaxedPart = 1e-3;
    private const double Accepted = 0.3;

    /// <summary>What a step takes off the dual at most, as a part of what is tolerated, where no further one is worth it: residuals that are left then lie within the digits of the prices, at kinks.</summary>
    private const double NothingGained = 1e-3;

    private readonly MarketState state;
    private readonly Neighbourhood near;
    private readonly LocalModel model;
    private double[] start = [];
    private bool[] stays = [];
    private double left;

    /// <param name="state">The market.</param>
    public LocalNewton(MarketState state)
    {
        this.state = state;
        near = new(state);
        model = new(state, near);
    }

    /// <summary>Steps since <see cref="Begin"/>.</summary>
    public int Steps { get; private set; }

    public int TokenCount => near.Count;

    public int TokenAt(int i) => near[i];

    /// <summary>Begins with no tokens.</summary>
    public void Begin()
    {
        Steps = 0;
        near.Begin();
        if (start.Length < near.TokenRoom || model.PoolRoom < near.PoolRoom)
            Grow();
    }

    public bool Has(int token) => near.Has(token);

    /// <summary>Takes a token and its pools in.</summary>
    public void Add(int token) => near.Add(token);

    /// <summary>Takes the whole market in; no token is added after that.</summary>
    public void AddAll() => near.AddAll();

    /// <summary>Steps until no token of the neighbourhood and none at its rim has more energy left than <paramref name="tolerated"/>. False where this takes more than the steps allowed.</summary>
    public bool Run(double tolerated)
    {
        int models = MostModels;
        for (int step = 0, wholeSteps = 0; step < MostSteps && wholeSteps < MostWholeSteps; step++)
        {
            if (near.IsLarge && wholeSteps++ == 0)
                near.AddAll();
            FindDirection(models);
            if (!Search())
                return false;

            // Where models went round from piece to piece and ended at none, the way from the one that the pools are on leads on.
            models = left < 0.5 * model.Residual || models < MostModels ? MostModels : 1;
            Steps++;
            int known = near.Count;
            if (!GrowsOrGoesOn(tolerated) || (near.Count == known && model.Decrement <= NothingGained * tolerated))
                return true;
        }

        return false;
    }

    private void FindDirection(int mostModels)
    {
        model.Begin();
        bool settled = model.FindDirection(Math.Min(mostModels, MostFarModels));
        if (RelaxFarTokens())
        {
            model.Begin();
            model.FindDirection(mostModels);
        }
        else if (!settled && mostModels > MostFarModels)
        {
            model.GoOn(mostModels);
        }

        model.TakePlainDirectionIfNone();
    }

    /// <summary>
    /// Tokens that the direction takes far have almost no curvature where they are, as their pools are used up: their own balance is solved for their price alone, or the common step would be
    /// their length, and prices could run off to where nothing tells that they are wrong.
    /// </summary>
    private bool RelaxFarTokens()
    {
        bool any = false;
        for (int i = 0; i < near.Count; i++)
        {
            if (!(Math.Abs(model.Direction[i]) > FarStep))
                continue;
            Relax(near[i]);
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
            double next = price * Elementary.Exp(Math.Clamp(-value / slope, -PieceModel.LongestStep, PieceModel.LongestStep));
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
        for (int i = 0; i < near.Count; i++)
            goesOn |= HasMore(near[i], tolerated);
        if (near.IsWhole)
            return TakesInMore(tolerated) || goesOn;
        foreach (int j in near.Rim)
        {
            if (near.Has(j) || !HasMore(j, tolerated))
                continue;
            near.Add(j);
            goesOn = true;
        }

        return goesOn;
    }

    private bool HasMore(int j, double tolerated)
    {
        state.Measure(j);
        return state.Energy[j] > tolerated;
    }

    /// <summary>Whether pools of tokens that were left out of the market began to trade; takes these in.</summary>
    private bool TakesInMore(double tolerated)
    {
        bool any = false;
        for (int j = 0; j < state.TokenCount && !any; j++)
            any = !near.Has(j) && HasMore(j, tolerated);
        if (any)
            near.AddAll();
        return any;
    }

    /// <summary>Goes along d to where the derivative along the way has fallen well below the first.</summary>
    private bool Search()
    {
        double[] d = model.Direction, room = model.Room;
        double derivative = 0;
        for (int i = 0; i < near.Count; i++)
        {
            start[i] = state.Price[near[i]];
            derivative += model.S[i] * Math.Max(room[i], d[i]);
        }

        if (!double.IsFinite(derivative))
            return false;
        double before = model.Residual, t = 1;
        for (int trial = 0; trial < MostTrials; trial++)
        {
            MoveTo(t);
            double here = 0;
            left = 0;
            for (int i = 0; i < near.Count; i++)
            {
                int j = near[i];
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
        for (int i = 0; i < near.Count; i++)
        {
            int j = near[i];
            double price = start[i];
            if (model.Direction[i] != 0)
                price = MovedPrice(i, t);
            stays[i] = price == state.Price[j];
            state.Price[j] = price;
        }

        JoinedPools joined = near.Joined;
        int count = joined.Count;
        ReadOnlySpan<int> pools = joined.Pools.AsSpan(0, count), first = joined.First.AsSpan(0, count), second = joined.Second.AsSpan(0, count);
        ReadOnlySpan<bool> still = stays;
        state.KeepsAtOnce = near.IsWhole;
        for (int l = 0; l < pools.Length; l++)
        {
            int a = first[l], b = second[l];
            if ((a < 0 || still[a]) && (b < 0 || still[b]))
                continue;
            state.EvaluateSoon(pools[l]);
        }

        state.EvaluateWaiting();
    }

    private void Grow()
    {
        start = new double[near.TokenRoom];
        stays = new bool[near.TokenRoom];
        model.Grow(near.TokenRoom, near.PoolRoom);
    }

    private double MovedPrice(int i, double t)
    {
        double value = state.Tokens[near[i]].Value, change = t * model.Direction[i];
        return change <= model.Room[i] ? value : Math.Max(value, start[i] + (start[i] * Elementary.ExpM1(change)));
    }
}
