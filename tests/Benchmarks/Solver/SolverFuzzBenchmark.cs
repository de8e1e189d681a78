using QTrade.Markets;
using QTrade.Shared.MarketFamilies;
using QTrade.Solver;
using QTrade.Trading.Problems;
using QTrade.Verification;

namespace QTrade.Benchmarks.Solver;

/// <summary>
/// Seed after seed of every family and of markets of hostile and wild numbers, each answer verified by the room that shares no code with the solver: the same search that the
/// specs make, over more seeds. Whatever is not certified or not verified is printed as <c>family-pools-sseed</c>, from which a spec can make it again.
/// </summary>
public sealed class SolverFuzzBenchmark : IBenchmark
{
    private const int FirstSeed = 10_000;

    public string Name => "solver-fuzz";

    public string About => "answers on thousands of seeds, each verified; prints the seeds that fail";

    public void Run(BenchmarkContext context)
    {
        var workspace = new SolverWorkspace();
        foreach (string family in MarketFamily.Names)
        {
            bool hostile = family is "hostile" or "wild";
            foreach (int pools in hostile ? (int[])[2, 3, 8, 30, 100] : [20, 200])
            {
                int seeds = context.Size(full: hostile ? 200 : 40, smoke: 2);
                int certified = 0, refuted = 0, most = 0;
                for (int seed = FirstSeed; seed < FirstSeed + seeds; seed++)
                {
                    Market market = MarketFamily.Make(family, pools, seed);
                    MarketResult result = MarketSolver.Solve(market, "", SolverStart.Cold, null, workspace);
                    VerificationReport report = ResultVerifier.Verify(market, result);
                    bool proved = result.Status is ResultStatus.Optimal or ResultStatus.NoArbitrage;
                    certified += proved ? 1 : 0;
                    refuted += report.Verified ? 0 : 1;
                    most = Math.Max(most, result.Iterations);
                    if (!report.Verified)
                        context.Output.WriteLine($"    {market.Name}: {report.Summary}");
                    else if (!proved)
                        context.Output.WriteLine($"    {market.Name}: {result.Status}, profit {result.Profit:E6}, bound {result.UpperBound:E6}, gap {result.Gap:E1}");
                }

                context.Output.WriteLine($"  {family,-12} {pools,4} pools: {certified} of {seeds} certified, {refuted} refuted, at most {most} iterations");
            }
        }
    }
}
