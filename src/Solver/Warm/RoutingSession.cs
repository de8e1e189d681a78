using System.Collections.Immutable;
using System.Runtime.InteropServices;
using QTrade.Solver.Arithmetic;

namespace QTrade.Solver.Warm;

/// <summary>
/// A market kept solved: pools move, and an answer is found again by touching what moved and its neighbourhood. What it answers is a function of the problem and of the prices and trades of the answer
/// before, nothing else: a session that lived through many moves and one that loads the last problem with the last answer go on with the same bits. Where the neighbourhood does not suffice
/// <see cref="RoutingSolver"/> solves from the kept prices. Allocates nothing while it does not have to. Not for use by two threads at once.
/// </summary>
public sealed class RoutingSession
{
    /// <summary>What a pool may lose by a flow kept from before, as a part of the energy that a token may be left with.</summary>
    private const double KeptLossPart = 1;

    /// <summary>Parts of the target gap: what pools next to a changed price may lose, a token's waste, the cost of passing on what all tokens have to that are known beforehand.</summary>
    private const double LossPart = 1.0 / 64;
    private const double WastePart = 1.0 / 8;
    private const double PassingPart = 2;

    /// <summary>Part of the gap of an optimal answer at which a solve ends: later moves use up the rest before anything has to be done.</summary>
    private const double AcceptedPart = 0.9;

    private readonly SolverOptions options;
    private readonly SolverWorkspace workspace = new();
    private readonly RoutingGraph graph;
    private readonly MarketState state = new();
    private readonly LocalNewton newton;
    private readonly LocalBalance balance;
    private readonly AnsweredFlows answered = new();
    private ImmutableArray<double> values = [], holdings = [];
    private RoutingPool[] pools = [];
    private int[] firstLeg = [], losing = [], holders = [];
    private int holderCount;
    private double[] prices = [], startPrices = [];
    private bool isLocal, isStale, isStarted, isFull, areLegsCounted;
    private RoutingProblem problem = new([], [], []);

    /// <summary>Two tenders per pool of the answer before; what starts begin from, over these arrays.</summary>
    private double[] tenders = [];
    private SolverStart fromPrices = SolverStart.Cold, fromDecision = SolverStart.Cold;

    /// <param name="options">Budgets and tolerances; the defaults where null.</param>
    public RoutingSession(SolverOptions? options = null)
    {
        this.options = options ?? SolverOptions.Default;
        graph = workspace.Graph;
        newton = new(state);
        balance = new(state);
    }

    /// <summary>How the last solve ended; a caller looks at it first.</summary>
    public SolverStatus Status { get; private set; }

    /// <summary>c . psi of the kept trades, in value units.</summary>
    public double Profit { get; private set; }

    /// <summary>D at <see cref="Prices"/>, never below it.</summary>
    public double UpperBound { get; private set; }

    /// <summary>(UpperBound - Profit) / max(|UpperBound|, 1e-9).</summary>
    public double Gap { get; private set; }

    /// <summary>Newton steps of the last solve, and iterations where it solved in full.</summary>
    public int Iterations { get; private set; }

    /// <summary>nu, one per token. Valid until the next call.</summary>
    public ReadOnlySpan<double> Prices => isFull ? workspace.Answer.Prices : state.Price.AsSpan(0, values.Length);

    /// <summary>Solves that touched a neighbourhood only.</summary>
    public long LocalSolves { get; private set; }

    /// <summary>Solves that went over the whole market.</summary>
    public long FullSolves { get; private set; }

    /// <summary>Why the last solve went over the whole market; <see cref="LocalObstacle.None"/> where it did not.</summary>
    public LocalObstacle Obstacle { get; private set; }

    /// <summary>Begins with a problem and no earlier answer: the next solve is a full one.</summary>
    public void Load(RoutingProblem problem) => Load(problem, SolverStart.Cold);

    /// <summary>Begins with a problem and an earlier answer's prices and trades.</summary>
    public void Load(RoutingProblem loaded, SolverStart start)
    {
        Take(loaded);
        isStarted = !start.IsCold && start.Prices.Length == problem.TokenCount;
        isFull = false;
        isLocal = false;
        isStale = false;
        if (problem.Defect() is not null)
            return;
        if (!isStarted)
            return;
        for (int j = 0; j < values.Length; j++)
            prices[j] = double.IsFinite(start.Prices[j]) ? Math.Max(start.Prices[j], values[j]) : values[j];
        KeepTenders(start.Trades);
        Lay();
        if (isLocal)
            StartFromTenders();
    }

