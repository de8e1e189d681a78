using System.Diagnostics;
using QTrade.Markets;
using QTrade.Markets.Files;
using QTrade.Shared.MarketFamilies;
using QTrade.Solver;
using QTrade.Trading.Problems;

namespace QTrade.Benchmarks.Solver;

/// <summary>
/// Cold solves, from the problem's arrays to the certified and rounded trade, ordering of the factorization included; the workspace is kept. The first solves, in which code is
/// compiled, are not counted.
/// </summary>
public sealed class SolverColdBenchmark : IBenchmark
{
    private const int Seed = 1;
    private const string Orca = "samples/orca-185759999.json";
    private const int LeastForTwoCores = 10_000;
    private static readonly TimeSpan PerMarket = TimeSpan.FromSeconds(3);

    public string Name => "solver-cold";

    public string About => "cold solves of the paper and hubprod families and of a real market, on one core and where it may help on two";

    public void Run(BenchmarkContext context)
    {
        context.Output.WriteLine($"  {"market",-22} {"cores",5} {"least, us",12} {"median, us",12} {"runs",6} {"steps",5} {"gap",9} {"allocated, B",13} status");
        int[] sizes = context.Smoke ? [100, 1_000] : [100, 1_000, 10_000, 30_000, 100_000];
        foreach (string family in (string[])["paper", "hubprod"])
        {
            foreach (int pools in sizes)
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

    private static void Measure(BenchmarkContext context, Market market)
    {
        Measure(context, market, cores: 1);
        if (market.Pools.Length >= LeastForTwoCores && Environment.ProcessorCount > 1)
            Measure(context, market, cores: 2);
    }

    private static void Measure(BenchmarkContext context, Market market, int cores)
    {
        RoutingProblem problem = MarketProblem.Build(market);
        var workspace = new SolverWorkspace { UsesSecondCore = cores > 1 };
        int warmUps = context.Size(full: problem.Pools.Length < 20_000 ? 300 : 30, smoke: 2);
        RoutingAnswer answer = Solve(problem, workspace);
        for (int run = 1; run < warmUps; run++)
            answer = Solve(problem, workspace);

        var times = new List<double>();
        long began = Stopwatch.GetTimestamp();
        long allocated = 0;
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
            $"  {market.Name,-22} {cores,5} {times[0],12:N1} {times[times.Count / 2],12:N1} {times.Count,6} {answer.Iterations,5} {answer.Gap,9:E1} {allocated,13:N0} {answer.Status}");
    }

    private static RoutingAnswer Solve(RoutingProblem problem, SolverWorkspace workspace) =>
        RoutingSolver.SolveInto(problem, SolverStart.Cold, SolverOptions.Default, workspace);

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
