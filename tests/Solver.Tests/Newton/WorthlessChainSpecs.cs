using QTrade.Solver.Arithmetic;
using QTrade.Solver.Pools;

namespace QTrade.Solver.Tests.Newton;

/// <summary>
/// Two deep pools with a profit between them, and chains of tokens of next to no worth beside them: what a chain turns over falls by orders while its imbalances go to the root, so that a
/// tolerance by what it was would print a trade that tenders what nobody brought.
/// </summary>
public sealed class WorthlessChainSpecs
{
    private const double MostShort = 1e-12;
    private const double Ln10 = 2.302585092994046;

    [Theory]
    [InlineData(1223)]
    [InlineData(2704)]
    [InlineData(19726)]
    [InlineData(27407)]
    public void No_token_is_short_in_the_printed_trades(int seed)
    {
        RoutingProblem problem = Problem(new Random(seed));
        RoutingSolution solution = RoutingSolver.Solve(problem, SolverStart.Cold, SolverOptions.Default);

        Assert.Equal(SolverStatus.Optimal, solution.Status);
        Assert.InRange(Shortage(problem, solution), 0, MostShort);
    }

    /// <summary>Most of what a token lacks, as a part of its turnover.</summary>
    private static double Shortage(RoutingProblem problem, RoutingSolution solution)
    {
        var balance = new DoubleDouble[problem.TokenCount];
        var turnover = new double[problem.TokenCount];
        foreach (RoutingTrade trade in solution.Trades)
        {
            for (int k = 0; k < trade.Tender.Length; k++)
            {
                int token = problem.Pools[trade.Pool].Tokens[k];
                balance[token] = balance[token] + trade.Receive[k] - trade.Tender[k];
                turnover[token] += trade.Receive[k] + trade.Tender[k];
            }
        }

        return balance.Select((flow, token) => flow.Hi < 0 ? -flow.Hi / turnover[token] : 0).Max();
    }

    private static RoutingProblem Problem(Random draws)
    {
        var values = new List<double> { 1, 1 };
        var pools = new List<RoutingPool>();
        double deep = PowerOfTen(draws, 6, 14);
        pools.Add(new ProductPool([0, 1], [deep, deep], 0.003));
        pools.Add(new ProductPool([0, 1], [deep, deep * (1 + draws.NextDouble())], 0.003));
        int chains = 1 + draws.Next(4);
        for (int chain = 0; chain < chains; chain++)
        {
            int length = 1 + draws.Next(5);
            double worth = deep * PowerOfTen(draws, -12, -1);
            int before = draws.Next(2);
            for (int link = 0; link < length; link++)
            {
                int token = values.Count;
                values.Add(draws.Next(2) == 0 ? 0 : PowerOfTen(draws, -12, 0));
                double depth = worth * PowerOfTen(draws, -1, 3), price = PowerOfTen(draws, -6, 6);
                pools.Add(Pool(draws, before, token, depth, depth * price));
                if (draws.Next(3) == 0)
                {
                    double beside = depth * PowerOfTen(draws, -3, 1);
                    pools.Add(Pool(draws, before, token, beside, beside * price * (1 + (0.2 * (draws.NextDouble() - .5)))));
                }

                before = token;
            }

            int end = draws.Next(2);
            double last = worth * PowerOfTen(draws, -2, 4), rate = PowerOfTen(draws, -6, 6);
            if (before != end)
                pools.Add(Pool(draws, before, end, last * rate, last));
        }

        return new([.. values], [.. new double[values.Count]], [.. pools]);
    }

    private static RoutingPool Pool(Random draws, int a, int b, double x, double y) => draws.Next(4) switch
    {
        0 => new WeightedPool([a, b], [x, y], [PowerOfTen(draws, -1, 1), PowerOfTen(draws, -1, 1)], 0.003),
        1 => new ProductPool([a, b], [x, y], 0.003, 0, [x * PowerOfTen(draws, -5, 1), double.PositiveInfinity]),
        _ => new ProductPool([a, b], [x, y], draws.Next(2) == 0 ? 0.003 : 0),
    };

    private static double PowerOfTen(Random draws, double least, double most) => Elementary.Exp(Ln10 * (least + ((most - least) * draws.NextDouble())));
}
