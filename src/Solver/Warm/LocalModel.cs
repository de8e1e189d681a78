using QTrade.Solver.Arithmetic;
using QTrade.Solver.Newton;

namespace QTrade.Solver.Warm;

/// <summary>
/// The piecewise quadratic model of D over a neighbourhood's tokens, the prices of all others held: every pool is on a piece, a leg that trades with its weight or none with a latent one. A pool to a token outside is an
/// excess on the diagonal. What minimizes it leads to other pieces, and the model with those is the next; pieces and rests are those of <see cref="PieceModel"/>.
/// </summary>
internal sealed class LocalModel(MarketState state, Neighbourhood near)
{
    private JoinedPools joined = near.Joined;
    private int[] leg = [], piece = [], ceased = [];
    private double[] weight = [], modelWeight = [];
    private WarmGains[] gains = [];
    private double[] modelled = [], atEnd = [], stiffness = [], excess = [];
    private bool[] rests = [];
    private bool isLaid;

    /// <summary>Per token of the neighbourhood: d, the way to the model's solution.</summary>
    public double[] Direction { get; private set; } = [];

    /// <summary>Per token: s = nu (psi + h), and the logarithm of the least price over the one now, both where the step begins.</summary>
    public double[] S { get; private set; } = [];

    public double[] Room { get; private set; } = [];

    /// <summary>-s . d, what a full step is predicted to take off the dual, doubled.</summary>
    public double Decrement { get; private set; }

    /// <summary>Sum |s| over the tokens that do not rest, where the step begins.</summary>
    public double Residual { get; private set; }

    /// <summary>Pools that there is room for.</summary>
    public int PoolRoom => leg.Length;

    /// <summary>Makes room for so many tokens and pools.</summary>
    public void Grow(int tokens, int pools)
    {
        Direction = new double[tokens + 1];
        S = new double[tokens];
        Room = new double[tokens];
        modelled = new double[tokens];
        atEnd = new double[tokens];
        stiffness = new double[tokens];
        excess = new double[tokens];
        rests = new bool[tokens];
        leg = new int[pools];
        piece = new int[pools];
        ceased = new int[pools];
        weight = new double[pools];
        modelWeight = new double[pools];
        gains = new WarmGains[pools];
    }

    /// <summary>Takes down where the step begins.</summary>
    public void Begin()
    {
        near.Number();
        joined = near.Joined;
        TakePools();
        double residual = 0;
        for (int i = 0; i < near.Count; i++)
        {
            int j = near[i];
            ref WarmToken token = ref state.Tokens[j];
            double price = state.Price[j];
            S[i] = price * token.Flow;
            Room[i] = token.IsAt(price) ? 0 : token.Value > 0 ? Elementary.Log(token.Value / price) : double.NegativeInfinity;
            rests[i] = RestsAtStart(i);
            residual += rests[i] ? -stiffness[i] * Room[i] : Math.Abs(S[i]);
            token.Weight = stiffness[i];
            state.Overwrite(j);
        }

        Residual = residual;
    }

    private void TakePools()
    {
        int count = joined.Count;
        ReadOnlySpan<int> pools = joined.Pools.AsSpan(0, count), first = joined.First.AsSpan(0, count), second = joined.Second.AsSpan(0, count);
        Span<int> legs = leg.AsSpan(0, count);
        Span<double> weights = weight.AsSpan(0, count), sums = stiffness.AsSpan(0, near.Count);
        Span<WarmGains> gained = gains.AsSpan(0, count);
        ReadOnlySpan<double> price = state.Price;
        WarmPools all = state.Pools;
        sums.Clear();
        for (int l = 0; l < pools.Length; l++)
        {
            ref WarmPool pool = ref all[pools[l]];
            double w = pool.Weight;
            legs[l] = pool.Leg;
            weights[l] = w;
            gained[l] = new(in pool, price[pool.First], price[pool.Second]);
            int a = first[l], b = second[l];
            if (a >= 0)
                sums[a] += w;
            if (b >= 0)
                sums[b] += w;
        }
    }

    /// <summary>Finds the direction from the pieces that the pools are on; answers whether it came to where no piece changes.</summary>
    public bool FindDirection(int mostModels)
    {
        TakePieces();
        ceased.AsSpan(0, joined.Count).Clear();
        return GoOn(mostModels);
    }

    /// <summary>Goes on from model to model; answers whether it came to where no piece changes.</summary>
    public bool GoOn(int mostModels)
    {
        bool settled = false;
        for (int model = 0; model < mostModels && !settled; model++)
        {
            Solve();
            settled = !ChoosePieces();
        }

        return settled;
    }

