using QTrade.Markets;
using QTrade.Messages;
using QTrade.Messages.Pools;
using QTrade.Messages.Routing;
using QTrade.Node.Configuration;

namespace QTrade.Node.Tests.EndToEnd;

/// <summary>An executor that does not come to an end holds the router back; nothing of what was decided is lost by it.</summary>
public sealed class QueueSpecs
{
    private const ulong FirstSlot = 1_000_000;

    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact]
    public void A_held_executor_fills_the_queue_to_exactly_100_and_the_router_waits_until_it_goes_on()
    {
        const int Waiting = 8, Unseen = 2, Pairs = 100 + Waiting + Unseen;
        using var run = Running(Pairs, new QueueOptions { ExpirySlots = 10_000 });
        run.Held.Hold();
        for (var pair = 0; pair < Pairs - Unseen; pair++)
        {
            Misprice(run, pair, FirstSlot);
            run.RunFor(Step);
            Assert.Equal(Math.Min(pair + 1, 100), run.Node.Status.Outstanding);
            Assert.Equal(pair + 1, run.Node.Router.Open.Count);
        }

        var full = run.Node.Status;
        for (var pair = Pairs - Unseen; pair < Pairs; pair++)
            Misprice(run, pair, FirstSlot);
        run.RunFor(Minute);

        var waiting = run.Node.Status;
        Assert.Equal(100, waiting.Outstanding);
        Assert.Equal(full.Snapshots.HandedOut, waiting.Snapshots.HandedOut);
        Assert.Equal(full.Solves, waiting.Solves);
        Assert.Equal(0, waiting.Executed);
        Assert.True(waiting.Updates >= full.Updates, "pools keep observing");

        run.Held.Release();
        run.RunFor(Minute);

        var after = run.Node.Status;
        Assert.Equal((0, 0), (after.Outstanding, run.Node.Router.Open.Count));
        Assert.Equal(Pairs, after.Executed);
        Assert.Equal(Pairs, after.Routes.HandedOut);
        Assert.True(after.Snapshots.HandedOut > waiting.Snapshots.HandedOut, "the router goes on");
        Assert.Equal((0, 0), (after.Snapshots.Difference, after.Routes.Difference));
        Assert.True(run.Stop());
        Assert.Empty(run.Laws.InFlight);
        Assert.Empty(run.Laws.Unfinished);
    }

    [Fact]
    public void Solutions_that_were_held_or_waited_past_their_slot_end_as_expired_and_nothing_is_executed()
    {
        using var run = Running(2, new QueueOptions { Outstanding = 1, WaitingMax = 2, ExpirySlots = 4 });
        run.Held.Hold();
        Misprice(run, 0, FirstSlot);
        run.RunFor(Step);
        Misprice(run, 1, FirstSlot + 4);
        run.RunFor(Step);
        Assert.Equal((1, 2), (run.Node.Status.Outstanding, run.Node.Router.Open.Count));

        // One slot past what the later was decided for, and nothing is to be gained any more.
        for (var pair = 0; pair < 2; pair++)
            run.Node.Observe(Observation(pair, [1_000, 10_000], FirstSlot + 9));
        run.RunFor(Minute);
        Assert.Equal(1, Count(run, RefusalSource.Router, ReasonCode.Expired));
        Assert.Equal((1, 1), (run.Node.Status.Outstanding, run.Node.Router.Open.Count));

        run.Held.Release();
        run.RunFor(Minute);

        var after = run.Node.Status;
        Assert.Equal(2, Count(run, RefusalSource.Router, ReasonCode.Expired));
        Assert.Equal(1, Count(run, RefusalSource.Executor, ReasonCode.Expired));
        Assert.Equal(2, after.Routes.Endings[Ending.Expired]);
        Assert.Equal(2, after.Snapshots.Endings[Ending.Expired]);
        Assert.Equal((0, 0), (after.Executed, after.Outstanding));
        Assert.Equal((0, 0), (after.Snapshots.Difference, after.Routes.Difference));
        Assert.All(run.Laws.Outcomes.Values, outcome => Assert.Equal(Ending.Expired, outcome.Ending));
        Assert.True(run.Stop());
    }

    private static SimulatedNode Running(int pairs, QueueOptions queue)
    {
        var run = new SimulatedNode(Pairs(pairs), new NodeOptions
        {
            Simulation = new SimulationOptions { Rate = 1e-6 },
            Router = new RouterOptions { MinInterval = TimeSpan.FromMilliseconds(100), CheckInterval = TimeSpan.FromSeconds(30) },
            Solver = new SolverOptions { WorkerThreads = 1 },
            Queue = queue,
        });
        run.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal(0, run.Node.Status.Routes.HandedOut);
        return run;
    }

    /// <summary>Two pools of the same two tokens each, at the same price: what opens between one two concerns no others.</summary>
    private static Market Pairs(int count) => new()
    {
        Name = "pairs",
        Slot = 1_000,
        Tokens = [.. Enumerable.Range(0, count).SelectMany(pair => new[] { Token("A", pair, 10), Token("B", pair, 1) })],
        Pools = [.. Enumerable.Range(0, count).SelectMany(pair => new[] { Pool("p", pair), Pool("q", pair) })],
    };

    private static Token Token(string name, int pair, double value) => new() { Id = new TokenId($"{name}{pair}"), Value = value, Decimals = 6 };

    private static Pool Pool(string name, int pair) => new()
    {
        Id = new PoolId($"{name}{pair}"),
        Fee = 0.003,
        Tokens = [new TokenId($"A{pair}"), new TokenId($"B{pair}")],
        Curve = new ProductCurve([1_000, 10_000]),
    };

    private static void Misprice(SimulatedNode run, int pair, ulong slot) => run.Node.Observe(Observation(pair, [1_000, 10_500], slot));

    private static ObserveReserves Observation(int pair, double[] reserves, ulong slot) =>
        new(new PoolId($"p{pair}"), [.. reserves], new PositionVector(new ChainPosition(slot, 1)));

    private static long Count(SimulatedNode run, RefusalSource source, ReasonCode reason) =>
        run.Node.Status.Refusals.Single(refusals => refusals.Source == source).Counts.SingleOrDefault(count => count.Reason == reason)?.Count ?? 0;
}
