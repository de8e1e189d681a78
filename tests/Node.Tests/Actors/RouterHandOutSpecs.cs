using QTrade.Messages.Routing;
using QTrade.Node.Tests.Simulation;

namespace QTrade.Node.Tests.Actors;

/// <summary>A router and an optimizer of its own, which begins while the hand-out is being written.</summary>
public sealed class RouterHandOutSpecs : IDisposable
{
    private static readonly TimeSpan Instant = TimeSpan.FromMilliseconds(0.1), Moment = TimeSpan.FromSeconds(5);

    private readonly RouterBench _bench;
    private readonly List<SnapshotId> _given = [];

    public RouterHandOutSpecs() => _bench = new RouterBench(TimeSpan.FromMilliseconds(200), Solve);

    [Fact]
    public void The_solve_begins_before_the_hand_out_is_durable_and_is_decided_after_it()
    {
        _bench.Begin();
        for (var step = 0; _given.Count == 0 && step < 1_000; step++)
            _bench.Run(Instant);

        Assert.Single(_given);
        Assert.Empty(_bench.Events().OfType<SnapshotHandedOut>());
        _bench.Run(Moment);
        var told = _bench.Events().Where(message => message is SnapshotHandedOut or Decided).Take(2).ToArray();
        Assert.Equal(_given[0], Assert.IsType<SnapshotHandedOut>(told[0]).SnapshotId);
        Assert.Equal(_given[0], Assert.IsType<Decided>(told[1]).SnapshotId);
    }

    [Fact]
    public void What_is_answered_to_a_hand_out_that_the_journal_refused_is_nobodys_and_its_number_is_not_given_again()
    {
        // The epoch's beginning, and nothing more.
        _bench.Held.RouterAppendsLeft = 1;
        _bench.Begin();
        _bench.Run(Moment);
        var refused = _given.ToHashSet();
        Assert.True(refused.Count > 1, "the router tries again");
        Assert.DoesNotContain(_bench.Events(), message => message is SnapshotHandedOut or Decided);

        _bench.Held.RouterAppendsLeft = int.MaxValue;
        _bench.Run(Moment);

        Assert.Equal(_given.Count, _given.Distinct().Count());
        var handedOut = _bench.Events().OfType<SnapshotHandedOut>().Select(handed => handed.SnapshotId).ToArray();
        Assert.NotEmpty(handedOut);
        Assert.DoesNotContain(handedOut, refused.Contains);
        Assert.Equal(handedOut, _bench.Events().OfType<Decided>().Select(decided => decided.SnapshotId));
    }

    [Fact]
    public void While_the_journal_refuses_one_hand_out_a_second_is_tried()
    {
        _bench.Held.RouterAppendsLeft = 1;
        _bench.Begin();
        _bench.Run(TimeSpan.FromSeconds(30));
        Assert.InRange(_given.Count, 29, 31);
    }

    [Fact]
    public void A_hand_out_that_was_refused_is_tried_again_though_nothing_moves_any_more()
    {
        using var bench = new RouterBench(TimeSpan.FromMinutes(1), Solve);
        bench.Begin();
        bench.Run(Moment);
        Assert.Single(bench.Events().OfType<Decided>());

        bench.Held.RouterAppendsLeft = 0;
        bench.Move(pool: 0, SampleMarkets.Mixed.Pools[0].Curve.State[1] * 1.05);
        bench.Run(TimeSpan.FromSeconds(0.5));
        Assert.Equal(2, _given.Count);
        bench.Held.RouterAppendsLeft = int.MaxValue;
        bench.Run(Moment);

        // Once: what was owed is owed no more.
        Assert.Equal(3, _given.Count);
        Assert.Equal([_given[0], _given[2]], bench.Events().OfType<SnapshotHandedOut>().Select(handed => handed.SnapshotId));
    }

    public void Dispose() => _bench.Dispose();

    private SnapshotSolved Solve(SolveSnapshot snapshot)
    {
        _given.Add(snapshot.SnapshotId);
        return SnapshotSolver.Solve(snapshot);
    }
}
