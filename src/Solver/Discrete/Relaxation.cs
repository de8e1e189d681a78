using QTrade.Solver.Arithmetic;

namespace QTrade.Solver.Discrete;

/// <summary>
/// Minimizes the bound of a part of all choices over the prices: the dual of the relaxation in which pool i is used to a share z_i in [0, 1], its trading set
/// scaled by z_i (Günlük, Linderoth, "Perspective reformulations of mixed integer nonlinear programs", 2010),
/// <code>
///     min over nu >= c of  max over z of  sum_i z_i (arb_i(nu) - cost) + (nu - c) . h,    sum z &lt;= K, z_i = 1 where forced in
/// </code>
/// The kinks of the inner maximum are rounded off by a logarithmic barrier of weight t on each share. In y = log nu the Newton matrix is
/// that of <see cref="GroundedLaplacian"/> but for one rank, the multiplier theta of sum z &lt;= K. Any prices met on the way bound.
/// </summary>
internal sealed class Relaxation
{
    private const double LongestStep = 2;
    private const double Fixed = 1e120;
    private const int MostHalvings = 12;

    private readonly SelectionLimits limits;
    private readonly RoutingGraph graph;
    private readonly GroundedLaplacian matrix = new();
    private readonly EdgeResponses responses;
    private readonly int[] nodeOf, legFrom, legTo, legSlot, poolOf, firstLeg;
    private readonly double[] holding, value, floor;
    private readonly double[] y, trial, nu, gradient, direction, budgetPull, excess, share, give, largest, pull;
    private readonly Choice[] choice;
    private int open;
    private bool isLimited;
    private double t;

    public Relaxation(RoutingProblem problem, SelectionLimits limits, RoutingGraph graph)
    {
        this.limits = limits;
        this.graph = graph;
        int[] denseOf = new int[graph.NodeCount];
        nodeOf = Numbered(graph.NodeAlive.AsSpan(0, graph.NodeCount), denseOf);
        int[] live = Numbered(graph.LegAlive.AsSpan(0, graph.LegCount), new int[graph.LegCount]);
        (legFrom, legTo, legSlot) = (new int[live.Length], new int[live.Length], new int[live.Length]);
        var pools = new List<int>();
        var starts = new List<int>();
        for (int l = 0; l < live.Length; l++)
        {
            (legFrom[l], legTo[l]) = (denseOf[graph.LegFrom[live[l]]], denseOf[graph.LegTo[live[l]]]);
            if (pools.Count > 0 && pools[^1] == graph.LegPool[live[l]])
                continue;
            pools.Add(graph.LegPool[live[l]]);
            starts.Add(l);
        }

        starts.Add(live.Length);
        (poolOf, firstLeg) = ([.. pools], [.. starts]);
        responses = new(problem, graph, live);
        matrix.Analyze(nodeOf.Length, legFrom, legTo);
        for (int l = 0; l < live.Length; l++)
            legSlot[l] = matrix.Slot(legFrom[l], legTo[l]);

        int nodes = nodeOf.Length;
        (holding, value, floor) = (new double[nodes], new double[nodes], new double[nodes]);
        (y, trial, nu, gradient, direction, budgetPull, pull) = (
            new double[nodes], new double[nodes], new double[nodes], new double[nodes], new double[nodes], new double[nodes], new double[nodes]);
        (excess, share, give, largest, choice) = (
            new double[PoolCount], new double[PoolCount], new double[PoolCount], new double[PoolCount], new Choice[PoolCount]);
        for (int j = 0; j < nodes; j++)
        {
            (holding[j], value[j]) = (graph.Holding[nodeOf[j]], graph.Value[nodeOf[j]]);
            floor[j] = Elementary.Log(value[j] > 0 ? value[j] : graph.Reference[nodeOf[j]] * LeastPrice);
        }
    }

    /// <summary>A token without value of its own is priced at least at this share of what the market suggests.</summary>
    private const double LeastPrice = 1e-18;

