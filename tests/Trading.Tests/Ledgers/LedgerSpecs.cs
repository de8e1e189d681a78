using QTrade.Markets;
using QTrade.Messages;
using QTrade.Messages.Execution;
using QTrade.Messages.Pools;
using QTrade.Messages.Routing;
using QTrade.Trading.Ledgers;
using QTrade.Trading.Routing;
using QTrade.Trading.Tests.Routing;

namespace QTrade.Trading.Tests.Ledgers;

public sealed class LedgerSpecs
{
    private static readonly Ending[] Endings = [Ending.Executed, Ending.Expired, Ending.Rejected, Ending.Superseded, Ending.Failed];

    [Fact]
    public void A_thing_that_ended_twice_shows_as_a_difference()
    {
        var ledger = new Ledger<int>().HandOut(1).End(1, Ending.Executed);
        Assert.Equal(0, ledger.Difference);

        Assert.Equal(-1, ledger.End(1, Ending.Failed).Difference);
    }

    [Fact]
    public void A_thing_that_was_handed_out_twice_shows_as_a_difference() =>
        Assert.Equal(1, new Ledger<int>().HandOut(1).HandOut(1).Difference);

    [Fact]
    public void Reasons_are_counted_for_ever_and_the_last_are_listed()
    {
        var tally = ReasonTally.Empty;
        for (var i = 0; i < ReasonTally.Kept + 5; i++)
            tally = tally.Add(new ReasonedRefusal($"trade {i}", ReasonCode.PoolMoved, "", Sample.Noon));

        Assert.Equal(ReasonTally.Kept + 5, tally[ReasonCode.PoolMoved]);
        Assert.Equal("trade 5", tally.Last.First().What);
        Assert.Equal(ReasonTally.Kept, tally.Last.Count());
    }

    /// <summary>
    /// A router driven at random: updates, hand-outs, answers on time, late and twice, failures, outcomes in any order and twice, expiry,
    /// restarts. After every single event each snapshot and each route is in flight or ended in exactly one way.
    /// </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void The_difference_is_0_at_every_moment_whatever_comes_in_whatever_order(int seed)
    {
        var run = new RandomRouter(seed);
        for (var step = 0; step < 3000; step++)
            run.Step();
        run.End();
    }

    private sealed class RandomRouter
    {
        private static readonly string[] Pools = ["a", "b", "c", "d", "e", "f"];

        private readonly Random random;
        private readonly int seed;
        private readonly RouterOptions options = new() { OutstandingMax = 3, ExpirySlots = 20 };
        private readonly MarketView view;
        private readonly List<SnapshotId> given = [];
        private readonly List<(SnapshotId Id, int Route)> routes = [];
        private readonly Dictionary<SnapshotId, Ending> ended = [];
        private readonly Dictionary<TradeId, Ending> endedRoutes = [];
        private RouterState state = RouterState.Initial;
        private RouteQueue queue;
        private ulong slot = 100;
        private long sequence = 1;

        public RandomRouter(int seed)
        {
            this.seed = seed;
            random = new Random(seed);
            queue = new RouteQueue(options.OutstandingMax);
            view = Sample.View(
                Sample.Market([Sample.Token("A", 1), Sample.Token("B", 1)], [.. Pools.Select(pool => Sample.Product(pool, "A", "B", 10, 10))]), slot);
            Take(RouterRules.Start(state, Sample.Noon));
        }

        public void Step()
        {
            switch (random.Next(10))
            {
                case 0 or 1:
                    Observe();
                    break;
                case 2 or 3:
                    HandOut();
                    break;
                case 4 or 5 when given.Count > 0:
                    Take(RouterRules.Decide(state, Answer(), options, Sample.Noon));
                    break;
                case 6 or 7 when routes.Count > 0:
                    Take(RouterRules.Decide(state, AnyOutcome(), options, Sample.Noon));
                    break;
                case 8:
                    foreach (var solution in queue.ExpiredWaiting(state, slot))
                        Take(RouterRules.Expire(solution, slot, Sample.Noon));
                    break;
                case 9 when random.Next(40) == 0:
                    queue = new RouteQueue(options.OutstandingMax);
                    Take(RouterRules.Start(state, Sample.Noon));
                    break;
                default:
                    while (queue.Next(state) is not null)
                    {
                    }

                    break;
            }

            Assert.True(queue.Outstanding <= options.OutstandingMax, Seed);
        }

