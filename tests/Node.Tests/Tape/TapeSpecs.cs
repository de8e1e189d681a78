using QTrade.Actors;
using QTrade.Actors.Journal;
using QTrade.Messages.Pools;
using QTrade.Messages.Registry;
using QTrade.Messages.Routing;
using QTrade.Node.Actors;
using QTrade.Node.Configuration;
using QTrade.Node.Feeds;
using QTrade.Node.Replay;
using QTrade.Node.Simulation;
using QTrade.Node.Tests.Actors;
using QTrade.Node.Tests.EndToEnd;
using QTrade.Node.Tests.Simulation;
using QTrade.Shared.Actors;
using QTrade.Solver;
using SolverOptions = QTrade.Node.Configuration.SolverOptions;

namespace QTrade.Node.Tests.Tape;

/// <summary>A node in virtual time whose cuts are the tape's.</summary>
public sealed class TapeSpecs
{
    internal const int Cuts = 12;
    private static readonly TimeSpan Enough = TimeSpan.FromMinutes(2);

    [Fact]
    public void Every_cut_is_decided_once_and_begins_from_the_decision_before()
    {
        using var run = new SimulatedNode(SampleMarkets.Mixed, Options());
        run.RunFor(Enough);
        Assert.True(run.Stop());

        var report = Replay(run.Journal);
        Assert.Equal(Cuts, report.TapeCuts);
        Assert.Equal(Cuts, report.Decisions);
        Assert.True(report.Verified);
        Assert.Equal(report.Decisions, report.Same);
        Assert.True(run.Laws.Executed > 0, "nothing was traded: what must not feed back was not there");
        var handedOut = JournalMessages.Of(run.Journal).OfType<Messages.Routing.SnapshotHandedOut>().ToArray();
        Assert.Null(handedOut[0].Start);
        for (var cut = 1; cut < handedOut.Length; cut++)
            Assert.Equal(handedOut[cut - 1].SnapshotId, handedOut[cut].Start);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Whoever_is_scheduled_first_the_same_is_decided(ulong schedule)
    {
        Assert.Equal(Decided(schedule: 1), Decided(schedule));
    }

    [Fact]
    public void Another_chain_is_decided_otherwise() => Assert.NotEqual(Decided(schedule: 1), Decided(schedule: 1, seed: 2));

    [Fact]
    public void A_node_that_dies_at_any_moment_goes_on_to_the_same_decisions()
    {
        var whole = Decided(schedule: 1);
        for (var events = 5; ; events += 37)
        {
            using var first = new SimulatedNode(SampleMarkets.Mixed, Options());
            first.Scheduler.BeforeStep = _ => first.Journal.Count < events;
            first.Scheduler.RunFor(Enough);
            first.Scheduler.BeforeStep = null;
            var diedIn = first.Journal.Count;
            using var second = new SimulatedNode(SampleMarkets.Mixed, Options(), seed: 7, found: first.Journal);
            second.RunFor(Enough);
            Assert.Equal((Cuts, whole), (Replay(second.Journal).TapeCuts, Replay(second.Journal).TapeDigest));
            if (diedIn < events)
                return;
        }
    }

    [Fact]
    public void A_journal_that_is_past_the_tape_is_told_and_nothing_is_decided_on_it()
    {
        using var live = new SimulatedNode(SampleMarkets.Mixed, NodeOptionsOf.Calm(rate: 10, minInterval: TimeSpan.FromSeconds(1)));
        live.RunFor(TimeSpan.FromSeconds(20));
        using var tape = new SimulatedNode(SampleMarkets.Mixed, Options(), found: live.Journal);
        var before = tape.Laws.Decisions;
        tape.RunFor(TimeSpan.FromSeconds(20));

        Assert.Equal(before, tape.Laws.Decisions);
        Assert.Contains(tape.Lines, line => line.Contains("a tape needs a journal of its own", StringComparison.Ordinal));
    }

    [Fact]
    public void A_node_whose_journal_holds_a_tape_goes_on_live()
    {
        using var tape = new SimulatedNode(SampleMarkets.Mixed, Options());
        tape.RunFor(Enough);
        using var live = new SimulatedNode(SampleMarkets.Mixed, NodeOptionsOf.Calm(rate: 10, minInterval: TimeSpan.FromSeconds(1)), found: tape.Journal);
        var before = live.Laws.Decisions;
        live.RunFor(TimeSpan.FromSeconds(30));

        Assert.True(live.Laws.Decisions > before + 5);
        Assert.Equal(0, live.Node.Status.Faults);
    }

    [Fact]
    public void A_journal_that_holds_another_tape_is_told_and_nothing_is_decided_on_it()
    {
        using var one = new SimulatedNode(SampleMarkets.Mixed, Options());
        one.RunFor(Enough);
        using var other = new SimulatedNode(SampleMarkets.Mixed, Options(seed: 2), found: one.Journal);
        other.RunFor(TimeSpan.FromSeconds(20));

        Assert.Equal(Cuts, Replay(other.Journal).TapeCuts);
        Assert.Contains(other.Lines, line => line.Contains("the journal holds another tape", StringComparison.Ordinal));
    }

    [Fact]
    public void A_pool_that_is_retired_on_the_way_is_waited_for_no_more()
    {
        using var run = new SimulatedNode(SampleMarkets.Mixed, Options());
        run.Scheduler.BeforeStep = _ => run.Node.Router.TapeCut < 4;
        run.Scheduler.RunFor(Enough);
        run.Scheduler.BeforeStep = null;
        run.Node.Change(new ChangePool(new Messages.Registry.RetirePool(SampleMarkets.Mixed.Pools[1].Id)));
        run.RunFor(Enough);

        Assert.Equal(Cuts, run.Node.Router.TapeCut);
        Assert.DoesNotContain(run.LastSolved.Pools, pool => pool.Id == SampleMarkets.Mixed.Pools[1].Id);
    }

    [Fact]
    public void What_was_configured_before_a_cut_is_what_the_cut_uses_also_where_the_node_died_in_between()
    {
        const double Fee = 0.0123;
        var changed = SampleMarkets.Mixed.Pools[0] with { Fee = Fee };
        var died = 0;
        for (var later = 0; ; later++)
        {
            using var first = new SimulatedNode(SampleMarkets.Mixed, Options());
            first.Scheduler.BeforeStep = _ => first.Node.Router.TapeCut < 4;
            first.Scheduler.RunFor(Enough);
            first.Node.Change(new ChangePool(new ConfigurePool(changed) { By = new Messages.Execution.Operator("somebody", "here") }));
            first.Scheduler.BeforeStep = _ => !JournalMessages.Of(first.Journal).OfType<PoolConfigured>().Any(IsChanged);
            first.Scheduler.RunFor(Enough);
            var events = first.Journal.Count + later;
            first.Scheduler.BeforeStep = _ => first.Journal.Count < events;
            first.Scheduler.RunFor(Enough);
            // Behind a cut that was handed out with what was there before, as live ones may be, nothing more is to be seen.
            var handedOut = JournalMessages.Of(first.Journal).SkipWhile(message => !IsChanged(message)).OfType<SnapshotHandedOut>().Count();
            if (handedOut > 0)
                break;
            died++;
            using var second = new SimulatedNode(SampleMarkets.Mixed, Options(), seed: 7, found: first.Journal);
            second.RunFor(Enough);

            var configured = JournalMessages.Of(second.Journal).OfType<PoolConfigured>().Last(change => change.PoolId == changed.Id);
            Assert.Equal(Fee, configured.Pool.Fee);
            var next = JournalMessages.Of(second.Journal).SkipWhile(message => !IsChanged(message)).OfType<SnapshotHandedOut>().First();
            Assert.Equal(configured.Sequence, next.Cut.Pools.Single(pool => pool.PoolId == changed.Id).ConfigurationSequence);
            Assert.Equal(Fee, second.LastSolved.Pools.Single(pool => pool.Id == changed.Id).Fee);
            Assert.Equal((Cuts, true), (Replay(second.Journal).TapeCuts, Replay(second.Journal).Verified));
        }

        Assert.True(died > 0, "the next cut was handed out at once");

        static bool IsChanged(Messages.IMessage message) => message is PoolConfigured { Pool.Fee: Fee };
    }

    [Fact]
    public void A_feed_that_takes_over_plays_what_is_past_in_turns_between_which_it_can_be_stopped()
    {
        using var bench = new ActorBench();
        var chain = new SimulatedChain(SampleMarkets.Mixed, new SimulatedChainOptions { Seed = 1, UpdatesPerSecond = 1_000 });
        var router = new TestProbe<IRouterMessage>(bench.System, "router");
        var pools = new TestProbe<IPoolMessage>(bench.System, "pools");
        var options = new TapeCutOptions("tape", 1_000, 1_000);
        var parts = new FeedParts(pools.Ref, new TestProbe<IRegistryMessage>(bench.System, "registry").Ref, new MarketSubscribers(router.Ref, null), new FeedMetrics(), router.Ref);
        var feed = bench.System.Spawn(new Props<IFeedMessage>(() => new SimulatedTapeFeedActor(chain, new FeedPace(1_000), options, parts)), "feed");
        feed.Tell(new TapeCutOver("tape", 50));
        bench.Run();

        // Silently: nothing of what is past is shown, and then all pools as they stand.
        Assert.Equal(51, router.Received.OfType<TapeCut>().Last().Number);
        Assert.InRange(pools.Received.OfType<ObserveReserves>().Count(), chain.PoolCount, chain.PoolCount + 1_000);
        var swaps = chain.Swaps;

        feed.Tell(new TapeCutOver("tape", 900));
        feed.Tell(new StopFeed());
        bench.Run();
        Assert.InRange(chain.Swaps - swaps, 1, 2 * SimulatedTapeFeedActor.SwapsPerTurn);
        Assert.Equal(51, router.Received.OfType<TapeCut>().Last().Number);
    }

    internal static NodeOptions Options(ulong seed = 1) => new()
    {
        Drive = new DriveOptions { Kind = DriveKind.Tape, CutEvery = 25, Cuts = Cuts },
        Simulation = new SimulationOptions { Rate = 40, Seed = seed, NoisePerFee = 0.6 },
        Router = new RouterOptions { MinInterval = TimeSpan.FromMilliseconds(20), CheckInterval = TimeSpan.FromSeconds(30) },
        Solver = new SolverOptions { WorkerThreads = 1 },
    };

    private static string? Decided(ulong schedule, ulong seed = 1)
    {
        using var run = new SimulatedNode(SampleMarkets.Mixed, Options(seed), schedule);
        run.RunFor(Enough);
        var report = Replay(run.Journal);
        Assert.Equal(Cuts, report.TapeCuts);
        return report.TapeDigest;
    }

    private static ReplayReport Replay(InMemoryJournal journal) => new JournalReplay(SnapshotSolver.Solve, SolverVersion.Current).Verify(journal);
}
