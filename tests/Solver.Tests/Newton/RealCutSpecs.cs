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
    private const int Nudged = 1700;
    private const int Counted = 100;

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

    /// <summary>
    /// Every pool was nudged in turn, each solve from the decision before. In such a market a pool of great profit tenders a token of next to no worth, which only idle pools that hold nothing bring.
    /// </summary>
    [Fact]
    public void A_market_all_of_whose_pools_moved_goes_on_from_its_decisions_in_one_step()
    {
        string path = Path.Combine(AppContext.BaseDirectory, "samples", "orca-185759999.json");
        Assert.True(MarketFile.TryReadFile(path, out Market? market, out _, out MarketFileError? error), $"{error}");
        RoutingProblem problem = MarketProblem.Build(market);
        RoutingPool[] pools = [.. problem.Pools];
        var workspace = new SolverWorkspace();
        SolverStart start = SolverStart.Cold;
        int iterations = 0;
        for (int update = 0; update < Nudged + Counted; update++)
        {
            int at = update * 37 % pools.Length;
            var curve = (ConcentratedCurve)market.Pools[at].Curve;
            Pool nudged = market.Pools[at] with { Curve = curve with { Price = curve.Price * (update % 2 == 0 ? 1.005 : 0.995) } };
            pools[at] = RoutingPoolKinds.TryMake(nudged, pools[at].Tokens)!;
            RoutingSolution solution = RoutingSolver.Solve(new(problem.Values, problem.Holdings, [.. pools]), start, SolverOptions.Default, workspace);
            Assert.Equal(SolverStatus.Optimal, solution.Status);
            iterations += update < Nudged ? 0 : solution.Iterations;
            start = SolverStart.FromDecision(solution.Prices, solution.Trades);
        }

        Assert.InRange(iterations, Counted, Counted * 5 / 4);
    }
}
