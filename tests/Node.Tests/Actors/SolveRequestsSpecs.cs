using QTrade.Actors;
using QTrade.Messages.Routing;
using QTrade.Node.Actors;
using QTrade.Shared.Actors;

namespace QTrade.Node.Tests.Actors;

/// <summary>Who waits for a solve, and what ends the wait.</summary>
public sealed class SolveRequestsSpecs : IDisposable
{
    private static readonly SnapshotId Asked = new(1, 2), Other = new(1, 1);

    private readonly ActorBench _bench = new();
    private readonly SolveRequests _solves = new();

    [Fact]
    public void A_snapshot_that_nobody_asked_for_is_nobodys_answer()
    {
        _solves.HandOut(Asked);
        Assert.False(_solves.IsHandedOut);
        Assert.Null(_solves.AnswerOf(new RouterCommitted([Asked], null), null));
    }

    [Fact]
    public void One_that_ended_without_a_decision_answers_and_another_does_not()
    {
        _solves.Add(Asker("asker"));
        Assert.True(_solves.AwaitsHandOut);
        _solves.HandOut(Asked);
        Assert.False(_solves.AwaitsHandOut);
        Assert.Null(_solves.AnswerOf(new RouterCommitted([Other], null), null));
        var answer = _solves.AnswerOf(new RouterCommitted([Other, Asked], null), null);
        Assert.Contains($"snapshot {Asked} ended", Assert.IsType<SolvedNow>(answer).Refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void Who_asks_once_it_is_handed_out_joins_those_who_wait()
    {
        ActorRef<SolvedNow> first = Asker("first"), second = Asker("second");
        _solves.Add(first);
        _solves.HandOut(Asked);
        _solves.Add(second);
        Assert.True(_solves.IsHandedOut);
        Assert.Equal<ActorRef<SolvedNow>>([first, second], _solves.TakeAll());
        Assert.Empty(_solves.TakeAll());
        Assert.False(_solves.IsHandedOut);
        Assert.False(_solves.AwaitsHandOut);
    }

    [Fact]
    public void As_many_wait_as_may()
    {
        var asker = Asker("asker");
        for (var asked = 0; asked < SolveRequests.Max; asked++)
        {
            Assert.False(_solves.IsFull);
            _solves.Add(asker);
        }

        Assert.True(_solves.IsFull);
    }

    public void Dispose() => _bench.Dispose();

    private ActorRef<SolvedNow> Asker(string name) => new TestProbe<SolvedNow>(_bench.System, name).Ref;
}
