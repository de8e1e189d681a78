using QTrade.Solver.Newton;

namespace QTrade.Solver.Warm;

/// <summary>
/// The system of a step over a neighbourhood: (Laplacian of the pools' weights, plus an excess for those to tokens outside) d = -residuals, tokens that rest held. By a full triangle where tokens are few, by sparse
/// elimination where that fills little up; where all tokens have many pools by a full triangle in lanes or, where that would take too long, by conjugate gradients.
/// </summary>
/// <param name="lanes">Used by one system at a time.</param>
internal sealed class LocalSystem(DenseLaplacian lanes)
{
    /// <summary>
    /// Tokens up to which the system is factored as a full triangle; pools of every token from which on elimination would fill larger ones up. These are factored as a full triangle in lanes where that takes, per
    /// pool, no more operations than this, and solved by conjugate gradients else.
    /// </summary>
    private const int MostInTriangle = 24;
    private const int ManyPools = 4;
    private const int FewOperations = 400;
    private const int MostInLanes = 2048;

    private readonly SmallLaplacian triangle = new(MostInTriangle);
    private readonly GroundedLaplacian matrix = new();
    private readonly GradientLaplacian gradients = new();
    private int[] slot = [], from = [], into = [], degree = [];
    private bool[] isHeld = [];
    private Way way;
    private int count;

    private enum Way
    {
        Triangle,
        Sparse,
        Lanes,
        Gradients,
    }

    /// <summary>Whether a weight can be changed without laying all of them anew.</summary>
    public bool CanChange => way == Way.Sparse;

    /// <summary>Makes room for so many tokens and pools.</summary>
    public void Grow(int tokens, int pools)
    {
        slot = new int[pools];
        from = new int[pools];
        into = new int[pools];
        degree = new int[tokens];
        isHeld = new bool[tokens + 1];
        gradients.Grow(tokens);
    }

    /// <summary>Makes room beforehand for a sparse system of so many tokens and pools.</summary>
    public void MakeRoom(int tokens, int pools) => matrix.MakeRoom(tokens, pools);

    /// <summary>Chooses how the system over these tokens is solved, and lays it. Ends are -1 for tokens outside.</summary>
    public void Lay(int tokens, ReadOnlySpan<int> first, ReadOnlySpan<int> second)
    {
        count = tokens;
        int links = 0;
        for (int l = 0; l < first.Length; l++)
        {
            if (first[l] < 0 || second[l] < 0)
                continue;
            from[links] = first[l];
            into[links++] = second[l];
        }

        ReadOnlySpan<int> linkFrom = from.AsSpan(0, links), linkInto = into.AsSpan(0, links);
        bool isWellJoined = count > MostInTriangle && AllHaveMany(linkFrom, linkInto);
        way = count <= MostInTriangle ? Way.Triangle
            : !isWellJoined ? Way.Sparse
            : count <= MostInLanes && (long)count * count * count <= (long)FewOperations * links ? Way.Lanes
            : Way.Gradients;
        if (way == Way.Sparse)
            Analyze(first, second, linkFrom, linkInto);
    }

    /// <summary>Takes the weights of the pools: of those with both ends within into the system, of others to what each token has to outside.</summary>
    public void Begin(ReadOnlySpan<int> first, ReadOnlySpan<int> second, ReadOnlySpan<double> weight, Span<double> excess)
    {
        excess.Clear();
        if (way == Way.Sparse)
            matrix.Clear();
        else if (way == Way.Triangle)
            triangle.Begin(count);
        else if (way == Way.Lanes)
            lanes.Begin(count + 1);
        for (int l = 0; l < first.Length; l++)
        {
            int a = first[l], b = second[l];
            if (a < 0 || b < 0)
                excess[Math.Max(a, b)] += weight[l];
            else if (way == Way.Lanes)
                lanes.AddWeight(a, b, weight[l]);
            else if (way == Way.Sparse)
                matrix.AddWeight(slot[l], weight[l]);
            else if (way == Way.Triangle)
                triangle.AddWeight(a, b, weight[l]);
        }
    }

    /// <summary>Puts a weight in another's place where that <see cref="CanChange"/>; false where rounding left less of it than it is.</summary>
    public bool TryChange(int l, double was, double now) => matrix.TryChange(slot[l], was, now);

    /// <summary>Solves for d: held tokens go as far as they are to.</summary>
    /// <param name="joined">The pools, for conjugate gradients.</param>
    /// <param name="weight">Their weights.</param>
    /// <param name="excess">Per token: what its pools to tokens outside weigh.</param>
    /// <param name="residuals">Per token.</param>
    /// <param name="rests">Per token: whether it is held.</param>
    /// <param name="room">Per token: how far it goes where it is held.</param>
    /// <param name="d">Per token, and one more: the solution.</param>
    public void Solve(JoinedPools joined, double[] weight, double[] excess, double[] residuals, bool[] rests, double[] room, double[] d)
    {
        if (way == Way.Gradients)
        {
            gradients.Solve(count, joined, weight, excess, residuals, rests, room, d);
            return;
        }

        if (way == Way.Lanes)
        {
            SolveInLanes(excess, residuals, rests, room, d);
            return;
        }

        for (int i = 0; i < count; i++)
            d[i] = rests[i] ? PieceModel.Grounded * room[i] : -residuals[i];
        if (way == Way.Triangle)
        {
            for (int i = 0; i < count; i++)
                triangle.SetExcess(i, rests[i] ? PieceModel.Grounded : excess[i]);
            triangle.Solve(d);
            return;
        }

        matrix.ClearExcess();
        for (int i = 0; i < count; i++)
            matrix.AddExcess(i, rests[i] ? PieceModel.Grounded : excess[i]);
        matrix.Factor();
        matrix.Solve(d.AsSpan(0, count));
    }

    /// <summary>What pools to tokens outside weigh goes to one more token, which is held as those that rest are.</summary>
    private void SolveInLanes(double[] excess, double[] residuals, bool[] rests, double[] room, double[] d)
    {
        for (int i = 0; i < count; i++)
        {
            lanes.AddWeight(i, count, excess[i]);
            d[i] = rests[i] ? room[i] : -residuals[i];
            isHeld[i] = rests[i];
        }

        d[count] = 0;
        isHeld[count] = true;
        lanes.Factor(isHeld.AsSpan(0, count + 1));
        lanes.Solve(isHeld.AsSpan(0, count + 1), d.AsSpan(0, count + 1));
    }

    /// <summary>Finds an order of elimination.</summary>
    private void Analyze(ReadOnlySpan<int> first, ReadOnlySpan<int> second, ReadOnlySpan<int> linkFrom, ReadOnlySpan<int> linkInto)
    {
        matrix.Analyze(count, linkFrom, linkInto);
        int link = 0;
        for (int l = 0; l < first.Length; l++)
            slot[l] = first[l] >= 0 && second[l] >= 0 ? matrix.SlotOfLink(link++) : -1;
    }

    /// <summary>Whether every token has many pools to others of the neighbourhood: elimination would fill up, and gradients converge at once.</summary>
    private bool AllHaveMany(ReadOnlySpan<int> linkFrom, ReadOnlySpan<int> linkInto)
    {
        degree.AsSpan(0, count).Clear();
        for (int l = 0; l < linkFrom.Length; l++)
        {
            degree[linkFrom[l]]++;
            degree[linkInto[l]]++;
        }

        for (int i = 0; i < count; i++)
        {
            if (degree[i] < ManyPools)
                return false;
        }

        return true;
    }
}
