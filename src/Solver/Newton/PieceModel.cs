namespace QTrade.Solver.Newton;

/// <summary>
/// The piecewise quadratic model of D around an iterate: every pool is on a piece, a leg that trades with its weight or none with a latent one, and the tokens that rest are held at their value. What minimizes it
/// solves (Laplacian of weights) d = -residuals; the pieces that this leads to make the next model, which costs a factorization and no evaluation.
/// </summary>
internal sealed class PieceModel(PricedPools pools, PriceIterate at)
{
    /// <summary>How often in one step a pool may cease to trade.</summary>
    public const int MostCeasing = 1;

    /// <summary>Flow at the end of a step, as a part of a token's mean residual, that does not make the model another.</summary>
    public const double NegligibleFlow = 1e-6;

    /// <summary>Flow of pieces that turn, as a part of the residual, for which no step that another follows is found anew; what the last step may leave, as a part of the dual.</summary>
    private const double MostTurned = 0.01;
    private const double LeastLeft = 1e-14;

    /// <summary>Tokens below which a step costs next to nothing to find.</summary>
    private const int LeastTurned = 32;

    /// <summary>The farthest that a step takes a log price.</summary>
    public const double LongestStep = 2;

    /// <summary>Excess that holds a token where it is.</summary>
    public const double Grounded = 1e100;

    /// <summary>Where so many tokens have at least so many pools each the system is laid out as a dense one; there no token has few pools.</summary>
    private const int MostDense = 2048;
    private const int DenseShare = 8;
    private const int LeastDenseDegree = 6;

    private readonly GroundedLaplacian matrix = new();
    private readonly DenseLaplacian dense = new();
    private bool stale;
    private int[] slot = [], ceased = [], changed = [], turned = [];
    private bool[] hasTurned = [];
    private int turnedCount;
    private double[] modelled = [], weight = [];
    private bool[] held = [], grounded = [], loose = [];
    private double turnedFlow;

    /// <summary>Whether the system is laid out as a dense one.</summary>
    public bool IsDense { get; private set; }

    /// <summary>Per node: d, the way to the model's solution; whether the node rests there.</summary>
    public double[] Direction { get; private set; } = [];

    public bool[] Rests { get; private set; } = [];

    /// <summary>Per pool: the piece that it is on.</summary>
    public int[] Piece { get; private set; } = [];

    /// <summary>-s . d, what a full step is predicted to take off the dual, doubled.</summary>
    public double Decrement { get; private set; }

    /// <summary>Lays the system for the pools as they were loaded.</summary>
    public void Load()
    {
        ForgetTurned();
        Grow();
        int count = at.Count;
        IsDense = count <= MostDense && pools.Count >= LeastDenseDegree / 2 * count && (long)pools.Count * DenseShare >= (long)count * count;
        if (IsDense)
        {
            dense.Begin(count);
            return;
        }

        matrix.Analyze(count, pools.From.AsSpan(0, pools.Count), pools.To.AsSpan(0, pools.Count));
        for (int p = 0; p < pools.Count; p++)
            slot[p] = matrix.SlotOfLink(p);
    }

    /// <summary>Whether the node's part has no resting token, so that its level is free.</summary>
    public bool IsLoose(int j) => loose[at.Part[j]];

    /// <summary>Begins a model with the pieces that the pools are on.</summary>
    public void TakePieces()
    {
        pools.Piece.AsSpan(0, pools.Count).CopyTo(Piece);
        pools.Weight.AsSpan(0, pools.Count).CopyTo(weight);
        ForgetTurned();
        ForgetCeased();
        at.S.AsSpan(0, at.Count).CopyTo(modelled);
        at.Rests.AsSpan(0, at.Count).CopyTo(Rests);
        LayWeights();
    }

    /// <summary>Lets pools that have ceased to trade do so again.</summary>
    public void ForgetCeased() => ceased.AsSpan(0, pools.Count).Clear();

    /// <summary>Goes on from model to model; answers whether it came to where no piece changes.</summary>
    public bool GoOn(int mostModels)
    {
        bool settled = false;
        for (int model = 0; model < mostModels && !settled; model++)
        {
            Solve();
            settled = !ChoosePieces() || IsGoodEnough();
        }

        if (Decrement > 0)
            return settled;
        TakePieces();
        Solve();
        return true;
    }