    /// <summary>Where the models ended at one that leads nowhere: that of the pieces that the pools are on.</summary>
    public void TakePlainDirectionIfNone()
    {
        if (Decrement > 0)
            return;
        TakePieces();
        for (int i = 0; i < near.Count; i++)
            rests[i] = RestsAtStart(i);
        Solve();
    }

    private bool RestsAtStart(int i) => S[i] >= -stiffness[i] * Room[i];

    private void TakePieces()
    {
        leg.AsSpan(0, joined.Count).CopyTo(piece);
        isLaid = false;
    }

    private void Solve()
    {
        if (!isLaid)
            Lay();
        isLaid = joined.System.CanChange;
        joined.System.Solve(joined, modelWeight, excess, modelled, rests, Room, Direction);
        double decrement = 0;
        for (int i = 0; i < near.Count; i++)
        {
            double d = rests[i] ? Room[i] : Direction[i];
            d = double.IsFinite(d) ? Math.Clamp(d, -PieceModel.LongestStep, PieceModel.LongestStep) : 0;
            Direction[i] = d;
            decrement -= S[i] * d;
        }

        Decrement = decrement;
    }

    /// <summary>Lays weights and residuals of the model with every pool on its piece.</summary>
    private void Lay()
    {
        int count = joined.Count;
        S.AsSpan(0, near.Count).CopyTo(modelled);
        weight.AsSpan(0, count).CopyTo(modelWeight);
        ReadOnlySpan<int> on = piece.AsSpan(0, count), now = leg.AsSpan(0, count);
        for (int l = 0; l < on.Length; l++)
        {
            if (on[l] != now[l])
                modelWeight[l] = AddConstants(l, on[l], 1);
        }

        joined.System.Begin(joined.First.AsSpan(0, count), joined.Second.AsSpan(0, count), modelWeight.AsSpan(0, count), excess.AsSpan(0, near.Count));
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
        isLaid = joined.First[l] >= 0 && joined.Second[l] >= 0 && joined.System.TryChange(l, was, modelWeight[l]);
    }

    /// <summary>The weight of a pool on a piece; what that brings otherwise than the one that it is on now goes into the model's residuals.</summary>
    private double AddConstants(int l, int on, int sign)
    {
        if (on == leg[l])
            return weight[l];
        ref WarmPool pool = ref state.Pools[joined.Pools[l]];
        int a = joined.First[l], b = joined.Second[l], now = pool.Leg;
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

    /// <summary>Whether the direction leads to other pieces than it was found with; takes those.</summary>
    private bool ChoosePieces()
    {
        bool changed = false;
        int count = near.Count, pools = joined.Count;
        ReadOnlySpan<int> first = joined.First.AsSpan(0, pools), second = joined.Second.AsSpan(0, pools), on = piece.AsSpan(0, pools);
        ReadOnlySpan<double> d = Direction, weights = modelWeight.AsSpan(0, pools);
        ReadOnlySpan<WarmGains> gained = gains.AsSpan(0, pools);
        Span<double> flows = atEnd.AsSpan(0, count);
        modelled.AsSpan(0, count).CopyTo(flows);
        double negligible = PieceModel.NegligibleFlow * Residual / count;
        for (int l = 0; l < first.Length; l++)
        {
            int a = first[l], b = second[l];
            double change = (b >= 0 ? d[b] : 0) - (a >= 0 ? d[a] : 0), flow = weights[l] * change;
            if (b >= 0)
                flows[b] += flow;
            if (a >= 0)
                flows[a] -= flow;
            ref readonly WarmGains gain = ref gained[l];
            int next = WarmGains.Trades(gain.Forth, gain.PriceFirst, change) ? 0 : WarmGains.Trades(gain.Back, gain.PriceSecond, -change) ? 1 : -1;
            if (next == on[l])
                continue;
            int turning = Math.Max(next, piece[l]);
            (double kink, double u) = AtKink(in state.Pools[joined.Pools[l]], turning, gain.PriceFirst, gain.PriceSecond);
            if (Math.Abs(u + (turning == 0 ? change : -change)) * kink <= negligible)
                continue;
            if (next < 0 && ++ceased[l] > PieceModel.MostCeasing)
                continue;
            changed = true;
            SetPiece(l, next);
        }

        for (int i = 0; i < count; i++)
        {
            bool rest = rests[i] ? atEnd[i] >= -negligible : d[i] < Room[i];
            changed |= rest != rests[i];
            rests[i] = rest;
        }

        return changed;
    }
}