    /// <summary>Replaces a pool by what it has become. It trades the same tokens.</summary>
    public void Move(int pool, RoutingPool to)
    {
        ArgumentNullException.ThrowIfNull(to);
        ArgumentOutOfRangeException.ThrowIfNotEqual(to.Tokens.AsSpan().SequenceEqual(pools[pool].Tokens.AsSpan()), true, nameof(to));
        bool isAlike = workspace.Holds(problem) && to.IsSound(values.Length) && workspace.TryReplace(pool, FirstLeg(pool), to);
        pools[pool] = to;
        if (!isAlike)
        {
            workspace.Unload();
            areLegsCounted = false;
        }

        if (!isLocal || isStale)
            return;
        int leg = firstLeg[pool];
        ref WarmPool moved = ref state.Pools[pool];
        answered.Remember(pool, moved.KeptLeg, moved.KeptTender);
        if (!isAlike || !state.Pools.TryTake(pool, to, graph.LegAlive[leg], graph.LegAlive[leg + 1]))
        {
            isStale = true;
            return;
        }

        state.Evaluate(pool);
        StartFromAnswer(pool);
    }

    /// <summary>Has a pool keep what it trades in the answer, as far as it can.</summary>
    private void StartFromAnswer(int p)
    {
        ref WarmPool pool = ref state.Pools[p];
        (int leg, double tender) = answered.Of(p, in pool);
        if (leg >= 0 && pool.IsLegUsable(leg))
            state.Start(p, leg, Math.Min(tender, pool.MostTender(leg)));
        else
            state.Start(p, -1, 0);
    }

    /// <summary>Finds the answer for the pools as they are now.</summary>
    public SolverStatus Solve()
    {
        if (isStale || (!isLocal && isStarted && AllAnswerToPrices()))
            LayAnew();
        isFull = false;
        Obstacle = isLocal ? LocalObstacle.None : isStarted ? LocalObstacle.Kinds : LocalObstacle.ColdStart;
        if (isLocal && SolveLocally())
        {
            answered.Forget();
            LocalSolves++;
            return Status;
        }

        SolveInFull();
        FullSolves++;
        return Status;
    }

    /// <summary>The answer as a solution of its own, at the cost of going over the market.</summary>
    public RoutingSolution ToSolution()
    {
        if (isFull)
            return workspace.Answer.ToSolution();
        var trades = ImmutableArray.CreateBuilder<RoutingTrade>();
        for (int p = 0; p < state.Pools.Count; p++)
        {
            if (state.Pools[p].KeptLeg >= 0)
                trades.Add(TradeOf(p));
        }

        var netFlow = ImmutableArray.CreateBuilder<double>(values.Length);
        double shortfall = 0;
        for (int j = 0; j < values.Length; j++)
        {
            netFlow.Add((state.Tokens[j].Balance.Exact - holdings[j]).Nearest());
            if (state.Tokens[j].Balance.Nearest < 0)
                shortfall = Math.Max(shortfall, -state.Tokens[j].Balance.Nearest / state.Tokens[j].Gross);
        }

        return new()
        {
            Status = Status,
            Profit = Profit,
            UpperBound = UpperBound,
            Gap = Gap,
            Prices = [.. state.Price.AsSpan(0, values.Length)],
            NetFlow = netFlow.MoveToImmutable(),
            Trades = trades.ToImmutable(),
            Iterations = Iterations,
            Residual = shortfall,
        };
    }

    private RoutingTrade TradeOf(int p)
    {
        int leg = state.Pools[p].KeptLeg;
        double tender = state.Pools[p].KeptTender, received = state.Pools[p].KeptReceived;
        ImmutableArray<double> given = leg == 0 ? [tender, 0] : [0, tender], taken = leg == 0 ? [0, received] : [received, 0];
        ReadOnlySpan<double> nothing = [0, 0];
        return new(p, given, taken, pools[p].MarginalPrice(0, 1, nothing, nothing), pools[p].MarginalPrice(0, 1, given.AsSpan(), taken.AsSpan()));
    }