    /// <summary>Pools that can take part in an answer.</summary>
    public int PoolCount => poolOf.Length;

    /// <summary>The problem's number of each of these pools.</summary>
    public ReadOnlySpan<int> Pools => poolOf;

    /// <summary>Whether as many pools as may be used are forced in.</summary>
    public bool IsFull => isLimited && open == 0;

    /// <summary>z at the last evaluated prices.</summary>
    public ReadOnlySpan<double> Shares => share;

    /// <summary>arb_i - cost at the last evaluated prices.</summary>
    public ReadOnlySpan<double> Excess => excess;

    /// <summary>Responses of legs asked for so far.</summary>
    public long Responses { get; private set; }

    /// <summary>The bound at the last evaluated prices, without the barrier.</summary>
    public double Bound { get; private set; }

    /// <summary>At the barrier's minimizer the relaxation's value is within this of <see cref="Bound"/>.</summary>
    public double Slack { get; private set; }

    /// <summary>What a Newton step promises, in value units; tends to 0 at the barrier's minimizer.</summary>
    public double Decrement { get; private set; }

    /// <summary>Takes up a part of all choices at prices, one per node of the graph, and evaluates there.</summary>
    public void Begin(ReadOnlySpan<Choice> problemChoice, ReadOnlySpan<double> prices, double barrier)
    {
        int forced = 0;
        foreach (Choice each in problemChoice)
            forced += each == Choice.In ? 1 : 0;
        isLimited = limits.MaxPools is not null;
        open = Math.Max(0, (limits.MaxPools ?? 0) - forced);
        for (int p = 0; p < PoolCount; p++)
            choice[p] = problemChoice[poolOf[p]] == Choice.Free && IsFull ? Choice.Out : problemChoice[poolOf[p]];
        // Forced pools that cannot trade cost all the same.
        Idle = forced;
        foreach (int i in poolOf)
            Idle -= problemChoice[i] == Choice.In ? 1 : 0;
        for (int j = 0; j < nodeOf.Length; j++)
        {
            double price = prices[nodeOf[j]];
            y[j] = Math.Max(floor[j], Elementary.Log(price > 0 && double.IsFinite(price) ? price : graph.Reference[nodeOf[j]]));
        }

        t = barrier;
        Evaluate(y);
    }

    private int Idle { get; set; }

    /// <summary>Another barrier weight at the same prices.</summary>
    public void Lower(double barrier)
    {
        t = barrier;
        Evaluate(y);
    }

    /// <summary>The prices, one per node of the graph that takes part.</summary>
    public void CopyPrices(Span<double> prices)
    {
        for (int j = 0; j < nodeOf.Length; j++)
            prices[nodeOf[j]] = Math.Max(nu[j], value[j]);
    }

    /// <summary>One projected Newton step with a line search on the slope along it; false when it finds no way down.</summary>
    public bool Step()
    {
        FindDirection();
        double promise = Promise(LongestStep);
        if (!(promise > 0))
        {
            // Rounding has spoilt the matrix: steepest descent in y.
            for (int j = 0; j < y.Length; j++)
                direction[j] = y[j] <= floor[j] && gradient[j] >= 0 ? 0 : -gradient[j] / (Math.Abs(gradient[j]) + Math.Abs(Bound));
            promise = Promise(LongestStep);
        }

        Decrement = promise;
        if (!(promise > 0) || !double.IsFinite(promise))
            return false;
        double length = 1;
        gradient.CopyTo(pull, 0);
        for (int attempt = 0; attempt < MostHalvings; attempt++)
        {
            double before = 0, after = 0;
            for (int j = 0; j < y.Length; j++)
            {
                trial[j] = Math.Max(floor[j], y[j] + length * direction[j]);
                before += pull[j] * (trial[j] - y[j]);
            }

            Evaluate(trial);
            for (int j = 0; j < y.Length; j++)
                after += gradient[j] * (trial[j] - y[j]);
            if (after <= 0.3 * Math.Abs(before))
                break;
            length *= Math.Clamp(before / (before - after), 0.05, 0.6);
        }

        trial.CopyTo(y, 0);
        return true;
    }

