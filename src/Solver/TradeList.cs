using System.Collections.Immutable;
using QTrade.Solver.Arithmetic;

namespace QTrade.Solver;

/// <summary>The best trade met, pool by pool, with what it sums to.</summary>
internal sealed class TradeList
{
    private TradeList(ImmutableArray<RoutingTrade> trades, ImmutableArray<double> netFlow, double profit, double shortfall, bool hasPiecewise)
    {
        Trades = trades;
        NetFlow = netFlow;
        Profit = profit;
        Shortfall = shortfall;
        HasPiecewise = hasPiecewise;
    }

    public ImmutableArray<RoutingTrade> Trades { get; }

    public ImmutableArray<double> NetFlow { get; }

    /// <summary>c . psi.</summary>
    public double Profit { get; }

    /// <summary>Largest shortfall of psi + h relative to the token's gross turnover.</summary>
    public double Shortfall { get; }

    /// <summary>Whether a pool with linear or near-linear pieces trades.</summary>
    public bool HasPiecewise { get; }

    /// <summary>Part of what a leg can give at most below which a trade is none: a check of fifty digits could not tell it from nothing.</summary>
    private const double Dust = 1e-32;

    /// <summary>Shortfall relative to the turnover that the going of dust may leave.</summary>
    private const double Tolerated = 5e-13;

    public static TradeList Of(RoutingProblem problem, SolverWorkspace workspace, bool any)
    {
        if (any)
            DropDust(problem, workspace);
        var psi = new DoubleDouble[problem.TokenCount];
        var gross = new double[problem.TokenCount];
        var trades = ImmutableArray.CreateBuilder<RoutingTrade>();
        bool piecewise = false;
        int legs = any ? workspace.Graph.LegCount : 0;
        for (int leg = 0; leg < legs;)
        {
            int pool = workspace.Graph.LegPool[leg];
            int first = leg;
            bool trading = false;
            for (; leg < legs && workspace.Graph.LegPool[leg] == pool; leg++)
                trading |= workspace.BestTender[leg] > 0;
            if (!trading)
                continue;
            RoutingTrade trade = TradeOf(problem.Pools[pool], pool, workspace, first, leg);
            trades.Add(trade);
            piecewise |= problem.Pools[pool].IsPiecewise;
            for (int k = 0; k < trade.Tender.Length; k++)
            {
                int token = problem.Pools[pool].Tokens[k];
                psi[token] += DoubleDouble.Sum(trade.Receive[k], -trade.Tender[k]);
                gross[token] += trade.Receive[k] + trade.Tender[k];
            }
        }

        double shortfall = 0;
        DoubleDouble profit = DoubleDouble.Zero;
        var netFlow = ImmutableArray.CreateBuilder<double>(psi.Length);
        for (int j = 0; j < psi.Length; j++)
        {
            double balance = (psi[j] + problem.Holdings[j]).Hi;
            if (balance < 0)
                shortfall = Math.Max(shortfall, -balance / gross[j]);
            netFlow.Add(psi[j].Nearest());
            profit += psi[j] * problem.Values[j];
        }

        return new(trades.ToImmutable(), netFlow.MoveToImmutable(), profit.Nearest(), shortfall, piecewise);
    }

    /// <summary>Dust goes, and with it what tenders only what dust brought.</summary>
    private static void DropDust(RoutingProblem problem, SolverWorkspace workspace)
    {
        RoutingGraph graph = workspace.Graph;
        bool dropped = false;
        for (int leg = 0; leg < graph.LegCount; leg++)
        {
            if (!(workspace.BestTender[leg] > 0)
                || workspace.BestReceived[leg] >= Dust * problem.Pools[graph.LegPool[leg]].MostReceived(graph.LegLocal[leg]))
                continue;
            workspace.BestTender[leg] = workspace.BestReceived[leg] = 0;
            dropped = true;
        }

        if (!dropped)
            return;
        var balance = new DoubleDouble[graph.NodeCount];
        var gross = new double[graph.NodeCount];
        while (dropped)
        {
            dropped = false;
            for (int j = 0; j < graph.NodeCount; j++)
                (balance[j], gross[j]) = (graph.Holding[j], 0);
            for (int leg = 0; leg < graph.LegCount; leg++)
            {
                balance[graph.LegFrom[leg]] += -workspace.BestTender[leg];
                balance[graph.LegTo[leg]] += workspace.BestReceived[leg];
                gross[graph.LegFrom[leg]] += workspace.BestTender[leg];
                gross[graph.LegTo[leg]] += workspace.BestReceived[leg];
            }

            for (int leg = 0; leg < graph.LegCount; leg++)
            {
                int j = graph.LegFrom[leg];
                if (workspace.BestTender[leg] == 0 || balance[j].Hi >= -Tolerated * gross[j])
                    continue;
                workspace.BestTender[leg] = workspace.BestReceived[leg] = 0;
                dropped = true;
            }
        }
    }

    private static RoutingTrade TradeOf(RoutingPool pool, int index, SolverWorkspace workspace, int first, int end)
    {
        int tokens = pool.Tokens.Length;
        var tender = new double[tokens];
        var receive = new double[tokens];
        int of = 0, per = 1;
        double most = 0, mostBack = 0;
        for (int leg = first; leg < end; leg++)
        {
            int local = workspace.Graph.LegLocal[leg];
            int input = pool.LegInput(local), output = pool.LegOutput(local);
            if (input < tokens)
                tender[input] = workspace.BestTender[leg];
            if (output < tokens)
                receive[output] = workspace.BestReceived[leg];
        }

        if (tokens > 2)
        {
            for (int k = 0; k < tokens; k++)
            {
                double price = workspace.BestPrices[pool.Tokens[k]];
                if (tender[k] * price > most)
                    (of, most) = (k, tender[k] * price);
                if (receive[k] * price > mostBack)
                    (per, mostBack) = (k, receive[k] * price);
            }
        }

        var nothing = new double[tokens];
        return new(
            index,
            [.. tender],
            [.. receive],
            pool.MarginalPrice(of, per, nothing, nothing),
            pool.MarginalPrice(of, per, tender, receive));
    }
}