    /// <summary>Takes a problem's pools into an array of its own that moves replace: <see cref="problem"/> is over that array, so that no solve has to copy it.</summary>
    private void Take(RoutingProblem loaded)
    {
        if (pools.Length != loaded.Pools.Length || loaded == problem)
            pools = new RoutingPool[loaded.Pools.Length];
        loaded.Pools.CopyTo(pools);
        values = loaded.Values;
        holdings = loaded.Holdings;
        problem = new(values, holdings, ImmutableCollectionsMarshal.AsImmutableArray(pools));
        if (startPrices.Length != values.Length || tenders.Length != 2 * pools.Length)
        {
            startPrices = new double[values.Length];
            tenders = new double[2 * pools.Length];
            fromPrices = SolverStart.FromPrices(ImmutableCollectionsMarshal.AsImmutableArray(startPrices));
            fromDecision = SolverStart.Over(startPrices, tenders);
        }

        if (prices.Length < values.Length + pools.Length)
            prices = new double[values.Length + pools.Length];
        if (firstLeg.Length != pools.Length)
        {
            firstLeg = new int[pools.Length];
            losing = new int[pools.Length];
        }

        areLegsCounted = false;
        workspace.Unload();
    }

    /// <summary>Where a sound problem's pool has its first leg in the graph.</summary>
    private int FirstLeg(int pool)
    {
        int legs = 0;
        for (int p = 0; p < pools.Length && !areLegsCounted; p++)
        {
            firstLeg[p] = legs;
            legs += pools[p].LegCount;
        }

        areLegsCounted = true;
        return firstLeg[pool];
    }

    /// <summary>Which legs of a pool of two can take part in answers.</summary>
    private (bool First, bool Second) UsableLegs(int pool)
    {
        int leg = FirstLeg(pool);
        return pools[pool].LegCount == 2 ? (graph.LegAlive[leg], graph.LegAlive[leg + 1]) : (false, false);
    }

    /// <summary>Lays graph, pools and trees; tells by <see cref="isLocal"/> whether all live pools answer to prices.</summary>
    private void Lay()
    {
        isStale = false;
        if (!workspace.Holds(problem))
            _ = workspace.Load(problem);
        state.Pools.Begin(pools.Length);
        isLocal = graph.HasLiveLegs;
        for (int p = 0; p < pools.Length; p++)
        {
            (bool first, bool second) = UsableLegs(p);
            isLocal = isLocal && state.Pools.TryTake(p, pools[p], first, second);
        }

        if (!isLocal)
            return;
        state.Lay(problem);
        holderCount = 0;
        if (holders.Length < values.Length)
            holders = new int[values.Length];
        for (int j = 0; j < values.Length; j++)
        {
            if (holdings[j] > 0)
                holders[holderCount++] = j;
        }
    }

    private void KeepTenders(ImmutableArray<RoutingTrade> trades)
    {
        Array.Clear(tenders);
        foreach (RoutingTrade trade in trades)
            KeepTender(trade.Pool, trade.Tender.AsSpan());
    }

    private void KeepTenders(RoutingAnswer answer)
    {
        Array.Clear(tenders);
        for (int trade = 0; trade < answer.TradeCount; trade++)
            KeepTender(answer.Pools[trade], answer.Tender(trade));
    }

    private void KeepTender(int pool, ReadOnlySpan<double> tender)
    {
        if (tender.Length == 2 && (uint)pool < (uint)pools.Length)
            tender.CopyTo(tenders.AsSpan(2 * pool));
    }

    private void StartFromTenders()
    {
        answered.Begin(pools.Length);
        state.ForgetMispricing();
        for (int p = 0; p < pools.Length; p++)
        {
            int leg = tenders[2 * p] > 0 ? 0 : 1;
            double tender = tenders[(2 * p) + leg];
            answered.Remember(p, tender > 0 ? leg : -1, tender);
            StartFromAnswer(p);
        }

        for (int j = 0; j < values.Length; j++)
            state.TouchToken(j);
        state.EvaluateAll(prices);
    }

    /// <summary>After a move that changed what can take part, or after which all pools answer to prices: as if the problem were loaded with the kept prices and flows.</summary>
    private void LayAnew()
    {
        if (isLocal && TryTakeAnew())
            return;
        if (isLocal)
        {
            Prices.CopyTo(prices);
            Array.Clear(tenders);
            for (int p = 0; p < pools.Length; p++)
            {
                (int leg, double tender) = answered.Of(p, in state.Pools[p]);
                if (leg >= 0)
                    tenders[(2 * p) + leg] = tender;
            }
        }

        isFull = isLocal = isStale = false;
        if (problem.Defect() is not null)
            return;
        Lay();
        if (isLocal)
            StartFromTenders();
    }

