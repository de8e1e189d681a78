using System.Diagnostics;
using QTrade.Markets;
using QTrade.Markets.Files;
using QTrade.Shared.MarketFamilies;
using QTrade.Solver;
using QTrade.Solver.Warm;
using QTrade.Trading.Problems;

namespace QTrade.Benchmarks.Solver;

/// <summary>
/// Chains of moves of random pools, 1 % each and 30 % in every tenth, each solve from the answer before it: from the moved pool to the certificate and the rounded trade; of all of them, and of those by 1 %. A first chain,
/// in which code is compiled and arrays grow, is not counted.
/// </summary>
public sealed class SolverWarmBenchmark : IBenchmark
{
    private const int Seed = 1;
    private const string Orca = "samples/orca-185759999.json";

    private static readonly (string Family, int Pools)[] Markets =
    [
        ("paper", 100), ("paper", 1_000), ("paper", 10_000), ("paper", 100_000),
        ("hubprod", 100), ("hubprod", 1_000), ("hubprod", 10_000), ("hubprod", 100_000),
        ("scaling", 1_000), ("hubonly", 200), ("wide", 1_000), ("nearno", 1_000), ("ticks", 50), ("stable", 20),
        ("hubmixed", 200), ("hubmixed", 1_000), ("bins", 50), ("disc", 200),
    ];

    public string Name => "solver-warm";

    public string About => "chains of moved pools, each solved from the answer before it, one thread";

    public void Run(BenchmarkContext context)
    {
        context.Output.WriteLine($"  {"market",-22} {"median, us",11} {"p99, us",11} {"most, us",11} {"of 1 %: median",15} {"p99, us",11} {"moves",6} {"certified",9} {"full",6} {"allocated, B",13}");

        // Chains of a small market are over before the compiler has looked at what they ran: the first one measured would be of code that nobody waits for.
        for (int chain = 0; chain < context.Size(full: 12, smoke: 0); chain++)
            Measure(context, MarketFamily.Make("paper", 100, Seed), isTold: false);
        foreach ((string family, int pools) in Markets)
        {
            if (!context.Smoke || pools <= 200)
                Measure(context, MarketFamily.Make(family, pools, Seed));
        }

        string? path = Find(Orca);
        if (path is null)
            context.Output.WriteLine($"  {Orca} is not here: not measured");
        else if (MarketFile.TryReadFile(path, out Market? market, out _, out MarketFileError? error))
            Measure(context, market);
        else
            context.Output.WriteLine($"  {error}");
    }

    private static void Measure(BenchmarkContext context, Market market, bool isTold = true)
    {
        int warmUps = context.Size(full: market.Pools.Length <= 1_000 ? 6_000 : 1_000, smoke: 3), count = context.Size(full: 1_000, smoke: 10);
        var moves = new PoolMoves(Seed);
        RoutingProblem problem = MarketProblem.Build(market);
        Pool[] pools = [.. market.Pools];
        var session = new RoutingSession();
        session.Load(problem);
        session.Solve();

        double[] times = new double[count];
        var small = new List<double>(count);
        int certified = 0;
        long allocated = 0, full = 0;
        for (int move = -warmUps; move < count; move++)
        {
            (int place, Pool moved) = moves.Next(pools);
            pools[place] = moved;
            RoutingPool pool = RoutingPoolKinds.TryMake(moved, problem.Pools[place].Tokens)!;
            if (move == 0)
                full = session.FullSolves;
            long before = GC.GetAllocatedBytesForCurrentThread();
            long start = Stopwatch.GetTimestamp();
            session.Move(place, pool);
            SolverStatus status = session.Solve();
            TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
            if (move < 0)
                continue;
            times[move] = elapsed.TotalMicroseconds;
            if (!moves.WasLarge)
                small.Add(elapsed.TotalMicroseconds);
            certified += status is SolverStatus.Optimal or SolverStatus.NoArbitrage ? 1 : 0;
            if (session.Obstacle == LocalObstacle.None)
                allocated += GC.GetAllocatedBytesForCurrentThread() - before;
        }

        if (!isTold)
            return;
        Array.Sort(times);
        small.Sort();
        string all = $"{times[count / 2],11:N1} {times[count * 99 / 100],11:N1} {times[^1],11:N1}", ofSmall = $"{small[small.Count / 2],15:N1} {small[small.Count * 99 / 100],11:N1}";
        context.Output.WriteLine($"  {market.Name,-22} {all} {ofSmall} {count,6} {certified,9} {session.FullSolves - full,6} {allocated,13:N0}");
    }

    /// <summary>The file by its path from the repository's root, wherever below it this runs.</summary>
    private static string? Find(string file)
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string path = Path.Combine(folder.FullName, file);
            if (File.Exists(path))
                return path;
        }

        return null;
    }
}
