using QTrade.Markets;
using QTrade.Messages.Routing;
using QTrade.Node.Tests.Simulation;

namespace QTrade.Node.Tests.EndToEnd;

public sealed class RealMarketSpecs
{
    /// <summary>
    /// Our own fills leave pools at the ends of their ranges and chains of tokens of next to no worth: markets that no file shows. The laws of the
    /// journal verify every certificate; here every answer must also be certified.
    /// </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Every_decision_of_a_node_that_trades_on_the_real_market_is_certified(ulong seed)
    {
        var answers = new List<(SnapshotId Id, MarketResult Result)>();
        using var run = new SimulatedNode(
            SampleMarkets.Orca,
            NodeOptionsOf.Calm(rate: 400, minInterval: TimeSpan.FromMilliseconds(500), seed),
            seed,
            solve: snapshot =>
            {
                var solved = SnapshotSolver.Solve(snapshot);
                answers.Add((solved.SnapshotId, solved.Result));
                return solved;
            });
        run.RunFor(TimeSpan.FromSeconds(15));
        run.Stop();

        Assert.InRange(answers.Count, 10, 60);
        Assert.True(run.Laws.Executed > 0);
        Assert.All(answers, answer => Assert.True(
            answer.Result.Status is ResultStatus.Optimal or ResultStatus.NoArbitrage,
            $"{answer.Id}: {answer.Result.Status}, gap {answer.Result.Gap:E1}"));
    }
}