    /// <summary>The same where all pools answer to prices as before: how they are laid out does not depend on what can take part, and only pools of which that changed, and those that moved, are taken.</summary>
    private bool TryTakeAnew()
    {
        if (workspace.Load(problem, refersLater: true) is not null || !graph.HasLiveLegs)
            return false;
        for (int p = 0; p < pools.Length; p++)
        {
            (bool first, bool second) = UsableLegs(p);
            ref WarmPool pool = ref state.Pools[p];
            if (state.Pools.Holds(p, pools[p]) && pool.IsFirstUsable == first && pool.IsSecondUsable == second)
                continue;
            if (!state.Pools.TryTake(p, pools[p], first, second))
                return false;
            state.Evaluate(p);
            StartFromAnswer(p);
        }

        isFull = isStale = false;
        return true;
    }

    private bool SolveLocally()
    {
        Iterations = 0;
        state.Commit();
        state.Price.AsSpan(0, values.Length).CopyTo(startPrices);
        if (state.IsMispriced && !state.AnyMispriced())
            state.ForgetMispricing();
        if (state.IsMispriced)
        {
            if (!Reprice())
                return Meet(LocalObstacle.TokensLeftOut);
            state.Commit();
        }

        var rounds = new SessionRounds();
        bool isWholeTried = false;
        balance.ForgetCutTokens();
        while (true)
        {
            Measure();
            if (!double.IsFinite(UpperBound))
                return Meet(LocalObstacle.Bound);
            double left = UpperBound - Profit, accepted = Math.Max(AcceptedPart * options.OptimalGap * UpperBound, 0.1 * options.AbsoluteFloor);
            if (left <= accepted && !AnyShort())
                return End();
            double target = Math.Max(options.TargetGap * UpperBound, 0.1 * options.AbsoluteFloor);
            bool goesOn = rounds.TryNext(left, accepted, target, state.Energy.AsSpan(0, values.Length), isAnyCut: !balance.CutTokens.IsEmpty);
            if (!goesOn && isWholeTried)
                return Meet(LocalObstacle.Rounds);
            if (!Improve(target, rounds.Energy * target, whole: !goesOn))
                return false;
            isWholeTried |= !goesOn;
        }
    }

    /// <summary>Newton steps around the tokens with residuals, flows kept where they lose by it, balances closed.</summary>
    private bool Improve(double target, double energy, bool whole)
    {
        newton.Begin();
        double loss = LossPart * target / Math.Sqrt(pools.Length), wasted = WastePart * target / Math.Sqrt(values.Length);
        int losingCount = state.Sums.FindLosses(KeptLossPart * energy, losing.AsSpan(0, pools.Length));
        foreach (int j in balance.CutTokens)
            newton.Add(j);

        balance.Begin();
        ReadOnlySpan<double> wastes = state.Waste.AsSpan(0, values.Length), energies = state.Energy.AsSpan(0, values.Length);
        for (int j = LaneRows.NextAbove(wastes, 0, wasted); j < wastes.Length; j = LaneRows.NextAbove(wastes, j + 1, wasted))
            balance.Add(j);
        for (int j = LaneRows.NextAbove(energies, 0, energy); j < energies.Length; j = LaneRows.NextAbove(energies, j + 1, energy))
        {
            if (!newton.Has(j))
                newton.Add(j);
        }

        if (whole)
            newton.AddAll();
        if (newton.TokenCount > 0)
        {
            bool found = newton.Run(energy);
            Iterations += newton.Steps;
            if (!found || (state.IsMispriced && !Reprice()))
                return Meet(found ? LocalObstacle.TokensLeftOut : LocalObstacle.Steps);
        }

        for (int i = 0; i < losingCount; i++)
            Refresh(losing[i], loss);
        int touched = state.TouchedPoolCount;
        for (int i = 0; i < touched; i++)
            Refresh(state.TouchedPools[i], loss);
        for (int i = 0; i < state.TouchedTokenCount; i++)
            balance.Add(state.TouchedTokens[i]);
        for (int i = 0; i < newton.TokenCount; i++)
            balance.Add(newton.TokenAt(i));
        double passing = target * Math.Min(1 / Math.Sqrt(values.Length), PassingPart / balance.PendingCount);
        bool balanced = balance.Run(wasted, passing);
        state.Commit();
        return balanced || !balance.CutTokens.IsEmpty || Meet(LocalObstacle.Balance);
    }

