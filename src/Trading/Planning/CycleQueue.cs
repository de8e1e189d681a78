namespace QTrade.Trading.Planning;

/// <summary>
/// The cycles that earn most, one after the other. A wide cycle may earn little on each unit and a narrow one much: so each start is searched with
/// amounts of many sizes, and the cycle that earns most with as much as it can take comes first.
/// </summary>
/// <remarks>
/// What can be earned only falls as flows are used. So a cycle found stays the best of its start and size while its flows are untouched, and what it earned bounds
/// what a new search would find: only what would come first is searched again (Minoux, Accelerated greedy algorithms, 1978).
/// </remarks>
internal sealed class CycleQueue
{
    // All that is available, and from what the widest flow takes down to 2^-14 of it, or to one step of the token's amounts.
    private const int SizesTried = 8;
    private const double SizeRatio = 0.25;

    private const int Halvings = 8;

    private readonly PathSearch search;
    private readonly int legsMax;
    private readonly double costPerLeg;
    private readonly Func<int, double> available;
    private readonly Func<FlowPath, double> profit;
    private readonly List<Candidate> candidates = [];
    private readonly int[] usedAt;
    private int uses;
    private Candidate? told;

    /// <param name="search">Finds the cycles.</param>
    /// <param name="flows">The flows.</param>
    /// <param name="prices">Dual prices of the tokens.</param>
    /// <param name="starts">The tokens that a cycle may start in, with the least amount of each.</param>
    /// <param name="legsMax">Most legs of a cycle.</param>
    /// <param name="costPerLeg">What a leg costs.</param>
    /// <param name="available">What there is of a token to start with.</param>
    /// <param name="profit">What a path is expected to earn, after costs.</param>
    public CycleQueue(
        PathSearch search,
        IReadOnlyList<PoolFlow> flows,
        double[] prices,
        ReadOnlySpan<(int Token, double Least)> starts,
        int legsMax,
        double costPerLeg,
        Func<int, double> available,
        Func<FlowPath, double> profit)
    {
        (this.search, this.legsMax, this.costPerLeg, this.available, this.profit) = (search, legsMax, costPerLeg, available, profit);
        usedAt = new int[flows.Count];
        var worth = 0.0;
        foreach (var flow in flows)
            worth = Math.Max(worth, flow.Tender * prices[flow.TokenIn]);
        foreach (var (token, _) in starts)
            candidates.Add(new Candidate(token, double.PositiveInfinity) { Bound = double.PositiveInfinity });
        for (var size = 0; size < SizesTried; size++, worth *= SizeRatio)
        {
            var bound = search.Bound(worth, legsMax);
            foreach (var (token, least) in starts)
            {
                var amount = worth / prices[token];
                if (double.IsFinite(amount) && (amount >= least || amount / SizeRatio > least))
                    candidates.Add(new Candidate(token, Math.Max(amount, least)) { Bound = amount >= least ? bound : double.PositiveInfinity });
            }
        }
    }

    /// <summary>Whether cycles were found that do not pay.</summary>
    public bool FoundUnprofitable { get; private set; }

    /// <summary>The cycle that is expected to earn most, or null where none earns anything.</summary>
    public FlowPath? Next()
    {
        while (true)
        {
            Candidate? first = null;
            foreach (var candidate in candidates)
            {
                if (candidate.Bound > (first?.Bound ?? 0))
                    first = candidate;
            }

            if (first is null)
                return null;
            if (first.Path is { } path && !IsUsed(path, first.SearchedAt))
            {
                told = first;
                return path;
            }

            Search(first);
        }
    }

    /// <summary>The cycle told last cannot be sent at all: its start and size are out.</summary>
    public void Retire()
    {
        if (told is not null)
            (told.Path, told.Bound) = (null, 0);
    }

    /// <summary>Takes note that of a flow less is left.</summary>
    public void Update(PoolFlow flow) => usedAt[flow.Index] = ++uses;

    private bool IsUsed(FlowPath path, int since)
    {
        foreach (var flow in path.Flows)
        {
            if (usedAt[flow.Index] > since)
                return true;
        }

        return false;
    }

    private void Search(Candidate candidate)
    {
        var most = available(candidate.Start);
        candidate.SearchedAt = uses;
        (candidate.Path, candidate.Bound) = (null, 0);
        if (!(most > 0) || search.Cycle(candidate.Start, Math.Min(candidate.Amount, most), legsMax, costPerLeg, leaves: double.IsFinite(candidate.Amount)) is not { } flows)
            return;
        candidate.Path = Largest(FlowPath.Of(flows, most));
        candidate.Bound = profit(candidate.Path);
        FoundUnprofitable |= !(candidate.Bound > 0);
    }

    /// <summary>
    /// What a flow cannot take may stay behind as a gain, but the start must be whole again at the end: as much is sent as is known to come back.
    /// </summary>
    private static FlowPath Largest(FlowPath narrow)
    {
        double low = narrow.Start, high = Math.Min(narrow.Flows[0].Tender, narrow.Available);
        for (var halving = 0; halving < Halvings && high > low; halving++)
        {
            var middle = halving == 0 ? high : low + (high - low) / 2;
            if (narrow.Arriving(middle) >= middle)
                low = middle;
            else
                high = middle;
        }

        return low > narrow.Start ? narrow with { Sent = low } : narrow;
    }

    private sealed class Candidate(int start, double amount)
    {
        public int Start => start;

        public double Amount => amount;

        public FlowPath? Path { get; set; }

        /// <summary>What it earns, or earned when it was last searched for.</summary>
        public double Bound { get; set; }

        public int SearchedAt { get; set; }
    }
}
