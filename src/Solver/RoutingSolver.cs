using QTrade.Solver.Newton;

namespace QTrade.Solver;

/// <summary>
/// Solves a routing problem to a certified gap: Newton steps on the dual where every pool trades two tokens, an interior point elsewhere and
/// where those stall. Once the one or the other is close a feasible trade and a dual bound are made of it; the gap between these two, nothing else, decides
/// when to stop. A pure function of problem, start and options.
/// </summary>
public static class RoutingSolver
{
    /// <summary>Relative complementarity from which on it pays to round and certify.</summary>
    private const double Close = 3e-10;

    /// <summary>Relative value of the balances that do not close up to which this is so.</summary>
    private const double NearlyBalanced = 1e-7;

    /// <summary>Attempts at the target gap that bring nothing before the answer is taken as it is.</summary>
    private const int MostIdleAttempts = 8;

    /// <summary>Attempts that bring nothing before the last digits of prices are chosen.</summary>
    private const int IdleBeforePolish = 3;

    /// <summary>Attempts of the Newton method at the target gap, and those that do not halve it.</summary>
    private const int MostNewtonAttempts = 12;
    private const int MostNewtonFailures = 3;

    /// <summary>Newton steps that do not halve the residual before the interior point takes over.</summary>
    private const int MostIdleNewtonSteps = 8;

    /// <summary>Relative residual and predicted descent at which it pays to certify the Newton method's prices.</summary>
    private const double NewtonResidual = 1e-10;
    internal const double NewtonDecrement = 1e-5;

    /// <summary>
    /// The same where pools have linear pieces, whose weights make any descent look small: a residual is to be small as well, or less small where steps no more halve it, as where idle pools hold a token, or
    /// the descent next to nothing. Steps that do not halve it are usual there.
    /// </summary>
    private const double FirstLinearDecrement = 1e-6;
    private const double LinearDecrement = 1e-13;
    private const double LinearResidual = 1e-6;
    private const double HeldLinearResidual = 1e-3;
    private const int IdleBeforeHeld = 3;
    private const int MostIdleLinearSteps = 30;

    /// <summary>
    /// The attempt after which the last digits of prices are chosen, where the trade earns what it should and it is the bound that is off: pieces may be deeper than a profit by more orders than a
    /// double has digits.
    /// </summary>
    private const int AttemptBeforePolish = 1;
    private const double PolishedGap = 1e-5;
    private const double PolishedLoss = 1e-9;

    /// <summary>Gap up to which what is missing may be last digits of two prices together.</summary>
    private const double PairedGap = 1e-3;

    /// <summary>Last digits of prices that polishing can be expected to bring: what is missing by more is not theirs.</summary>
    private const double PolishedDigits = 32;

    /// <summary>Pools of a token whose price is polished first.</summary>
    private const int FewPools = 16;

    /// <summary>Gap down to which what is missing may be what a token of no worth would bring; with linear pieces tokens are short by the digits of how full those are.</summary>
    private const double LiftedGap = 1e-4;

    /// <summary>Relative predicted descent at which an attempt that failed, and not by what a token would bring, says that digits were lost: the next one is made in double-double throughout.</summary>
    private const double ExactDecrement = 1e-8;

    /// <summary>Where pools have linear pieces, part of what is missing that their kinks explain, or relative residual that does: no digits need be lost then in the first attempts.</summary>
    private const double ExplainedPart = 0.5;
    private const double ExplainingResidual = 1e-8;
    private const int MostPlainAttempts = 4;

    /// <param name="problem">The problem.</param>
    /// <param name="start">Where to begin.</param>
    /// <param name="options">Budgets and tolerances.</param>
    /// <param name="workspace">Arrays to work in, or null for new ones.</param>
    public static RoutingSolution Solve(RoutingProblem problem, SolverStart start, SolverOptions options, SolverWorkspace? workspace = null) =>
        SolveInto(problem, start, options, workspace ?? new()).ToSolution();

