using QTrade.Markets;
using QTrade.Markets.Files;
using QTrade.Shared.MarketFamilies;
using QTrade.Trading.Problems;
using QTrade.Verification;

namespace QTrade.Solver.Tests.Certificates;

/// <summary>Every answer on markets of every family, judged by the room that shares no code with the solver.</summary>
public sealed class FamilyCertificateSpecs
{
    /// <summary>Families on which an honest 'inaccurate' is let pass: their answers are verified all the same.</summary>
    private static readonly string[] Hard = ["hostile", "wild"];

    public static TheoryData<string> Families => new(MarketFamily.Names.ToArray());

    [Theory]
    [MemberData(nameof(Families))]
    public void Every_answer_is_feasible_as_printed_and_proves_its_own_gap(string family)
    {
        foreach ((int pools, int seed) in ((int, int)[])[(1, 1), (5, 2), (20, 3), (20, 4), (60, 5), (120, 6)])
        {
            Market market = MarketFamily.Make(family, pools, seed);
            string hash = MarketHash.Of(MarketFile.Write(market));
            MarketResult result = MarketSolver.Solve(market, hash, SolverStart.Cold);
            VerificationReport report = ResultVerifier.Verify(market, hash, result);
            Assert.True(report.Verified, $"{market.Name}: {report.Summary}");
            if (!Hard.Contains(family))
                Assert.True(result.Status is ResultStatus.Optimal or ResultStatus.NoArbitrage, $"{market.Name}: {report.Summary}");
        }
    }
}
