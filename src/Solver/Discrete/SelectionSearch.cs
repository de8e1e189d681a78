using System.Collections.Immutable;

namespace QTrade.Solver.Discrete;

/// <summary>
/// Branch and bound, best bound first (Land, Doig, "An automatic method of solving discrete programming problems", 1960): a part of all choices is bounded by
/// its relaxation and closed once the bound is met by the best trade known, or split on a pool whose share the relaxation leaves open.
/// </summary>
internal sealed class SelectionSearch
{
    private const double LeastBarrier = 1e-15;
    private const double FirstBarrier = 1e-2;
    private const double BarrierRise = 3;
    private const double BarrierFall = 0.1;
    private const int MostSteps = 80;

    /// <summary>Newton decrement, as a share of the barrier's slack, at which a barrier's minimizer counts as met.</summary>
    private const double Centred = 0.05;

    /// <summary>Shares nearer than this to 0 or 1 count as decided.</summary>
    private const double Decided = 1e-6;

    /// <summary>What goes through a pool counts this much against what the pool is worth.</summary>
    private const double Transit = 1e-6;

    /// <summary>A relative gap that small on a part whose shares are all decided is rounding, and no further decision would mend it.</summary>
    private const double Blurred = 1e-6;

    private readonly RoutingProblem problem;
    private readonly SelectionLimits limits;
    private readonly SolverOptions options;
    private readonly RoutingGraph graph = new();
    private readonly Relaxation relaxation;
    private readonly LeafBound exact;
    private readonly Choice[] choice;
    private readonly int[] order;
    private readonly double[] orderKey;
    private readonly List<SearchNode> closed = [];
    private readonly PriorityQueue<SearchNode, (double, int)> open = new();

    public SelectionSearch(RoutingProblem problem, SelectionLimits limits, SolverOptions options)
    {
        (this.problem, this.limits, this.options) = (problem, limits, options);
        graph.TryLoad(problem);
        relaxation = new(problem, limits, graph);
        choice = new Choice[problem.Pools.Length];
        order = new int[relaxation.PoolCount];
        orderKey = new double[relaxation.PoolCount];
        exact = new(problem, limits);
        Best = new(problem, limits, options);
    }

    /// <summary>The best trade found.</summary>
    public Incumbent Best { get; }

    /// <summary>Nodes bounded.</summary>
    public int Nodes { get; private set; }

    /// <summary>Newton steps taken.</summary>
    public int Steps { get; private set; }

    /// <summary>Whether the budget ended the search.</summary>
    public bool IsSpent { get; private set; }

    /// <summary>Bounds at or below this are met by the best trade.</summary>
    private double Target
    {
        get
        {
            double relative = Best.IsPiecewise ? options.OptimalGapPiecewise : options.OptimalGap;
            return Best.Profit + Math.Max(0.5 * relative * Best.Profit, 0.1 * options.AbsoluteFloor);
        }
    }

    /// <summary>Searches from the prices of the problem without limits.</summary>
    public ImmutableArray<SearchLeaf> Run(RoutingSolution unlimited)
    {
        Best.Take(unlimited);
        double[] prices = new double[graph.NodeCount];
        graph.Reference.AsSpan(0, graph.NodeCount).CopyTo(prices);
        unlimited.Prices.CopyTo(prices);
        var root = new SearchNode(null, -1, Choice.Free) { Prices = prices, Barrier = FirstBarrier * unlimited.UpperBound / Math.Max(1, relaxation.PoolCount) };

        // Limits that do not bind, and cost nothing, leave the problem as it was: its prices prove it, which the relaxation's need not where those took polishing.
        Meet(root, [.. prices]);
        Enter(root);
        while (open.TryPeek(out SearchNode? node, out _) && node.Bound > Target && !IsSpent)
        {
            if (Nodes + 2 > options.MaxNodes || relaxation.Responses >= options.MaxResponses)
            {
                IsSpent = true;
                break;
            }

            open.Dequeue();
            Enter(new(node, node.Branch, Choice.In));
            Enter(new(node, node.Branch, Choice.Out));
        }

        while (open.TryDequeue(out SearchNode? rest, out _))
            closed.Add(rest);
        return Leaves();
    }

    private void Enter(SearchNode node)
    {
        BoundNode(node);
        Nodes++;
        if (node.Branch < 0 || node.Bound <= Target)
            closed.Add(node);
        else
            open.Enqueue(node, (-node.Bound, Nodes));
    }

    private void BoundNode(SearchNode node)
    {
        node.CopyChoice(choice);
        double barrier = node.Barrier * BarrierRise;
        double least = LeastBarrier * Math.Max(Best.Profit, options.AbsoluteFloor);
        relaxation.Begin(choice, node.Prices, barrier);
        Meet(node);
        for (int step = 0; step < MostSteps && node.Bound > Target && relaxation.Responses < options.MaxResponses; step++)
        {
            bool moved = relaxation.Step();
            Steps++;
            Meet(node);
            if (moved && relaxation.Decrement > Centred * relaxation.Slack)
                continue;
            OfferRounded();
            if ((relaxation.Bound - 1.2 * relaxation.Slack > Target && Undecided() >= 0) || barrier <= least)
                break;
            barrier *= BarrierFall;
            relaxation.Lower(barrier);
            Meet(node);
        }

        OfferRounded();
        node.Barrier = barrier;
        node.Branch = Undecided();
        if (node.Branch >= 0 || node.Bound <= Target)
            return;
        Polish(node);
        if (node.Bound - Best.Profit > Blurred * node.Bound)
            node.Branch = AnyFree();
    }