    /// <summary>
    /// The same into the workspace's own answer, which the next solve in it overwrites: nothing is allocated once the workspace has met a problem of that size.
    /// </summary>
    public static RoutingAnswer SolveInto(RoutingProblem problem, SolverStart start, SolverOptions options, SolverWorkspace workspace)
    {
        workspace.Unload();
        return SolveLoaded(problem, start, options, workspace);
    }

    /// <summary>The same, where the workspace may hold the problem already, with its pools as they are now.</summary>
    internal static RoutingAnswer SolveLoaded(RoutingProblem problem, SolverStart start, SolverOptions options, SolverWorkspace workspace)
    {
        workspace.SecondCore.Begin(problem.Pools.IsDefault ? 0 : problem.Pools.Length);
        try
        {
            return SolveOn(problem, start, options, workspace);
        }
        finally
        {
            workspace.SecondCore.End();
        }
    }

    private static RoutingAnswer SolveOn(RoutingProblem problem, SolverStart start, SolverOptions options, SolverWorkspace workspace)
    {
        if (!workspace.Holds(problem) && workspace.Load(problem) is { } defect)
        {
            workspace.Answer.Refuse(problem, defect);
            return workspace.Answer;
        }

        var search = new Search(problem, workspace, options);
        if (!workspace.Graph.HasLiveLegs)
            search.BoundAtRest();
        else if (!search.RunNewton(start) && !search.RunNewtonAnew(start))
            search.Run(start);
        search.Answer(workspace.Answer);
        return workspace.Answer;
    }

    /// <summary>The answer to a problem that is not to be solved, with the reason.</summary>
    public static RoutingSolution Refuse(RoutingProblem problem, string reason) => new()
    {
        Status = SolverStatus.Invalid,
        Reason = reason,
        Profit = 0,
        UpperBound = 0,
        Gap = 0,
        Prices = problem.Values.IsDefault ? [] : problem.Values,
        NetFlow = problem.Values.IsDefault ? [] : [.. new double[problem.Values.Length]],
        Trades = [],
        Iterations = 0,
        Residual = 0,
    };