    private bool Meet(LocalObstacle obstacle)
    {
        Obstacle = obstacle;
        return false;
    }

    private void Refresh(int p, double loss)
    {
        ref WarmPool pool = ref state.Pools[p];
        bool within = newton.Has(pool.First) && newton.Has(pool.Second);
        if (within ? !pool.KeepsBest : state.Loss(p) > loss)
            state.Keep(p, pool.Leg, pool.Tender);
    }

    private bool AnyShort() => LaneRows.NextAbove(state.Waste.AsSpan(0, values.Length), 0, double.MaxValue) < values.Length;

    /// <summary>Prices tokens left out anew where the prices around them made a pool of theirs gain.</summary>
    private bool Reprice()
    {
        state.Price.AsSpan(0, values.Length).CopyTo(prices);
        graph.Value.AsSpan(values.Length, graph.NodeCount - values.Length).CopyTo(prices.AsSpan(values.Length));
        graph.PriceDropped(prices.AsSpan(0, graph.NodeCount));
        state.ForgetMispricing();
        for (int j = 0; j < values.Length; j++)
        {
            double price = double.IsFinite(prices[j]) ? Math.Max(prices[j], values[j]) : values[j];
            if (price == state.Price[j])
                continue;
            state.Price[j] = price;
            state.TouchToken(j);
        }

        for (int p = 0; p < pools.Length; p++)
        {
            if (!state.Pools[p].IsUsable)
                state.EvaluateCarried(p);
        }

        return !state.IsMispriced;
    }

    private void Measure()
    {
        double bound = state.Sums.Bound;
        for (int i = 0; i < holderCount; i++)
            bound += (state.Price[holders[i]] - values[holders[i]]) * holdings[holders[i]] * (1 + 1e-15);
        UpperBound = !double.IsFinite(bound) ? double.PositiveInfinity : bound > 0 ? bound * (1 + BoundRounding + (holderCount * AdditionRounding)) : 0;
        Profit = state.Sums.Profit;
        Gap = (UpperBound - Profit) / Math.Max(UpperBound, options.AbsoluteFloor);
    }

    /// <summary>More than the roundings of a sum over a tree of eight branches and eleven levels, and of one more addition.</summary>
    private const double BoundRounding = 1e-14;
    private const double AdditionRounding = 2.3e-16;

    private bool End()
    {
        Status = UpperBound <= options.AbsoluteFloor ? SolverStatus.NoArbitrage : SolverStatus.Optimal;
        return true;
    }

    /// <summary>
    /// From the prices that the solve began with, over the whole market. What the neighbourhoods need is laid out already where they were tried: it is the problem's alone, and an answer only sets
    /// other prices and flows there.
    /// </summary>
    private void SolveInFull()
    {
        if (!isLocal)
            prices.AsSpan(0, values.Length).CopyTo(startPrices);
        SolverStart start = !isStarted ? SolverStart.Cold : isLocal ? fromPrices : fromDecision;
        RoutingAnswer answer = RoutingSolver.SolveLoaded(problem, start, options, workspace);
        (Status, Profit, UpperBound, Gap, Iterations) = (answer.Status, answer.Profit, answer.UpperBound, answer.Gap, answer.Iterations);
        isFull = true;
        if (Status == SolverStatus.Invalid)
        {
            isStarted = isLocal = false;
            return;
        }

        isStarted = true;
        answer.Prices.CopyTo(prices);
        KeepTenders(answer);
        if (!isLocal && AllAnswerToPrices())
            Lay();
        if (isLocal)
            StartFromTenders();
    }

    /// <summary>Whether there is any use in laying out what a neighbourhood needs.</summary>
    private bool AllAnswerToPrices()
    {
        foreach (RoutingPool pool in pools)
        {
            if (!pool.AnswersToPrices && pool.EdgeCount(0) + pool.EdgeCount(1) > 0)
                return false;
        }

        return true;
    }
}
