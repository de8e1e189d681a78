using QTrade.Actors.Scheduling;
using QTrade.Markets;
using QTrade.Messages.Execution;
using QTrade.Messages.Routing;
using QTrade.Node.Configuration;
using QTrade.Node.Tests.EndToEnd;
using QTrade.Node.Tests.Simulation;

namespace QTrade.Node.Tests.Recovery;

public sealed class KillAndRecoverSpecs
{
    private static readonly TimeSpan FirstRun = TimeSpan.FromSeconds(1.5);
    private static readonly TimeSpan SecondRun = TimeSpan.FromSeconds(3);

    /// <summary>Three pools of two tokens, mispriced at the start, so that the first snapshot trades.</summary>
    private static readonly Market Mispriced = SampleMarkets.Mixed with
    {
        Name = "mispriced",
        Tokens = SampleMarkets.Mixed.Tokens[..2],
        Pools =
        [
            SampleMarkets.Mixed.Pools[0],
            SampleMarkets.Mixed.Pools[0] with { Id = new PoolId("product-2"), Curve = new ProductCurve([1_000, 10_300]) },
            SampleMarkets.Mixed.Pools[5],
        ],
    };

    /// <summary>A cycle of three pools, one of them mispriced: more legs than one transaction holds.</summary>
    private static readonly Market Cycle = SampleMarkets.Mixed with
    {
        Name = "cycle",
        Tokens = SampleMarkets.Mixed.Tokens[..3],
        Pools =
        [
            SampleMarkets.Mixed.Pools[0],
            SampleMarkets.Mixed.Pools[1],
            SampleMarkets.Mixed.Pools[0] with { Id = new PoolId("product-3"), Tokens = [new TokenId("B"), new TokenId("C")], Curve = new ProductCurve([10_000, 10_500]) },
        ],
    };

    private static readonly NodeOptions Options = NodeOptionsOf.Calm(rate: 6, minInterval: TimeSpan.FromMilliseconds(300));

    [Fact]
    public void A_node_killed_before_any_step_of_a_run_goes_on_and_repeats_no_effect()
    {
        var steps = StepsOfTheFirstRun(out var executed);
        Assert.InRange(steps, 200, 5_000);
        Assert.True(executed > 0, "nothing was executed in the run that is to be killed");

        long recoveredTrades = 0, recoveredSolutions = 0;
        for (var step = 1L; step <= steps; step++)
        {
            try
            {
                var (trades, solutions) = KillBefore(step);
                recoveredTrades += trades;
                recoveredSolutions += solutions;
            }
            catch (Exception failure)
            {
                throw new InvalidOperationException($"killed before step {step} of {steps}: {failure.Message}", failure);
            }
        }

        // The run passes through every half-done state there is.
        Assert.True(recoveredTrades > 0, "no kill left a trade between intent and outcome");
        Assert.True(recoveredSolutions > 0, "no kill left a solution open");
    }

    /// <summary>Two linked routes, of whose intents and outcomes so many are durable. Only fills move the pools: nothing but the kill can come between the routes.</summary>
    [Theory]
    [InlineData(0, Ending.Executed)]
    [InlineData(1, Ending.Rejected)]
    [InlineData(2, Ending.Executed)]
    [InlineData(3, Ending.Executed)]
    public void Of_linked_routes_all_take_effect_or_none_wherever_the_node_is_killed(int written, Ending ending)
    {
        var options = new NodeOptions
        {
            Simulation = new Node.Configuration.SimulationOptions { Rate = 0.01, NoisePerFee = 0, NoiseFloor = 0, ValueDeviation = 0 },
            Router = Options.Router,
            Solver = Options.Solver,
            Executor = new ExecutorOptions { LegsMax = 2 },
            // The second run begins after seconds: so long a market is waited for of which nothing more is heard.
            Queue = new QueueOptions { ExpirySlots = 100 },
        };
        using var first = new SimulatedNode(Cycle, options);
        first.Held.TradeAppendsLeft = written;
        first.RunFor(FirstRun);
        Assert.Equal(written, first.Laws.Intended + first.Laws.Outcomes.Count);

        using var second = new SimulatedNode(Cycle, options, found: first.Journal);
        second.RunFor(SecondRun + SecondRun);

        Assert.Empty(second.Laws.Unfinished);
        var decided = JournalMessages.Of(second.Journal).OfType<Decided>().First();
        Assert.Equal([(0, ending), (0, ending)], decided.Routes.Select(route => (route.Chain, second.Laws.Outcomes[TradeId.Of(decided.SnapshotId, route.Index)].Ending)));
        // All of them gain: that the first only pays is no loss.
        Assert.Equal(0, second.Node.Executor.Loss);
    }

    [Fact]
    public void A_node_that_was_stopped_in_order_goes_on_where_it_was()
    {
        using var first = new SimulatedNode(Mispriced, Options);
        first.RunFor(FirstRun);
        Assert.True(first.Stop());
        using var second = new SimulatedNode(Mispriced, Options, found: first.Journal);
        Assert.Equal(1, second.Node.Recovery.Router.Epoch);
        Assert.Empty(second.Node.Recovery.UnfinishedTrades);
        Assert.Contains("Recovered", second.Node.Recovery.Describe(), StringComparison.Ordinal);

        // Its market is whole at once, and it soon trades on.
        for (var looks = 0; looks < 100 && second.Node.Router.Epoch != 2; looks++)
            second.RunFor(TimeSpan.FromMilliseconds(1));
        Assert.Equal(2, second.Node.Router.Epoch);
        Assert.Equal(first.Node.Status.Profit, second.Node.Status.Profit);
        second.RunFor(TimeSpan.FromSeconds(1));
        Assert.True(second.Node.Status.Slot > first.Node.Status.Slot);
    }

    private static long StepsOfTheFirstRun(out int executed)
    {
        using var run = new SimulatedNode(Mispriced, Options);
        run.RunFor(FirstRun);
        executed = run.Laws.Executed;
        return run.Scheduler.Steps;
    }

    /// <summary>Kills a run before a step, starts a node on what is durable, and holds both runs together to the laws.</summary>
    private static (int Trades, int Solutions) KillBefore(long step)
    {
        using var first = new SimulatedNode(Mispriced, Options);
        first.Scheduler.BeforeStep = next => next < step;
        Assert.Equal(SimulationEnd.Stopped, first.Scheduler.RunFor(FirstRun + FirstRun));

        using var second = new SimulatedNode(Mispriced, Options, found: first.Journal);
        var recovery = second.Node.Recovery;
        second.RunFor(SecondRun);
        Assert.True(second.Stop(), "something was left in flight");

        Assert.Empty(second.Laws.InFlight);
        Assert.Empty(second.Laws.Unfinished);
        var status = second.Node.Status;
        Assert.Equal(second.Laws.HandedOut, status.Snapshots.HandedOut);
        Assert.Equal(second.Laws.Executed, status.Executed);
        Assert.Equal(second.Laws.Profit, status.Profit, 9);
        Assert.Equal(0, status.Faults);
        Assert.All(recovery.UnfinishedTrades, intent => Assert.Contains(intent.TradeId, second.Laws.Outcomes.Keys));
        return (recovery.UnfinishedTrades.Length, recovery.Router.Open.Count);
    }
}
