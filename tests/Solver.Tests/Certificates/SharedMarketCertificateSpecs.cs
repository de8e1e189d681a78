using System.Text.Json;
using QTrade.Markets;
using QTrade.Markets.Files;
using QTrade.Shared;
using QTrade.Trading.Problems;
using QTrade.Verification;

namespace QTrade.Solver.Tests.Certificates;

/// <summary>The shared markets, real and generated: every answer verified, and against the best bounds known.</summary>
public sealed class SharedMarketCertificateSpecs
{
    /// <summary>Families on which an honest 'inaccurate' is let pass.</summary>
    private static readonly string[] Hard = ["bins", "disc", "hubmixed"];

    [SharedFact]
    public void Every_answer_is_verified_and_earns_what_the_references_allow()
    {
        using JsonDocument references = JsonDocument.Parse(File.ReadAllBytes(SharedFiles.At("markets/references.json")));
        int solved = 0;
        foreach (string path in SharedFiles.Markets())
        {
            Assert.True(MarketFile.TryReadFile(path, out Market? market, out string? hash, out MarketFileError? error), $"{error}");
            if (market.Limits is not null)
                continue;
            MarketResult result = MarketSolver.Solve(market, hash, SolverStart.Cold);
            VerificationReport report = ResultVerifier.Verify(market, hash, result);
            Assert.True(report.Verified, $"{market.Name}: {report.Summary}");
            if (!Hard.Contains(market.Name.Split('-')[0]))
                Assert.True(result.Status == ResultStatus.Optimal, $"{market.Name}: {report.Summary}");
            double known = references.RootElement.GetProperty(market.Name).GetProperty("upperBound").GetDouble();
            Assert.True(result.Profit <= known * (1 + 1e-8), $"{market.Name}: profit {result.Profit:R} above the known bound {known:R}");
            Assert.True(result.UpperBound >= known * (1 - 1e-4), $"{market.Name}: bound {result.UpperBound:R} far below the known one {known:R}");
            solved++;
        }
        Assert.True(solved >= 18, $"only {solved} markets were solved");
    }
}
