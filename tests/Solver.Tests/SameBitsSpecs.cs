using System.Diagnostics;
using System.Globalization;
using QTrade.Shared.MarketFamilies;
using QTrade.Trading.Problems;

namespace QTrade.Solver.Tests;

/// <summary>A solve is a pure function: the same bits on every machine, in every workspace.</summary>
public sealed class SameBitsSpecs
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Theory]
    [InlineData("DOTNET_EnableHWIntrinsic", "Sse42 False Avx2 False Fma False Avx512 False")]
    [InlineData("DOTNET_EnableAVX2", "Avx2 False Fma False Avx512 False")]
    [InlineData("DOTNET_EnableAVX512", "Avx512 False")]
    public void A_processor_without_a_feature_gives_the_same_bits(string switchedOff, string expectedFeatures)
    {
        string[] lines = RunWithout(switchedOff);
        Assert.EndsWith(expectedFeatures, lines[0]);
        Assert.Equal(AnswerBits.Hash().ToString("x16", CultureInfo.InvariantCulture), lines[1]);
    }

    [Fact]
    public void A_used_workspace_gives_the_same_bits_as_a_new_one()
    {
        var workspace = new SolverWorkspace();
        foreach ((string family, int pools) in ((string, int)[])[("hubmixed", 60), ("paper", 20), ("bins", 20), ("hubmixed", 60), ("ticks", 5)])
        {
            RoutingProblem problem = MarketProblem.Build(MarketFamily.Make(family, pools, 7));
            RoutingSolution used = RoutingSolver.Solve(problem, SolverStart.Cold, SolverOptions.Default, workspace);
            RoutingSolution fresh = RoutingSolver.Solve(problem, SolverStart.Cold, SolverOptions.Default);
            Assert.Equal(AnswerBits.Of(fresh), AnswerBits.Of(used));

            SolverStart start = SolverStart.FromDecision(fresh.Prices, fresh.Trades);
            RoutingSolution again = RoutingSolver.Solve(problem, start, SolverOptions.Default, workspace);
            Assert.Equal(AnswerBits.Of(RoutingSolver.Solve(problem, start, SolverOptions.Default)), AnswerBits.Of(again));
        }
    }

    /// <summary>No number that an earlier solve left behind is read before it is written: the bits are the same where all of them are others.</summary>
    [Theory]
    [InlineData("paper", 30)]
    [InlineData("hubprod", 40)]
    [InlineData("hubmixed", 40)]
    [InlineData("bins", 20)]
    [InlineData("ticks", 8)]
    [InlineData("stable", 8)]
    [InlineData("wild", 40)]
    [InlineData(nameof(DustChainSpecs.DustChain), 0)]
    public void A_workspace_whose_numbers_are_overwritten_gives_the_same_bits(string family, int pools)
    {
        for (int seed = 1; seed <= 3; seed++)
        {
            RoutingProblem problem = MarketProblem.Build(pools > 0 ? MarketFamily.Make(family, pools, seed) : DustChainSpecs.ThreePoolsAndASum());
            RoutingSolution earlier = RoutingSolver.Solve(problem, SolverStart.Cold, SolverOptions.Default);
            foreach (SolverStart start in (SolverStart[])[SolverStart.Cold, SolverStart.FromPrices(earlier.Prices), SolverStart.FromDecision(earlier.Prices, earlier.Trades)])
            {
                ulong expected = AnswerBits.Of(RoutingSolver.Solve(problem, start, SolverOptions.Default));
                var workspace = new SolverWorkspace();
                RoutingSolver.Solve(problem, start, SolverOptions.Default, workspace);
                foreach (double garbage in (double[])[double.NaN, 3.7, -1e9])
                {
                    WorkspaceGarbage.Overwrite(workspace, garbage);
                    Assert.Equal(expected, AnswerBits.Of(RoutingSolver.Solve(problem, start, SolverOptions.Default, workspace)));
                }
            }
        }
    }

    [Theory]
    [InlineData("paper", 10_005)]
    [InlineData("hubmixed", 10_000)]
    public void A_second_core_gives_the_same_bits(string family, int pools)
    {
        RoutingProblem problem = MarketProblem.Build(MarketFamily.Make(family, pools, 2));
        SolverWorkspace one = new() { UsesSecondCore = false }, two = new() { UsesSecondCore = true };
        ulong expected = AnswerBits.Of(RoutingSolver.Solve(problem, SolverStart.Cold, SolverOptions.Default, one));
        for (int i = 0; i < 2; i++)
            Assert.Equal(expected, AnswerBits.Of(RoutingSolver.Solve(problem, SolverStart.Cold, SolverOptions.Default, two)));
    }

    private static string[] RunWithout(string feature)
    {
        string answer = Path.GetTempFileName();
        try
        {
            var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
            {
                ArgumentList = { typeof(SameBitsSpecs).Assembly.Location, answer },
                Environment = { [feature] = "0" },
            };
            using Process child = Process.Start(start)!;
            Assert.True(child.WaitForExit(Patience), "the child process did not end");
            Assert.Equal(0, child.ExitCode);
            return File.ReadAllLines(answer);
        }
        finally
        {
            File.Delete(answer);
        }
    }
}
