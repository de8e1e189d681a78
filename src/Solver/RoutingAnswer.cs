using System.Collections.Immutable;
using QTrade.Solver.Arithmetic;

namespace QTrade.Solver;

/// <summary>
/// The answer to the last problem that a workspace solved, in arrays that the next solve takes again: a caller that solves one problem after another and only
/// looks at numbers allocates nothing. <see cref="ToSolution"/> makes a copy to keep.
/// </summary>
public sealed class RoutingAnswer
{
    /// <summary>Part of what a leg can give at most below which a trade is none: a check of fifty digits could not tell it from nothing.</summary>
    private const double Dust = 1e-32;

    /// <summary>Shortfall relative to the turnover that the going of dust may leave.</summary>
    private const double Tolerated = 5e-13;

    private readonly CompensatedSums psi = new();
    private RoutingProblem problem = null!;
    private double[] gross = [], prices = [], netFlow = [], tender = [], receive = [];
    private int[] pools = [], start = [];
    private int tokenCount;

    internal RoutingAnswer()
    {
    }

    /// <summary>How the solve ended.</summary>
    public SolverStatus Status { get; internal set; }

    /// <summary>Why the problem was refused; null unless <see cref="Status"/> is <see cref="SolverStatus.Invalid"/>.</summary>
    public string? Reason { get; internal set; }

    /// <summary>c . psi of the trades, in value units.</summary>
    public double Profit { get; private set; }

    /// <summary>The dual D(nu) at <see cref="Prices"/>, never below the exact value there.</summary>
    public double UpperBound { get; internal set; }

    /// <summary>(UpperBound - Profit) / max(|UpperBound|, 1e-9).</summary>
    public double Gap { get; internal set; }

    /// <summary>Steps and iterations together.</summary>
    public int Iterations { get; internal set; }

    /// <summary>Largest shortfall of psi + h over all tokens, relative to the token's gross turnover; 0 when no token is short.</summary>
    public double Residual { get; private set; }

    /// <summary>nu >= c, one per token.</summary>
    public ReadOnlySpan<double> Prices => prices.AsSpan(0, tokenCount);

    /// <summary>psi of the trades, one per token.</summary>
    public ReadOnlySpan<double> NetFlow => netFlow.AsSpan(0, tokenCount);

    /// <summary>The pools that trade, in the problem's order.</summary>
    public ReadOnlySpan<int> Pools => pools.AsSpan(0, TradeCount);

    /// <summary>How many pools trade.</summary>
    public int TradeCount { get; private set; }

    /// <summary>Whether a pool with linear or near-linear pieces trades.</summary>
    internal bool HasPiecewise { get; private set; }

    /// <summary>Delta of the n-th pool that trades, per token in the pool's own order.</summary>
    public ReadOnlySpan<double> Tender(int trade) => tender.AsSpan(start[trade], start[trade + 1] - start[trade]);

    /// <summary>Lambda of the n-th pool that trades, per token in the pool's own order.</summary>
    public ReadOnlySpan<double> Receive(int trade) => receive.AsSpan(start[trade], start[trade + 1] - start[trade]);

    /// <summary>A copy that later solves leave alone.</summary>
    public RoutingSolution ToSolution()
    {
        if (Status == SolverStatus.Invalid)
            return RoutingSolver.Refuse(problem, Reason ?? "");
        var trades = ImmutableArray.CreateBuilder<RoutingTrade>(TradeCount);
        for (int trade = 0; trade < TradeCount; trade++)
            trades.Add(TradeOf(trade));
        return new()
        {
            Status = Status,
            Profit = Profit,
            UpperBound = UpperBound,
            Gap = Gap,
            Prices = [.. Prices],
            NetFlow = [.. NetFlow],
            Trades = trades.MoveToImmutable(),
            Iterations = Iterations,
            Residual = Residual,
        };
    }

