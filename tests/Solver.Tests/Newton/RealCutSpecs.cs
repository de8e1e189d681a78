using QTrade.Markets;
using QTrade.Markets.Files;
using QTrade.Trading.Problems;
using QTrade.Verification;

namespace QTrade.Solver.Tests.Newton;

/// <summary>
/// Cuts of markets that nodes have met on which Newton steps once failed and the interior point took ten times as long, down to the pools that it takes: a token of next to no worth that
/// nothing brought, one that an idle pool held where it was, a line search that stopped short of the wall it had found, a token that the one pool which could bring it took instead, the depth of
/// idle bins that held a token of small flows.
/// </summary>
public sealed class RealCutSpecs
{
    private const int MostSteps = 15;

    [Theory]
    [InlineData("supplied-token")]
    [InlineData("loose-idle-pool")]
    [InlineData("wall-on-the-way")]
    [InlineData("taker-of-the-only-source")]
    [InlineData("held-by-idle-pools")]
    public void Newton_steps_certify_it(string name)
    {
        string path = Path.Combine(AppContext.BaseDirectory, "Newton", "Markets", $"{name}.json");
        Assert.True(MarketFile.TryReadFile(path, out Market? market, out string? hash, out MarketFileError? error), $"{error}");

        MarketResult result = MarketSolver.Solve(market, hash, SolverStart.Cold);

        VerificationReport report = ResultVerifier.Verify(market, hash, result);
        Assert.True(report.Verified, report.Summary);
        Assert.Equal(ResultStatus.Optimal, result.Status);
        Assert.InRange(result.Iterations, 1, MostSteps);
    }
}