    /// <summary>
    /// Where every share is decided, prices of the routing over just these pools may bound more sharply than the barrier's: for all tokens, or
    /// for those that trade.
    /// </summary>
    private void Polish(SearchNode node)
    {
        int count = 0;
        for (int p = 0; p < relaxation.PoolCount; p++)
        {
            if (relaxation.Shares[p] > 0.5)
                order[count++] = relaxation.Pools[p];
        }

        Array.Sort(order, 0, count);
        RoutingSolution routed = Best.Route(order.AsSpan(0, count));
        double[] prices = [.. node.Prices];
        foreach (RoutingTrade trade in routed.Trades)
        {
            foreach (int token in problem.Pools[order[trade.Pool]].Tokens)
                prices[token] = routed.Prices[token];
        }

        graph.PriceDropped(prices);
        Meet(node, prices);
        prices = [.. node.Prices];
        routed.Prices.CopyTo(prices);
        Meet(node, prices);
    }

    private void Meet(SearchNode node, double[] prices)
    {
        double bound = exact.At(choice, Own(prices));
        if (bound < node.Bound)
            (node.Bound, node.Prices, node.IsPriced) = (bound, prices, true);
    }

    /// <summary>The tokens' prices, none below its value.</summary>
    private ReadOnlySpan<double> Own(double[] prices)
    {
        for (int j = 0; j < problem.TokenCount; j++)
            prices[j] = double.IsFinite(prices[j]) ? Math.Max(prices[j], problem.Values[j]) : problem.Values[j];
        return prices.AsSpan(0, problem.TokenCount);
    }

    /// <summary>Keeps the iterate's prices if they bound the node better than all before.</summary>
    private void Meet(SearchNode node)
    {
        if (!(relaxation.Bound < node.Bound))
            return;
        node.Bound = relaxation.Bound;
        double[] prices = [.. graph.Value.AsSpan(0, graph.NodeCount)];
        relaxation.CopyPrices(prices);
        node.Prices = prices;
        node.IsPriced = false;
    }

    /// <summary>
    /// The pool whose decision promises most: an open share of a pool that is worth much, or among worthless ones one that much goes through. -1 where
    /// all shares are decided.
    /// </summary>
    private int Undecided()
    {
        int best = -1;
        double most = -1;
        for (int p = 0; p < relaxation.PoolCount; p++)
        {
            double z = relaxation.Shares[p];
            if (choice[relaxation.Pools[p]] != Choice.Free || !(z > Decided) || !(z < 1 - Decided))
                continue;
            double worth = Math.Max(0, relaxation.Excess[p] + limits.CostPerPool);
            double score = z * (1 - z) * (worth + Transit * relaxation.Turnover(p));
            if (score > most)
                (best, most) = (relaxation.Pools[p], score);
        }

        return best;
    }

    /// <summary>A free pool, the one with the largest share; -1 where all are decided or no more may be used.</summary>
    private int AnyFree()
    {
        if (relaxation.IsFull)
            return -1;
        int best = -1;
        double most = -1;
        for (int p = 0; p < relaxation.PoolCount; p++)
        {
            if (choice[relaxation.Pools[p]] == Choice.Free && relaxation.Shares[p] > most)
                (best, most) = (relaxation.Pools[p], relaxation.Shares[p]);
        }

        return best;
    }

    /// <summary>Offers the pools with the largest shares, as many as may be used.</summary>
    private void OfferRounded()
    {
        int count = 0;
        for (int p = 0; p < relaxation.PoolCount; p++)
        {
            if (!(relaxation.Shares[p] > 1e-3) || choice[relaxation.Pools[p]] == Choice.Out)
                continue;
            order[count] = relaxation.Pools[p];
            // A pool that nothing goes through at these prices is of no use whatever its share.
            orderKey[count++] = relaxation.Turnover(p) > 0 ? -relaxation.Shares[p] : -Decided * relaxation.Shares[p];
        }

        Array.Sort(orderKey, order, 0, count);
        count = Math.Min(count, limits.MaxPools ?? count);
        Array.Sort(order, 0, count);
        Best.Offer(order.AsSpan(0, count));
    }

    private ImmutableArray<SearchLeaf> Leaves()
    {
        var leaves = ImmutableArray.CreateBuilder<SearchLeaf>(closed.Count);
        foreach (SearchNode node in closed)
        {
            node.CopyChoice(choice);
            double[] prices = node.Prices;
            if (!node.IsPriced)
                graph.PriceDropped(prices);
            ReadOnlySpan<double> own = Own(prices);
            leaves.Add(new(Pools(Choice.In), Pools(Choice.Out), [.. own], exact.At(choice, own)));
        }

        return leaves.MoveToImmutable();
    }

    private ImmutableArray<int> Pools(Choice decision)
    {
        var pools = ImmutableArray.CreateBuilder<int>();
        for (int i = 0; i < choice.Length; i++)
        {
            if (choice[i] == decision)
                pools.Add(i);
        }

        return pools.ToImmutable();
    }
}
