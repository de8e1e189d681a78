using System.Collections.Immutable;
using System.Reflection;
using QTrade.Actors;
using QTrade.Actors.Journal;
using QTrade.Actors.Scheduling;
using QTrade.Markets;
using QTrade.Messages;
using QTrade.Messages.Execution;
using QTrade.Messages.Pools;
using QTrade.Messages.Routing;
using QTrade.Node.Actors;
using QTrade.Node.Configuration;
using QTrade.Node.Feeds;
using QTrade.Node.Simulation;
using QTrade.Node.Tests.EndToEnd;
using QTrade.Node.Tests.Simulation;
using QTrade.Trading.Execution;

namespace QTrade.Node.Tests.Recovery;

/// <summary>An actor throws and the node starts again within its process: from the journal as it is then, not as it was when the process started.</summary>
public sealed class RestartInProcessSpecs
{
    private static readonly TimeSpan While = TimeSpan.FromSeconds(3);

    /// <summary>Two pools, mispriced at the start; only fills move them.</summary>
    private static readonly Market Mispriced = SampleMarkets.Mixed with
    {
        Name = "mispriced",
        Tokens = SampleMarkets.Mixed.Tokens[..2],
        Pools =
        [
            SampleMarkets.Mixed.Pools[0],
            SampleMarkets.Mixed.Pools[0] with { Id = new PoolId("product-2"), Curve = new ProductCurve([1_000, 10_300]) },
        ],
    };

    private static readonly NodeOptions Options = new()
    {
        Simulation = new Node.Configuration.SimulationOptions { Rate = 0.01, NoisePerFee = 0, NoiseFloor = 0, ValueDeviation = 0 },
        Router = NodeOptionsOf.Calm(rate: 6, minInterval: TimeSpan.FromMilliseconds(300)).Router,
        Queue = new QueueOptions { ExpirySlots = 100 },
    };

    [Fact]
    public void A_trade_that_an_earlier_process_left_unfinished_counts_once_though_it_is_remembered_no_more()
    {
        using var killed = new SimulatedNode(Mispriced, Options);
        killed.Held.TradeAppendsLeft = 1;
        killed.RunFor(While);
        using var run = new SimulatedNode(Mispriced, Options, found: killed.Journal);
        var unfinished = Assert.Single(run.Node.Recovery.UnfinishedTrades);
        run.RunFor(While + While);
        Assert.Equal(Ending.Executed, run.Laws.Outcomes[unfinished.TradeId].Ending);
        for (var number = 0; number < ExecutorState.TalliedKept; number++)
            run.Node.Command(Forgettable(number));
        run.Scheduler.RunFor(TimeSpan.FromMinutes(1));
        Assert.DoesNotContain(unfinished.TradeId, run.Node.Executor.Tallied);
        var profit = run.Node.Executor.Profit;

        run.Node.Command(new Unheard());
        run.Scheduler.RunFor(While);

        Assert.Single(run.Lines, line => line.EndsWith("the node starts again from the journal", StringComparison.Ordinal));
        Assert.Single(JournalMessages.Of(run.Journal).OfType<OutcomeTallied>(), tallied => tallied.Outcome.TradeId == unfinished.TradeId);
        Assert.Equal(profit, run.Node.Executor.Profit);
    }

    [Fact]
    public void A_feed_is_told_the_slots_that_were_observed_since_the_process_started()
    {
        var pool = Mispriced.Pools[0];
        var stood = new List<ImmutableDictionary<PoolId, ulong>>();
        var scheduler = new SimulationScheduler(1);
        using var node = TradingNode.Start(new TradingNodeSetup
        {
            Options = new NodeOptions { Feed = FeedKind.Solana },
            Market = Mispriced,
            Scheduler = scheduler,
            Journal = new InMemoryJournal(scheduler.Time, TimeSpan.FromMilliseconds(2)),
            Feed = new ChainFeed("spec", Feed, new LiveFeedMetrics(), null, null),
        });
        scheduler.RunFor(While);
        node.Observe(new ObserveReserves(pool.Id, pool.Curve.State, new PositionVector(new ChainPosition(1_000, 1))));
        scheduler.RunFor(While);

        node.Command(new Unheard());
        scheduler.RunFor(While);

        Assert.Equal([[], [(pool.Id, 1_000UL)]], stood.Select(slots => slots.Select(slot => (slot.Key, slot.Value))));

        Actor<IFeedMessage> Feed(FeedParts parts)
        {
            stood.Add(parts.Stood);
            return new SilentFeed();
        }
    }

    [Fact]
    public void What_waits_for_a_node_that_starts_again_is_done_once_its_journal_can_be_read()
    {
        using var run = new SimulatedNode(Mispriced, Options);
        run.RunFor(While);
        run.Held.IsUnreadable = true;
        run.Node.Command(new Unheard());
        run.Scheduler.RunFor(While);
        run.Node.Command(new SetRiskLimits(new RiskLimits(7, 7, 7), default));
        run.Scheduler.RunFor(While);
        Assert.Empty(JournalMessages.Of(run.Journal).OfType<RiskLimitsChanged>());

        run.Held.IsUnreadable = false;
        run.Scheduler.RunFor(While);

        Assert.Single(JournalMessages.Of(run.Journal).OfType<RiskLimitsChanged>());
    }

    [Fact]
    public void A_node_that_starts_again_and_is_stopped_before_its_journal_can_be_read_answers_at_once_and_starts_nothing()
    {
        using var run = new SimulatedNode(Mispriced, Options);
        run.RunFor(While);
        run.Held.IsUnreadable = true;
        run.Node.Command(new Unheard());
        run.Scheduler.RunFor(While);

        var draining = run.Node.DrainAsync();
        run.Scheduler.RunFor(TimeSpan.FromSeconds(1));
        // What was in flight is in the journal.
        Assert.False(SimulatedNode.Finish(draining));
        Assert.DoesNotContain(run.Lines, line => line.Contains("no answer within", StringComparison.Ordinal));
        var written = run.Journal.Count;
        run.Held.IsUnreadable = false;
        run.Scheduler.RunFor(While);

        Assert.Equal(written, run.Journal.Count);
    }

    /// <summary>What was recovered of a long journal would stay in memory as long as the executor does.</summary>
    [Fact]
    public void What_makes_the_actors_of_a_node_holds_what_they_need_of_what_was_recovered_and_not_all_of_it()
    {
        var held = typeof(NodeActor).GetNestedTypes(BindingFlags.NonPublic).SelectMany(closure => closure.GetFields(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance)).ToArray();

        Assert.Contains(held, field => field.FieldType == typeof(ImmutableArray<TradeIntent>));
        Assert.DoesNotContain(held, field => field.FieldType == typeof(NodeRecovery));
    }

    /// <summary>An outcome of another trade, told so that the executor forgets older ones.</summary>
    private static TradeOutcome Forgettable(int number)
    {
        var snapshot = new SnapshotId(99, number);
        return new TradeOutcome(TradeId.Of(snapshot, 0), snapshot, 0, Ending.Expired, ReasonCode.Expired, "", [], 0, 0, 1, DateTimeOffset.UnixEpoch);
    }

    /// <summary>A command that no executor knows: it throws.</summary>
    private sealed record Unheard : IExecutorCommand;

    private sealed class SilentFeed : Actor<IFeedMessage>
    {
        public override void Handle(IFeedMessage message, Effects effects)
        {
            // It sees nothing.
        }
    }
}
