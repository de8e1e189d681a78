using System.Collections.Immutable;
using QTrade.Markets;
using QTrade.Shared.MarketFamilies;
using QTrade.Solver.Arithmetic;
using QTrade.Solver.Warm;
using QTrade.Trading.Problems;

namespace QTrade.Solver.Tests;

/// <summary>A hash over every bit of the answers to markets of many families and over the elementary functions.</summary>
internal static class AnswerBits
{
    private static readonly string[] Families = ["paper", "hubprod", "hubmixed", "ticks", "bins", "stable", "hostile"];

    public static ulong Hash()
    {
        ulong hash = 14695981039346656037;
        foreach (string family in Families)
        {
            foreach (int seed in (int[])[1, 2])
                hash = Add(hash, RoutingSolver.Solve(MarketProblem.Build(MarketFamily.Make(family, 20, seed)), SolverStart.Cold, SolverOptions.Default));
        }

        // Dense enough for rows that are taken into four others at once.
        hash = Add(hash, RoutingSolver.Solve(MarketProblem.Build(MarketFamily.Make("paper", 1_000, 1)), SolverStart.Cold, SolverOptions.Default));
        hash = Add(Add(hash, "hubprod", 100), "hubmixed", 40);
        hash = Add(hash, "paper", 1_000);
        foreach (string family in (string[])["paper", "hubmixed"])
        {
            SelectionSolution selection = SelectionSolver.Solve(
                MarketProblem.Build(MarketFamily.Make(family, 16, 3)), new(4, 0.5), SolverStart.Cold, SolverOptions.Default);
            hash = Add(Add(hash, selection.Nodes), selection.Solution);
            foreach (SearchLeaf leaf in selection.Leaves)
                hash = Add(Add(hash, leaf.Bound), leaf.Prices);
        }

        for (int i = -400; i < 400; i++)
        {
            hash = Add(hash, Elementary.Exp(i * 0.37));
            hash = Add(hash, Elementary.ExpM1(i * 0.0037));
            hash = Add(hash, Elementary.Log(1 + (i * i * 0.21)));
            hash = Add(hash, Elementary.Log1P(i * 0.0021));
        }

        return hash;
    }

    public static ulong Of(RoutingSolution solution) => Add(14695981039346656037, solution);

    /// <summary>A session's answers along some moves.</summary>
    private static ulong Add(ulong hash, string family, int count)
    {
        Market market = MarketFamily.Make(family, count, 1);
        RoutingProblem problem = MarketProblem.Build(market);
        Pool[] pools = [.. market.Pools];
        var moves = new PoolMoves(1);
        var session = new RoutingSession();
        session.Load(problem);
        session.Solve();
        for (int step = 0; step < 20; step++)
        {
            (int place, Pool moved) = moves.Next(pools);
            pools[place] = moved;
            session.Move(place, RoutingPoolKinds.TryMake(moved, problem.Pools[place].Tokens)!);
            session.Solve();
            hash = Add(hash, session.ToSolution());
        }

        return hash;
    }

    private static ulong Add(ulong hash, RoutingSolution solution)
    {
        hash = Add(Add(Add(hash, (double)solution.Status), solution.Profit), solution.UpperBound);
        hash = Add(Add(Add(hash, solution.Prices), solution.NetFlow), solution.Iterations);
        foreach (RoutingTrade trade in solution.Trades)
        {
            hash = Add(Add(Add(hash, trade.Pool), trade.Tender), trade.Receive);
            hash = Add(Add(hash, trade.MarginalPriceBefore), trade.MarginalPriceAfter);
        }

        return hash;
    }

    private static ulong Add(ulong hash, ImmutableArray<double> numbers)
    {
        foreach (double number in numbers)
            hash = Add(hash, number);
        return hash;
    }

    private static ulong Add(ulong hash, double number) => (hash ^ BitConverter.DoubleToUInt64Bits(number)) * 1099511628211;
}
