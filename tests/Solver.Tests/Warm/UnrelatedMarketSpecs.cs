using QTrade.Solver.Arithmetic;
using QTrade.Solver.Pools;
using QTrade.Solver.Warm;

namespace QTrade.Solver.Tests.Warm;

/// <summary>
/// Small markets of numbers that have little to do with each other, of which any pools become others between two solves, some of them twice: tokens without a value or of next to no worth, holdings, bounds on tenders, pools far off
/// and pools of no use. A session's answers hold, and are those of one that loads the answer before it.
/// </summary>
public sealed class UnrelatedMarketSpecs
{
    private const int Moves = 12;

    [Theory]
    [InlineData(0)]
    [InlineData(1000)]
    [InlineData(2000)]
    [InlineData(3000)]
    public void Answers_of_a_session_hold_and_are_those_of_one_that_loads_the_answer_before(int firstSeed)
    {
        int local = 0;
        for (int seed = firstSeed; seed < firstSeed + 150; seed++)
        {
            var market = new Unrelated(seed);
            RoutingPool[] pools = market.Pools();
            var lived = new RoutingSession();
            lived.Load(market.With(pools));
            if (lived.Solve() == SolverStatus.Invalid)
                continue;
            for (int move = 0; move < Moves; move++)
            {
                RoutingSolution earlier = lived.ToSolution();
                var start = SolverStart.FromDecision(earlier.Prices, earlier.Trades);
                int[] moved = market.Moved();
                RoutingPool[] others = [.. pools];
                foreach (int place in moved)
                    others[place] = market.Pool(place);
                var before = new RoutingSession();
                before.Load(market.With(others), start);
                foreach (int place in moved)
                {
                    lived.Move(place, pools[place] = market.Pool(place));
                    before.Move(place, pools[place]);
                }

                lived.Solve();
                local += lived.Obstacle == LocalObstacle.None ? 1 : 0;
                string of = $"seed {seed}, move {move}, {lived.Status}, {lived.Obstacle}";
                RoutingProblem problem = market.With(pools);
                AssertProven(problem, lived, of);

                var after = new RoutingSession();
                after.Load(problem, start);
                foreach (RoutingSession other in (RoutingSession[])[before, after])
                {
                    other.Solve();
                    string loads = $"{of}: other bits than a session's that loads the answer {(other == before ? "for other pools, before" : "after")} the moves, {other.Obstacle}";
                    Assert.True(AnswerBits.Of(lived.ToSolution()) == AnswerBits.Of(other.ToSolution()), loads);
                }
            }
        }

        Assert.True(local > 500, $"{local} answers found in a neighbourhood: too few to tell");
    }

    private static void AssertProven(RoutingProblem problem, RoutingSession session, string of)
    {
        DoubleDouble dual = DoubleDouble.Zero;
        foreach (RoutingPool pool in problem.Pools)
            dual += Certificate.ValueOf(pool, session.Prices);
        for (int j = 0; j < problem.TokenCount; j++)
            dual += DoubleDouble.Sum(session.Prices[j], -problem.Values[j]) * problem.Holdings[j];
        Assert.True(session.UpperBound >= dual.Hi, $"{of}: {session.UpperBound:R} is below {dual.Hi:R}");

        // What is printed after a solve in full may be short of a token by 5e-13 of its turnover.
        double tolerated = session.Obstacle == LocalObstacle.None ? 0 : 1e-10 * session.UpperBound;
        Assert.True(session.Profit <= session.UpperBound + tolerated, $"{of}: {session.Profit:R} is above {session.UpperBound:R}");
    }

    /// <summary>A market whose pools all follow from its seed and the order in which they are asked for.</summary>
    private sealed class Unrelated
    {
        private readonly Random random;
        private readonly double[] worth, values, holdings;
        private readonly (int First, int Second)[] ends;
        private readonly double noise;

        public Unrelated(int seed)
        {
            random = new(seed);
            int tokens = 2 + random.Next(random.Next(3) == 0 ? 40 : 10);
            double orders = random.Next(4) == 0 ? 30 : random.Next(2) == 0 ? 8 : 2;
            noise = Ten(-random.Next(1, 5));
            worth = new double[tokens];
            values = new double[tokens];
            holdings = new double[tokens];
            for (int j = 0; j < tokens; j++)
            {
                worth[j] = Ten(orders * (random.NextDouble() - 0.5));
                values[j] = j == 0 || random.Next(3) == 0 ? worth[j] * (1 - (noise * random.NextDouble())) : 0;
            }

            if (random.Next(4) == 0)
                holdings[random.Next(tokens)] = Ten(random.Next(-3, 6));
            bool hasHub = random.Next(2) == 0;
            ends = new (int, int)[1 + random.Next(3 * tokens)];
            for (int p = 0; p < ends.Length; p++)
            {
                int first = hasHub ? random.Next(Math.Min(tokens, 2)) : random.Next(tokens);
                ends[p] = (first, (first + 1 + random.Next(tokens - 1)) % tokens);
            }
        }

        public RoutingPool[] Pools() => [.. Enumerable.Range(0, ends.Length).Select(Pool)];

        public RoutingProblem With(RoutingPool[] pools) => new([.. values], [.. holdings], [.. pools]);

        /// <summary>Pools that become others: one, or some, perhaps more than once.</summary>
        public int[] Moved() => [.. Enumerable.Range(0, random.Next(3) == 0 ? 1 + random.Next(ends.Length) : 1).Select(_ => random.Next(ends.Length))];

        public RoutingPool Pool(int place)
        {
            (int first, int second) = ends[place];
            double depth = Ten(random.Next(2, 9)), off = random.Next(12) == 0 ? Ten(random.Next(-4, 5)) : 1;
            double x = depth / worth[first] * Near() * off, y = depth / worth[second] * Near(), fee = random.Next(3) == 0 ? 0 : 0.01 * random.NextDouble();
            double[] most = random.Next(4) == 0 ? [Most(x), Most(y)] : [double.PositiveInfinity, double.PositiveInfinity];
            return random.Next(3) == 0
                ? new WeightedPool([first, second], [x, y], [0.8, 0.2], fee, maxTender: [.. most])
                : new ProductPool([first, second], [x, y], fee, maxTender: [.. most]);
        }

        private double Near() => 1 + (noise * (random.NextDouble() - 0.5));

        private double Most(double reserve) => random.Next(5) == 0 ? 0 : reserve * Ten(-random.Next(0, 7));

        private static double Ten(double exponent) => Elementary.Exp(exponent * 2.302585092994046);
    }
}
