using System.Collections.Immutable;
using QTrade.Solver.Arithmetic;

namespace QTrade.Solver;

/// <summary>The best trade met, pool by pool, with what it sums to.</summary>
internal sealed class TradeList
{
    private TradeList(ImmutableArray<RoutingTrade> trades, ImmutableArray<double> netFlow, double shortfall, bool hasPiecewise)
    {
        Trades = trades;
        NetFlow = netFlow;
        Shortfall = shortfall;
        HasPiecewise = hasPiecewise;
    }

    public ImmutableArray<RoutingTrade> Trades { get; }

    public ImmutableArray<double> NetFlow { get; }

    /// <summary>Largest shortfall of psi + h relative to the token's gross turnover.</summary>
    public double Shortfall { get; }

    /// <summary>Whether a pool with linear or near-linear pieces trades.</summary>
    public bool HasPiecewise { get; }

    public static TradeList Of(RoutingProblem problem, SolverWorkspace workspace, bool any)
    {
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
        var netFlow = ImmutableArray.CreateBuilder<double>(psi.Length);
        for (int j = 0; j < psi.Length; j++)
        {
            double balance = (psi[j] + problem.Holdings[j]).Hi;
            if (balance < 0)
                shortfall = Math.Max(shortfall, -balance / gross[j]);
            netFlow.Add(psi[j].Nearest());
        }

        return new(trades.ToImmutable(), netFlow.MoveToImmutable(), shortfall, piecewise);
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