    /// <summary>What goes through the pool at the last evaluated prices, in value units.</summary>
    public double Turnover(int pool)
    {
        double sum = 0;
        for (int l = firstLeg[pool]; l < firstLeg[pool + 1]; l++)
            sum += responses.Received[l];
        return sum;
    }

    /// <summary>Clips the direction and tells how steeply the value falls along it.</summary>
    private double Promise(double longest)
    {
        double promise = 0;
        for (int j = 0; j < y.Length; j++)
        {
            direction[j] = Math.Clamp(direction[j], -longest, longest);
            promise -= gradient[j] * direction[j];
        }

        return promise;
    }

    private static int[] Numbered(ReadOnlySpan<bool> alive, int[] denseOf)
    {
        var numbers = new List<int>();
        for (int k = 0; k < alive.Length; k++)
        {
            denseOf[k] = alive[k] ? numbers.Count : -1;
            if (alive[k])
                numbers.Add(k);
        }

        return [.. numbers];
    }

    /// <summary>Responses, shares, bound and the gradient in y at the given y.</summary>
    private void Evaluate(double[] at)
    {
        double bound = -Idle * limits.CostPerPool;
        Responses += legFrom.Length;
        for (int j = 0; j < at.Length; j++)
        {
            nu[j] = at[j] <= floor[j] && value[j] > 0 ? value[j] : Elementary.Exp(at[j]);
            gradient[j] = nu[j] * holding[j];
            bound += (nu[j] - value[j]) * holding[j];
        }

        int candidates = 0;
        for (int p = 0; p < PoolCount; p++)
        {
            excess[p] = 0;
            if (choice[p] == Choice.Out)
                continue;
            for (int l = firstLeg[p]; l < firstLeg[p + 1]; l++)
            {
                responses.Respond(l, nu[legFrom[l]], nu[legTo[l]], t);
                excess[p] += responses.Value[l];
            }

            excess[p] -= limits.CostPerPool;
            if (choice[p] == Choice.In)
                bound += excess[p];
            else if (excess[p] > 0)
                largest[candidates++] = excess[p];
        }

        int most = isLimited ? Math.Min(open, candidates) : candidates;
        if (most < candidates)
            Array.Sort(largest, 0, candidates);
        for (int k = candidates - most; k < candidates; k++)
            bound += largest[k];
        Bound = bound;
        FindShares();
        for (int p = 0; p < PoolCount; p++)
        {
            if (choice[p] == Choice.Out)
                continue;
            for (int l = firstLeg[p]; l < firstLeg[p + 1]; l++)
            {
                gradient[legTo[l]] += share[p] * responses.Received[l];
                gradient[legFrom[l]] -= share[p] * responses.Tendered[l];
            }
        }
    }

    /// <summary>z with the multiplier theta of sum z &lt;= K, found by a safeguarded Newton iteration.</summary>
    private void FindShares()
    {
        double theta = 0, low = 0, high = double.PositiveInfinity;
        for (int step = 0; step < 100; step++)
        {
            double sum = Fill(theta, out double slope);
            if (!isLimited || (theta == 0 && sum <= open) || open == 0)
                break;
            if (sum > open)
                low = theta;
            else
                high = theta;
            if (Math.Abs(sum - open) <= 1e-12 * open)
                break;
            double next = theta + (sum - open) / slope;
            if (!(next > low && next < high))
                next = double.IsFinite(high) ? 0.5 * (low + high) : 2 * low + largestExcess;
            if (next == theta)
                break;
            theta = next;
        }

        IsBudgetTight = theta > 0;
        int terms = responses.BarrierTerms;
        for (int p = 0; p < PoolCount; p++)
            terms += choice[p] == Choice.Free ? 2 : 0;
        Slack = terms * t;
    }

