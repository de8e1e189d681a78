using System.Diagnostics;
using QTrade.Markets;
using QTrade.Markets.Files;
using QTrade.Shared.MarketFamilies;
using QTrade.Solver;
using QTrade.Trading.Problems;

namespace QTrade.Benchmarks.Solver;

/// <summary>
/// Cold solves of markets with bins, constant sums, stable pools and pools of many tokens, and of markets that limit the number of pools. From the problem's arrays
/// to the certified trade; the workspace is kept. The files of <c>shared/markets</c> where that folder lies beside the repository, else markets of the same families.
/// </summary>
public sealed class SolverMixedBenchmark : IBenchmark
{
    private const int Seed = 1;
    private static readonly TimeSpan PerMarket = TimeSpan.FromSeconds(2);

    private static readonly (string Family, int Pools)[] Families =
    [
        ("hubmixed", 20), ("hubmixed", 200), ("hubmixed", 1_000), ("hubmixed", 5_000), ("bins", 50), ("stable", 20), ("disc", 200), ("ticks", 50),
        ("hubmulti", 200), ("routing", 200), ("liquidation", 200), ("bounded", 200), ("wild", 100),
    ];

    private static readonly (string Family, int Pools, int MaxPools, double Cost)[] Limited =
        [("hubprod", 20, 4, 0.01), ("hubprod", 200, 6, 1), ("hubprod", 200, 12, 1), ("paper", 100, 10, 20), ("hubmixed", 60, 6, 1)];

    public string Name => "solver-mixed";

    public string About => "cold solves of markets of all kinds and of markets with limits, one thread";

    public void Run(BenchmarkContext context)
    {
        context.Output.WriteLine($"  {"market",-22} {"least, us",12} {"median, us",12} {"runs",6} {"steps",6} {"gap",9} {"allocated, B",13} status");
        if (!context.Smoke && Find("shared/markets/angeris5-5-s0.json") is { } file && Read(file) is { } five)
            Measure(context, five);
        foreach ((string family, int pools) in Families)
        {
            if (!context.Smoke || pools <= 60)
                Measure(context, Market(family, pools));
        }

        context.Output.WriteLine($"  {"market, most pools",-22} {"least, ms",12} {"profit",16} {"bound",16} {"nodes",6} {"gap",9} status");
        foreach ((string family, int pools, int maxPools, double cost) in Limited)
        {
            if (!context.Smoke || pools <= 60)
                MeasureLimited(context, Market(family, pools), new(maxPools, cost));
        }
    }

    private static void Measure(BenchmarkContext context, Market market)
    {
        RoutingProblem problem = MarketProblem.Build(market);
        var workspace = new SolverWorkspace { UsesSecondCore = false };
        int warmUps = context.Size(full: problem.Pools.Length < 2_000 ? 200 : 5, smoke: 2);
        RoutingAnswer answer = Solve(problem, workspace);
        for (int run = 1; run < warmUps; run++)
            answer = Solve(problem, workspace);

        var times = new List<double>();
        long began = Stopwatch.GetTimestamp(), allocated = 0;
        do
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            long start = Stopwatch.GetTimestamp();
            Solve(problem, workspace);
            times.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds);
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        }
        while (!context.Smoke && Stopwatch.GetElapsedTime(began) < PerMarket);

        times.Sort();
        context.Output.WriteLine(
            $"  {market.Name,-22} {times[0],12:N1} {times[times.Count / 2],12:N1} {times.Count,6} {answer.Iterations,6} {answer.Gap,9:E1} {allocated,13:N0} {answer.Status}");
    }

    private static void MeasureLimited(BenchmarkContext context, Market market, SelectionLimits limits)
    {
        RoutingProblem problem = MarketProblem.Build(market);
        var workspace = new SolverWorkspace { UsesSecondCore = false };
        double least = double.PositiveInfinity;
        SelectionSolution selection;
        long began = Stopwatch.GetTimestamp();
        do
        {
            long start = Stopwatch.GetTimestamp();
            selection = SelectionSolver.Solve(problem, limits, SolverStart.Cold, SolverOptions.Default, workspace);
            least = Math.Min(least, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }
        while (!context.Smoke && Stopwatch.GetElapsedTime(began) < PerMarket);

        RoutingSolution solution = selection.Solution;
        context.Output.WriteLine(
            $"  {market.Name + ", " + limits.MaxPools,-22} {least,12:N1} {solution.Profit,16:N7} {solution.UpperBound,16:N7} {selection.Nodes,6} {solution.Gap,9:E1} {solution.Status}");
    }

    private static RoutingAnswer Solve(RoutingProblem problem, SolverWorkspace workspace) =>
        RoutingSolver.SolveInto(problem, SolverStart.Cold, SolverOptions.Default, workspace);

    private static Market Market(string family, int pools) =>
        (Find($"shared/markets/{family}-{pools}-s{Seed}.json") is { } file ? Read(file) : null) ?? MarketFamily.Make(family, pools, Seed);

    private static Market? Read(string file) => MarketFile.TryReadFile(file, out Market? market, out _, out _) ? market : null;

    /// <summary>A file beside the repository or beside a folder above where this runs.</summary>
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