    /// <summary>One solve: the iteration and the best bound and the best trade it has met.</summary>
    private ref struct Search(RoutingProblem problem, SolverWorkspace workspace, SolverOptions options)
    {
        private readonly PriceNewton newton = workspace.Newton;
        private readonly InteriorPoint point = workspace.Point;
        private double bound = double.PositiveInfinity;
        private double profit;

        /// <summary>The same of what the iteration has met by itself, by which it tells whether more comes of it.</summary>
        private double boundOfRun, profitOfRun;
        private bool trades;
        private int iterations;
        private bool spent;

        /// <summary>
        /// The fast way, where all pools answer to prices: Newton steps on the dual until its prices are certified, to the gap aimed at or, where a second look does not come nearer to it
        /// or the prices are not near enough to their kinks for one, to the one that counts as optimal. False where it stalls before, and what it found stays the best so far.
        /// </summary>
        public bool RunNewton(SolverStart start)
        {
            if (!workspace.TryLoadNewton())
                return false;
            newton.Begin(start);
            double least = newton.Residual;
            bool linear = newton.Pools.HasLinear;
            double decrement = linear ? FirstLinearDecrement : NewtonDecrement;
            double open = double.PositiveInfinity;
            int idle = 0, attempts = 0, failures = 0;
            bool exact = false, close = newton.Residual <= NewtonResidual * newton.Dual || newton.Dual <= options.AbsoluteFloor;
            while (true)
            {
                if (close && !newton.TryAlign(Math.Max(options.TargetGap * newton.Dual, 0.1 * options.AbsoluteFloor)))
                {
                    if (IsMet(options.OptimalGap))
                        return true;
                    newton.Recentre();
                    least = double.PositiveInfinity;
                    idle = 0;
                }
                else if (close)
                {
                    CertifyNewton(exact);
                    if (IsMet(options.TargetGap))
                        return true;
                    bool gained = bound - profit < 0.5 * open;
                    if (!gained && IsMet(options.OptimalGap))
                        return true;
                    if (linear && attempts == AttemptBeforePolish && !IsMet(options.OptimalGap)
                        && bound - profit <= Math.Min(PolishedGap * bound, PolishedDigits * newton.WorthOfADigit())
                        && profit >= newton.Dual * (1 - PolishedLoss))
                    {
                        Polish(options.TargetGap);
                        if (IsMet(options.TargetGap))
                            return true;
                    }

                    attempts++;
                    failures += linear || gained ? 0 : 1;
                    open = bound - profit;
                    if (failures == MostNewtonFailures || attempts == MostNewtonAttempts)
                        return IsMetAtLast();
                    bool lostDigits = attempts > 1 || (iterations > 0 && newton.Decrement <= ExactDecrement * newton.Dual && !(open > LiftedGap * bound));
                    exact = attempts >= MostPlainAttempts || (lostDigits && !IsExplained(open));
                    decrement *= 0.1;
                    newton.LoosenIdlePools();
                    newton.GoOnFromKinks(bound - profit > LiftedGap * bound);
                    if (!linear || bound - profit > LiftedGap * bound)
                        newton.LiftShortTokens();
                }

                if (iterations == options.MaxIterations || idle == (linear ? MostIdleLinearSteps : MostIdleNewtonSteps) || !newton.Step())
                    return IsMetAtLast();
                iterations++;
                idle = newton.Residual < 0.5 * least ? 0 : idle + 1;
                least = Math.Min(least, newton.Residual);
                close = newton.Decrement <= decrement * Math.Max(newton.Dual, options.AbsoluteFloor)
                    && (!linear || newton.Residual <= (idle < IdleBeforeHeld ? LinearResidual : HeldLinearResidual) * newton.Dual || newton.Decrement <= LinearDecrement * newton.Dual);
            }
        }

        /// <summary>Whether prices that were not all at their kinks, or balances that were not closed, explain what an attempt is missing.</summary>
        private readonly bool IsExplained(double missing) =>
            newton.Pools.HasLinear && (newton.KinkLoss >= ExplainedPart * missing || newton.Residual > ExplainingResidual * newton.Dual);

        /// <summary>
        /// The same from no earlier answer: its prices may be where no step leads on from, such as next to nothing for a token that has become scarce. A second try costs less than the other method's.
        /// </summary>
        public bool RunNewtonAnew(SolverStart start) => !start.IsCold && RunNewton(SolverStart.Cold);

        /// <summary>Whether the answer counts as optimal where no more steps lead on: with the last digits of prices chosen in pairs, if those can be what is missing.</summary>
        private bool IsMetAtLast()
        {
            if (!newton.Pools.HasLinear || IsMet(options.OptimalGap) || !(bound - profit <= Math.Min(PairedGap * bound, PolishedDigits * newton.WorthOfADigit())))
                return IsMet(options.OptimalGap);
            PolishPairs();
            return IsMet(options.OptimalGap);
        }

        private void PolishPairs()
        {
            Span<double> prices = workspace.Prices.AsSpan(0, problem.TokenCount);
            workspace.BestPrices.AsSpan(0, problem.TokenCount).CopyTo(prices);
            if (workspace.PairPolish.Polish(problem, prices, options.OptimalGap * bound))
                Bound(prices);
        }

        private void CertifyNewton(bool exact)
        {
            Span<double> prices = MarketPrices();
            newton.CopyPrices(prices);
            PriceTheRest(prices);
            double value = exact ? double.NaN : newton.UpperBound(prices);
            if (double.IsNaN(value))
                Bound(prices);
            else
                Bound(prices, value);
            TradeNewton(exact, supplies: false);
            if (!IsMet(newton.Trade.GoesWithout ? options.TargetGap : options.OptimalGap))
                TradeNewton(exact, supplies: true);
        }

        private void TradeNewton(bool exact, bool supplies)
        {
            TreeCrossover trade = newton.Trade;
            if (!trade.Build(exact, supplies) || !(trade.Profit > profit))
                return;
            profit = trade.Profit;
            trades = true;
            ForgetTrades();
            PricedPools pools = newton.Pools;
            for (int p = 0; p < pools.Count; p++)
            {
                if (!(trade.Tender[p] > 0))
                    continue;
                workspace.BestTender[pools.GraphLeg[p] + pools.Leg[p]] = trade.Tender[p];
                workspace.BestReceived[pools.GraphLeg[p] + pools.Leg[p]] = trade.Received[p];
            }
        }

        /// <summary>
        /// The interior point's way; once more from no earlier answer, with a budget of its own, where none leads on from that. Where doubles as they fall do not prove its answer, their last digits are chosen.
        /// </summary>
        public void Run(SolverStart start)
        {
            workspace.LoadInterior();
            (boundOfRun, profitOfRun) = (bound, profit);
            Iterate(start, options.MaxIterations);
            Finish();
            if (start.IsCold || CountsAsOptimal())
                return;
            (boundOfRun, profitOfRun) = (double.PositiveInfinity, 0);
            Iterate(SolverStart.Cold, iterations + options.MaxIterations);
            Finish();
        }

        private void Finish()
        {
            if (IsMet(options.OptimalGap))
                return;
            Bound(problem.Values.AsSpan());
            Polish(options.OptimalGap);
            if (!IsMet(options.OptimalGap) && bound - profit <= PairedGap * bound)
                PolishPairs();
        }

        /// <summary>Iterate; certify when close; go on to smaller products until the gap is met or nothing more comes of it.</summary>
        private void Iterate(SolverStart start, int mostIterations)
        {
            point.Begin(start);
            double attempted = double.PositiveInfinity;
            int idle = 0;
            while (true)
            {
                point.Linearize();
                if (!point.IsFinite)
                    break;
                double magnitude = Math.Max(Math.Abs(point.Objective), options.AbsoluteFloor);
                double open = point.Complementarity + point.Infeasibility;
                bool close = (point.Complementarity < Close * magnitude && point.Infeasibility < NearlyBalanced * magnitude) || open < 0.1 * options.AbsoluteFloor;
                if (close && open < 0.5 * attempted)
                {
                    attempted = open;
                    double before = boundOfRun - profitOfRun;
                    Certify();
                    if (IsMet(options.TargetGap))
                        return;
                    idle = boundOfRun - profitOfRun < 0.7 * before ? 0 : idle + 1;
                    if (idle == IdleBeforePolish)
                    {
                        Polish(options.OptimalGap);
                        if (IsMet(options.OptimalGap))
                            return;
                    }

                    if (idle >= MostIdleAttempts)
                        return;
                    if (point.Infeasibility < Math.Max(point.Complementarity, Close * magnitude))
                        point.LowerFloor();
                }

                if (iterations >= mostIterations)
                {
                    spent = true;
                    break;
                }

                if (!point.Step())
                    break;
                iterations++;
            }

            Certify();
        }

        /// <summary>Tokens of few pools first: between a pool's two prices it is enough to move one, and those of a hub cost as much as all others together.</summary>
        private void Polish(double enough)
        {
            if (!double.IsFinite(bound))
                return;
            Polish(FewPools);
            if (!IsMet(enough))
                Polish(int.MaxValue);
        }

        private void Polish(int mostPools)
        {
            Span<double> prices = workspace.Prices.AsSpan(0, problem.TokenCount);
            workspace.BestPrices.AsSpan(0, problem.TokenCount).CopyTo(prices);
            workspace.Polish.Polish(problem, prices, mostPools);
            Bound(prices);
        }

        /// <summary>Takes D(nu) at the given prices if it is the lowest bound so far.</summary>
        public void Bound(ReadOnlySpan<double> prices) => Bound(prices, DualAt(prices));

        private readonly double DualAt(ReadOnlySpan<double> prices) => Certificate.UpperBound(problem, prices, workspace.Values.At(problem, prices));

        /// <summary>The bound at the iterate's prices, tokens left out included.</summary>
        public void BoundHere()
        {
            Span<double> prices = MarketPrices();
            point.CopyPrices(prices);
            workspace.Graph.LowerLevels(prices);
            PriceTheRest(prices);
            double value = DualAt(prices);
            boundOfRun = Math.Min(boundOfRun, value);
            Bound(prices, value);
        }

        /// <summary>The bound where nothing can be traded.</summary>
        public void BoundAtRest()
        {
            Bound(problem.Values.AsSpan());
            Span<double> prices = MarketPrices();
            PriceTheRest(prices);
            Bound(prices);
            if (!IsMet(options.TargetGap))
                Polish(options.TargetGap);
        }

        private void Bound(ReadOnlySpan<double> prices, double value)
        {
            if (!(value < bound))
                return;
            bound = value;
            prices[..problem.TokenCount].CopyTo(workspace.BestPrices);
        }

        private readonly Span<double> MarketPrices()
        {
            RoutingGraph graph = workspace.Graph;
            Span<double> prices = workspace.Prices.AsSpan(0, graph.NodeCount);
            graph.Value.AsSpan(0, graph.NodeCount).CopyTo(prices);
            return prices;
        }

        private readonly void PriceTheRest(Span<double> prices)
        {
            workspace.Graph.PriceDropped(prices);
            for (int j = 0; j < problem.TokenCount; j++)
                prices[j] = double.IsFinite(prices[j]) ? Math.Max(prices[j], problem.Values[j]) : problem.Values[j];
        }

        private readonly void ForgetTrades()
        {
            workspace.BestTender.AsSpan(0, workspace.Graph.LegCount).Clear();
            workspace.BestReceived.AsSpan(0, workspace.Graph.LegCount).Clear();
        }

        private void Certify()
        {
            if (!point.IsFinite)
                return;
            BoundHere();
            FeasibleTrade trade = workspace.Trade;
            trade.Build(workspace.Graph, workspace.Pools, point);
            Keep(trade);
            if (IsMet(options.OptimalGap))
                return;
            trade.BuildFromWorthyFlows(workspace.Graph, workspace.Pools, point);
            Keep(trade);
        }

        private void Keep(FeasibleTrade trade)
        {
            profitOfRun = Math.Max(profitOfRun, trade.Profit);
            if (!(trade.Profit > profit))
                return;
            profit = trade.Profit;
            trades = true;
            ForgetTrades();
            for (int leg = 0; leg < point.LegCount; leg++)
            {
                workspace.BestTender[point.GraphLeg[leg]] = trade.Tender[leg];
                workspace.BestReceived[point.GraphLeg[leg]] = trade.Received[leg];
            }
        }

        private readonly bool IsMet(double relative) =>
            bound <= options.AbsoluteFloor || double.IsFinite(bound) && (bound - profit <= options.AbsoluteFloor * 0.1 || bound - profit <= relative * bound);

        /// <summary>Whether the status would be so, by the gap for what trades.</summary>
        private readonly bool CountsAsOptimal() => IsMet(options.OptimalGap) || (IsMet(options.OptimalGapPiecewise) && AnyPiecewiseTrades());

        private readonly bool AnyPiecewiseTrades()
        {
            if (!trades)
                return false;
            for (int leg = 0; leg < workspace.Graph.LegCount; leg++)
            {
                if (workspace.BestTender[leg] > 0 && workspace.Graph.IsPiecewise(leg))
                    return true;
            }

            return false;
        }

        public readonly void Answer(RoutingAnswer answer)
        {
            if (!double.IsFinite(bound))
            {
                answer.Refuse(problem, "the amounts and prices are too large for double precision");
                return;
            }

            answer.Take(problem, workspace, trades);
            double gap = (bound - answer.Profit) / Math.Max(bound, options.AbsoluteFloor);
            bool met = gap <= (answer.HasPiecewise ? options.OptimalGapPiecewise : options.OptimalGap) || bound - answer.Profit <= options.AbsoluteFloor;
            answer.Status = bound <= options.AbsoluteFloor ? SolverStatus.NoArbitrage
                : met ? SolverStatus.Optimal
                : spent ? SolverStatus.Budget
                : SolverStatus.Inaccurate;
            answer.UpperBound = bound;
            answer.Gap = gap;
            answer.Iterations = iterations;
        }
    }
}
