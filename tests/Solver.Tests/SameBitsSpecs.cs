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
        }
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