    /// <summary>Finds the direction to the model's solution with all pools on their pieces.</summary>
    public void Solve()
    {
        if (stale)
            LayWeights();
        HoldRestingTokens();
        int count = at.Count;
        double[] d = Direction;
        if (IsDense)
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
            if (Rests[j])
                d[j] = at.Least[j] - at.Z[j];
            decrement -= at.S[j] * Math.Clamp(d[j], -LongestStep, LongestStep);
        }

        Decrement = decrement;
    }

    /// <summary>Takes the decrement of the direction as it is now, wherever that was found.</summary>
    public void TakeDecrement()
    {
        double decrement = 0;
        for (int j = 0; j < at.Count; j++)
            decrement -= at.S[j] * Direction[j];
        Decrement = decrement;
    }

    /// <summary>Takes the pieces that the direction leads to; answers whether any is another than that it was found with.</summary>
    public bool ChoosePieces()
    {
        double negligible = NegligibleFlow * at.Residual / at.Count;
        turnedFlow = 0;
        bool changes = ChooseRests(negligible);
        foreach (int p in Turning())
        {
            int next = pools.NextLeg(p, Direction[pools.To[p]] - Direction[pools.From[p]], out double excess);
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

    /// <summary>The pools that the direction leads to other pieces than they are on.</summary>
    public ReadOnlySpan<int> Turning()
    {
        ReadOnlySpan<int> turning = changed.AsSpan(0, pools.ListChanged(Direction, Piece, changed));
        foreach (int p in turning)
        {
            if (hasTurned[p])
                continue;
            hasTurned[p] = true;
            turned[turnedCount++] = p;
        }

        return turning;
    }

    /// <summary>All pools that were so since the model began: no others are on other pieces, where the last of those directions led, than they were evaluated on.</summary>
    public ReadOnlySpan<int> Turned => turned.AsSpan(0, turnedCount);

    /// <summary>About the value flow at the end of the direction by which a pool's leg there differs from its model's.</summary>
    public double TurnedFlow(int p, int next, double excess)
    {
        int leg = Math.Max(next, Piece[p]);
        return Math.Abs(excess) * at.Nu[leg == 0 ? pools.To[p] : pools.From[p]] * pools.FirstRise(p, leg);
    }

    /// <summary>Takes the tokens that rest at the end of the direction; answers whether one came to rest or left it.</summary>
    public bool ChooseRests(double negligible)
    {
        bool changes = false;
        for (int j = 0; j < at.Count; j++)
        {
            double beyond = Rests[j] ? -FlowAtEnd(j) : at.Least[j] - (at.Z[j] + Direction[j]);
            bool turns = Rests[j] ? !(beyond <= negligible) : beyond > 0 && !IsLoose(j);
            if (!turns)
                continue;
            turnedFlow += Rests[j] ? beyond : beyond * at.Stiffness[j];
            Rests[j] = !Rests[j];
            changes = true;
        }

        return changes;
    }

    /// <summary>The model with the pool on another piece.</summary>
    public void SetPiece(int p, int next)
    {
        double before = weight[p];
        AddConstants(p, -1);
        Piece[p] = next;
        AddConstants(p, 1);
        stale |= IsDense
            ? !dense.TryChange(pools.From[p], pools.To[p], before, weight[p])
            : !matrix.TryChange(slot[p], before, weight[p]);
    }

    /// <summary>
    /// The value that a linear pool on a piece brings to its second and to its first token where the second's z rises by <paramref name="change"/> against the first one's; answers the edge's weight.
    /// </summary>
    public double WorthOn(int p, int on, double change, out double to, out double outOf)
    {
        to = outOf = 0;
        if (on < 0)
            return 0;
        double rise = pools.FlowsOn(p, on, change, out double tender, out double received);
        bool forth = (on & 1) == 0;
        double into = at.Nu[forth ? pools.To[p] : pools.From[p]], from = at.Nu[forth ? pools.From[p] : pools.To[p]];
        (to, outOf) = forth ? (into * received, -from * tender) : (-from * tender, into * received);
        return into * rise;
    }

    /// <summary>
    /// Whether pieces turned so little of the residual that the step need not be found anew: one that another follows is off by more than that anyway, and what the last one leaves of the dual is the square
    /// of that part of what it takes off.
    /// </summary>
    private bool IsGoodEnough()
    {
        double part = turnedFlow / at.Residual;
        return IsDense && at.Count >= LeastTurned && Decrement > 0 && part <= MostTurned
            && (Decrement > RoutingSolver.NewtonDecrement * at.Dual || part * part * Decrement <= LeastLeft * at.Dual);
    }

    private void ForgetTurned()
    {
        foreach (int p in Turned)
            hasTurned[p] = false;
        turnedCount = 0;
    }

    private void LayWeights()
    {
        stale = false;
        int count = pools.Count;
        if (IsDense)
        {
            int[] from = pools.From, to = pools.To;
            dense.Clear();
            for (int p = 0; p < count; p++)
                dense.AddWeight(from[p], to[p], weight[p]);
            return;
        }

        matrix.Clear();
        for (int p = 0; p < count; p++)
            matrix.AddWeight(slot[p], weight[p]);
    }

    /// <summary>Adds a pool's value flows at d = 0, as the model's piece has them, and sets its weight.</summary>
    private void AddConstants(int p, int sign)
    {
        int a = pools.From[p], b = pools.To[p];
        if (Piece[p] == pools.Piece[p])
        {
            weight[p] = pools.Weight[p];
            modelled[b] += sign * pools.WorthTo[p];
            modelled[a] += sign * pools.WorthFrom[p];
            return;
        }

        double w = pools.LatentWeight(p, at.Nu[a], at.Nu[b]);
        if (p >= pools.LinearStart)
        {
            w = Math.Max(w, WorthOn(p, Piece[p], 0, out double to, out double outOf));
            modelled[b] += sign * to;
            modelled[a] += sign * outOf;
        }
        else if (Piece[p] >= 0)
        {
            int into = Piece[p] == 0 ? b : a;
            w = Math.Max(w, at.Nu[into] * pools.FirstRise(p, Piece[p]));
            double flow = sign * w * pools.ExcessOf(p, Piece[p]);
            modelled[into] += flow;
            modelled[a + b - into] -= flow;
        }

        weight[p] = w;
    }

    /// <summary>Tokens at rest, and one of every part that has none, are held; the others get the right side of their row.</summary>
    private void HoldRestingTokens()
    {
        int[] part = at.Part;
        for (int j = 0; j < at.Count; j++)
            grounded[part[j]] = loose[part[j]] = false;
        for (int j = 0; j < at.Count; j++)
        {
            held[j] = Rests[j];
            Direction[j] = Rests[j] ? at.Least[j] - at.Z[j] : -modelled[j];
            grounded[part[j]] |= Rests[j];
        }

        GroundLoose();
    }

    /// <summary>
    /// A part without a resting token has no level of its own: the token nearest its bound is held.
    /// </summary>
    private void GroundLoose()
    {
        for (int j = 0; j < at.Count; j++)
        {
            int part = at.Part[j];
            if (grounded[part] || !at.IsLowest(j))
                continue;
            grounded[part] = loose[part] = held[j] = true;
            Direction[j] = 0;
        }
    }

    /// <summary>Value flow into a token at the end of the direction.</summary>
    private double FlowAtEnd(int j)
    {
        if (IsDense)
            return modelled[j] + dense.Outflow(j, Direction.AsSpan(0, at.Count));
        double[] d = Direction;
        int[] from = pools.From, to = pools.To;
        double flow = modelled[j];
        foreach (int p in pools.IncidentTo(j))
            flow += weight[p] * (d[j] - d[from[p] + to[p] - j]);
        return flow;
    }

    private void Grow()
    {
        if (Direction.Length < at.Count)
        {
            int size = Math.Max(at.Count, 2 * Direction.Length);
            Direction = new double[size];
            Rests = new bool[size];
            modelled = new double[size];
            held = new bool[size];
        }

        if (loose.Length < at.PartCount)
        {
            int size = Math.Max(at.PartCount, 2 * loose.Length);
            grounded = new bool[size];
            loose = new bool[size];
        }

        if (slot.Length < pools.Count)
        {
            int size = Math.Max(pools.Count, 2 * slot.Length);
            slot = new int[size];
            weight = new double[size];
            Piece = new int[size];
            changed = new int[size];
            turned = new int[size];
            hasTurned = new bool[size];
            ceased = new int[size];
        }
    }
}