    private double largestExcess;

    private bool IsBudgetTight { get; set; }

    private double Fill(double theta, out double slope)
    {
        double sum = 0;
        slope = 0;
        largestExcess = t;
        for (int p = 0; p < PoolCount; p++)
        {
            (share[p], give[p]) = (choice[p] == Choice.In ? 1 : 0, 0);
            if (choice[p] != Choice.Free)
                continue;
            double loss = theta - excess[p];
            share[p] = Barrier.Fill(loss, t);
            give[p] = Barrier.Give(share[p], loss, t);
            sum += share[p];
            slope += give[p];
            largestExcess = Math.Max(largestExcess, excess[p]);
        }

        return sum;
    }

    private void FindDirection()
    {
        matrix.Clear();
        Array.Clear(budgetPull);
        double budgetGive = 0;
        for (int p = 0; p < PoolCount; p++)
        {
            if (choice[p] == Choice.Out)
                continue;
            for (int l = firstLeg[p]; l < firstLeg[p + 1]; l++)
                AddLink(l, share[p] * responses.WeightAcross[l], share[p] * responses.WeightIn[l], share[p] * responses.WeightOut[l]);
            if (choice[p] != Choice.Free)
                continue;
            AddShare(p);
            budgetGive += give[p];
        }

        for (int j = 0; j < y.Length; j++)
        {
            bool held = y[j] <= floor[j] && gradient[j] >= 0;
            matrix.AddExcess(j, held ? Fixed : 1e-14 * Math.Abs(gradient[j]) + 1e-300);
            direction[j] = held ? 0 : -gradient[j];
            budgetPull[j] = held ? 0 : budgetPull[j];
        }

        matrix.Factor();
        matrix.Solve(direction);
        if (!IsBudgetTight)
            return;
        budgetPull.CopyTo(trial, 0);
        matrix.Solve(trial);
        double across = 0, along = 0;
        for (int j = 0; j < y.Length; j++)
        {
            across += budgetPull[j] * direction[j];
            along += budgetPull[j] * trial[j];
        }

        double factor = across / Math.Max(budgetGive - along, 1e-10 * budgetGive);
        for (int j = 0; j < y.Length; j++)
            direction[j] += factor * trial[j];
    }

    /// <summary>
    /// The curvature that the moving share of a pool adds, dz/darb v v' with v its flows in value. Between more than two nodes it is replaced by its
    /// diagonal majorant, which the Laplacian form can hold.
    /// </summary>
    private void AddShare(int p)
    {
        int first = firstLeg[p], end = firstLeg[p + 1];
        int a = legFrom[first], b = legTo[first];
        bool isPair = end == first + 1 || (end == first + 2 && legFrom[first + 1] == b && legTo[first + 1] == a);
        double va = 0, vb = 0, sum = 0;
        for (int l = first; l < end; l++)
        {
            double received = responses.Received[l], tendered = responses.Tendered[l];
            budgetPull[legTo[l]] += give[p] * received;
            budgetPull[legFrom[l]] -= give[p] * tendered;
            vb += legTo[l] == b ? received : -tendered;
            va += legFrom[l] == a ? -tendered : received;
            sum += received + tendered;
        }

        if (isPair)
        {
            AddLink(first, -give[p] * va * vb, give[p] * va * va, give[p] * vb * vb);
            return;
        }

        for (int l = first; l < end; l++)
        {
            matrix.AddExcess(legTo[l], give[p] * sum * responses.Received[l]);
            matrix.AddExcess(legFrom[l], give[p] * sum * responses.Tendered[l]);
        }
    }

    private void AddLink(int leg, double across, double @in, double @out)
    {
        matrix.AddWeight(legSlot[leg], across);
        matrix.AddExcess(legFrom[leg], @in - across);
        matrix.AddExcess(legTo[leg], @out - across);
    }
}