        public void End()
        {
            Assert.True(state.Snapshots.HandedOut > 100 && state.Routes.HandedOut > 50, $"{state.Snapshots.HandedOut} snapshots, {state.Routes.HandedOut} routes, {state.Open.Count} open, {state.Withheld.Count} withheld: {Seed}");
            Assert.Equal(state.Snapshots.Ended, ended.Count);
            Assert.Equal(state.Routes.Ended, endedRoutes.Count);
            Assert.Equal(state.Open.Values.Sum(solution => solution.Remaining.Length), state.Routes.InFlight.Count);
            Assert.True(state.Snapshots.InFlight.SetEquals(state.Undecided.Keys.Concat(state.Open.Keys)), Seed);
            Assert.All(Endings, ending => Assert.True(state.Routes[ending] > 0, $"no route ended as {ending}; {Seed}"));
        }

        private string Seed => $"seed {seed}";

        private void Observe()
        {
            slot += (ulong)random.Next(3);
            var pool = new PoolId(Pools[random.Next(Pools.Length)]);
            view.TryPool(pool, out _, out var at);
            view.Apply(new ReservesChanged(pool, ++sequence, [random.Next(5, 15), random.Next(5, 15)], Sample.At(slot + 1)));
            Assert.True(at.Count == 1, Seed);
        }

        private void HandOut()
        {
            if (SnapshotCutter.Cut(state, view, options, Sample.Noon) is not { } offer)
                return;
            Take(RouterRules.HandOut(state, offer));
            view.MarkCut();
            given.Add(offer.Event.SnapshotId);
        }

        private IRouterCommand Answer()
        {
            // Mostly one of the last few; now and then one long over, or answered before.
            var id = given[random.Next(random.Next(4) == 0 ? 0 : Math.Max(0, given.Count - 4), given.Count)];
            if (random.Next(8) == 0)
                return new SnapshotFailed(id, ReasonCode.SolverFailed, "it threw");
            var status = random.Next(5) switch { 0 => ResultStatus.NoArbitrage, 1 => ResultStatus.Invalid, _ => ResultStatus.Optimal };
            var planned = Enumerable.Range(0, random.Next(4))
                .Select(index => RouterSamples.Route(index, Pools[random.Next(Pools.Length)], random.NextDouble(), random.Next(2) == 0 ? index : 0))
                .ToArray();
            return RouterSamples.Solved(id, status, [1, 1], planned);
        }

        private TradeOutcome AnyOutcome()
        {
            // Mostly one that is under way; now and then one long over.
            var open = state.Open.Values.SelectMany(solution => solution.Remaining.Select(left => (solution.SnapshotId, left.Index))).ToList();
            var among = open.Count == 0 || random.Next(5) == 0 ? routes : open;
            var (id, route) = among[random.Next(among.Count)];
            return RouterSamples.Outcome(id, route, Endings[random.Next(Endings.Length)], Pools[random.Next(Pools.Length)], slot);
        }

        private void Take(Decision<IRouterEvent> decision)
        {
            foreach (var change in decision.ToImmutableArray())
            {
                state = RouterJournal.Apply(state, change);
                Assert.True(state.Snapshots.Difference == 0, $"{change}: {Seed}");
                Assert.True(state.Routes.Difference == 0, $"{change}: {Seed}");
                switch (change)
                {
                    case Decided decided:
                        routes.AddRange(decided.Routes.Select(route => (decided.SnapshotId, route.Index)));
                        break;
                    case RouteEnded end:
                        Assert.True(endedRoutes.TryAdd(end.Outcome.TradeId, end.Outcome.Ending), $"{change} ended twice: {Seed}");
                        break;
                    case SnapshotEnded end:
                        Assert.True(ended.TryAdd(end.SnapshotId, end.Ending), $"{change} ended twice: {Seed}");
                        queue.End(end.SnapshotId);
                        break;
                }
            }
        }
    }
}