    /// <summary>The answer is that the problem is not to be solved.</summary>
    internal void Refuse(RoutingProblem refused, string reason)
    {
        problem = refused;
        Status = SolverStatus.Invalid;
        Reason = reason;
        Profit = UpperBound = Gap = Residual = 0;
        Iterations = TradeCount = tokenCount = 0;
    }

    /// <summary>Takes the best prices and, where there is one, the best trade that the workspace holds, with what the trade sums to.</summary>
    internal void Take(RoutingProblem solved, SolverWorkspace workspace, bool any)
    {
        problem = solved;
        Reason = null;
        tokenCount = solved.TokenCount;
        Grow(workspace.Graph);
        workspace.BestPrices.AsSpan(0, tokenCount).CopyTo(prices);
        TradeCount = 0;
        HasPiecewise = false;
        psi.Begin(workspace.Graph.NodeCount);
        Array.Clear(gross, 0, tokenCount);
        if (any)
        {
            DropDust(workspace);
            TakeTrades(workspace);
        }

        SumUp();
    }

    private void TakeTrades(SolverWorkspace workspace)
    {
        int amounts = workspace.Graph.IsAllPairs ? TakePairs(workspace) : TakeAny(workspace);
        start[TradeCount] = amounts;
    }

    /// <summary>Where every pool has two legs; answers how many amounts there are.</summary>
    private int TakePairs(SolverWorkspace workspace)
    {
        RoutingGraph graph = workspace.Graph;
        ReadOnlySpan<double> tendered = workspace.BestTender.AsSpan(0, graph.LegCount);
        int amounts = 0;
        for (int leg = 0; leg < tendered.Length - 1; leg += 2)
        {
            if (!(tendered[leg] > 0) && !(tendered[leg + 1] > 0))
                continue;
            pools[TradeCount] = leg >> 1;
            start[TradeCount++] = amounts;
            amounts = TakePair(workspace, leg, amounts);
            HasPiecewise |= graph.IsPiecewise(leg);
        }

        return amounts;
    }

    private int TakeAny(SolverWorkspace workspace)
    {
        RoutingGraph graph = workspace.Graph;
        int amounts = 0;
        for (int leg = 0; leg < graph.LegCount;)
        {
            int pool = graph.LegPool[leg], first = leg;
            bool trades = false;
            for (; leg < graph.LegCount && graph.LegPool[leg] == pool; leg++)
                trades |= workspace.BestTender[leg] > 0;
            if (!trades)
                continue;
            pools[TradeCount] = pool;
            start[TradeCount++] = amounts;
            amounts = leg - first == 2
                ? TakePair(workspace, first, amounts)
                : TakeLegs(workspace, first, leg, amounts);
            HasPiecewise |= graph.IsPiecewise(first);
        }

        return amounts;
    }

    private int TakePair(SolverWorkspace workspace, int leg, int at)
    {
        RoutingGraph graph = workspace.Graph;
        tender[at] = workspace.BestTender[leg];
        tender[at + 1] = workspace.BestTender[leg + 1];
        receive[at] = workspace.BestReceived[leg + 1];
        receive[at + 1] = workspace.BestReceived[leg];
        Add(graph.LegFrom[leg], at);
        Add(graph.LegTo[leg], at + 1);
        return at + 2;
    }

    private int TakeLegs(SolverWorkspace workspace, int first, int end, int at)
    {
        RoutingPool pool = problem.Pools[workspace.Graph.LegPool[first]];
        int tokens = pool.Tokens.Length;
        tender.AsSpan(at, tokens).Clear();
        receive.AsSpan(at, tokens).Clear();
        for (int leg = first; leg < end; leg++)
        {
            int input = pool.LegInput(workspace.Graph.LegLocal[leg]), output = pool.LegOutput(workspace.Graph.LegLocal[leg]);
            if (input < tokens)
                tender[at + input] = workspace.BestTender[leg];
            if (output < tokens)
                receive[at + output] = workspace.BestReceived[leg];
        }

        for (int k = 0; k < tokens; k++)
            Add(pool.Tokens[k], at + k);
        return at + tokens;
    }

    private void Add(int token, int at)
    {
        double taken = receive[at], given = tender[at];
        if (taken > 0 && given > 0)
        {
            psi.Add(token, taken);
            psi.Add(token, -given);
        }
        else
        {
            psi.Add(token, taken - given);
        }

        gross[token] += taken + given;
    }

    private void SumUp()
    {
        double shortfall = 0;
        DoubleDouble profit = DoubleDouble.Zero;
        for (int j = 0; j < tokenCount; j++)
        {
            DoubleDouble flow = psi.Exact(j);
            double balance = (flow + problem.Holdings[j]).Hi;
            if (balance < 0)
                shortfall = Math.Max(shortfall, -balance / gross[j]);
            netFlow[j] = flow.Nearest();
            profit += flow * problem.Values[j];
        }

        Profit = profit.Nearest();
        Residual = shortfall;
    }

    /// <summary>Dust goes, and with it what tenders only what dust brought.</summary>
    private void DropDust(SolverWorkspace workspace)
    {
        RoutingGraph graph = workspace.Graph;
        double[] tendered = workspace.BestTender, received = workspace.BestReceived;
        bool dropped = false;
        double certainly = Dust * graph.MostReceived;
        for (int leg = 0; leg < graph.LegCount; leg++)
        {
            if (!(tendered[leg] > 0) || received[leg] >= certainly || received[leg] >= Dust * graph.TermsOf(leg).MostReceived)
                continue;
            tendered[leg] = received[leg] = 0;
            dropped = true;
        }

        while (dropped)
        {
            dropped = false;
            psi.Begin(graph.Holding, graph.NodeCount);
            Array.Clear(gross, 0, graph.NodeCount);
            for (int leg = 0; leg < graph.LegCount; leg++)
            {
                psi.Add(graph.LegFrom[leg], -tendered[leg]);
                psi.Add(graph.LegTo[leg], received[leg]);
                gross[graph.LegFrom[leg]] += tendered[leg];
                gross[graph.LegTo[leg]] += received[leg];
            }

            for (int leg = 0; leg < graph.LegCount; leg++)
            {
                int j = graph.LegFrom[leg];
                if (tendered[leg] == 0 || psi[j] >= -Tolerated * gross[j])
                    continue;
                tendered[leg] = received[leg] = 0;
                dropped = true;
            }

            psi.Begin(graph.NodeCount);
            Array.Clear(gross, 0, graph.NodeCount);
        }
    }

    private RoutingTrade TradeOf(int trade)
    {
        RoutingPool pool = problem.Pools[pools[trade]];
        ReadOnlySpan<double> given = Tender(trade), taken = Receive(trade);
        int of = 0, per = 1;
        double most = 0, mostBack = 0;
        for (int k = 0; given.Length > 2 && k < given.Length; k++)
        {
            double price = prices[pool.Tokens[k]];
            if (given[k] * price > most)
                (of, most) = (k, given[k] * price);
            if (taken[k] * price > mostBack)
                (per, mostBack) = (k, taken[k] * price);
        }

        Span<double> nothing = given.Length <= 16 ? stackalloc double[given.Length] : new double[given.Length];
        nothing.Clear();
        return new(
            pools[trade],
            [.. given],
            [.. taken],
            pool.MarginalPrice(of, per, nothing, nothing),
            pool.MarginalPrice(of, per, given, taken));
    }

    private void Grow(RoutingGraph graph)
    {
        psi.Grow(graph.NodeCount);
        if (gross.Length < graph.NodeCount)
        {
            int size = Math.Max(graph.NodeCount, 2 * gross.Length);
            gross = new double[size];
            prices = new double[size];
            netFlow = new double[size];
        }

        if (pools.Length <= graph.LegCount)
        {
            int size = Math.Max(graph.LegCount + 1, 2 * pools.Length);
            pools = new int[size];
            start = new int[size];
            tender = new double[size];
            receive = new double[size];
        }
    }
}
