using QTrade.Messages.Routing;
using QTrade.Node.Actors;
using QTrade.Trading.Routing;

namespace QTrade.Node.Tests.Actors;

/// <summary>Which optimizers are idle while snapshots are given, decided and taken back.</summary>
public sealed class IdleOptimizersSpecs
{
    private const string One = "one", Two = "two";

    private static readonly SnapshotId First = new(1, 1), Second = new(1, 2);
    private static readonly RouterState Undecided = RouterState.Initial with
    {
        Undecided = RouterState.Initial.Undecided.Add(First, new UndecidedSnapshot(1, [], DateTimeOffset.UnixEpoch)),
    };

    private readonly IdleOptimizers _idle = new();

    [Fact]
    public void Who_has_been_idle_for_longest_is_given_the_first_snapshot()
    {
        _idle.Hear(One, RouterState.Initial);
        _idle.Hear(Two, RouterState.Initial);
        _idle.Hear(One, RouterState.Initial);
        Assert.Equal(One, _idle.Longest);
        Assert.Equal(One, _idle.Give(First));
        Assert.Equal(Two, _idle.Give(Second));
        Assert.False(_idle.Any);
    }

    [Fact]
    public void Who_says_so_while_its_snapshot_is_undecided_is_idle_once_that_is_decided()
    {
        _idle.Hear(One, Undecided);
        _idle.Give(First);
        Assert.False(_idle.Hear(One, Undecided));
        _idle.TakeReadyAgain(Undecided);
        Assert.False(_idle.Any);

        _idle.TakeReadyAgain(RouterState.Initial);
        Assert.Equal(One, _idle.Longest);
    }

    [Fact]
    public void Only_the_lease_of_what_it_has_makes_it_idle_again()
    {
        _idle.Hear(One, Undecided);
        _idle.Give(First);
        _idle.Lapse(One, Second);
        Assert.False(_idle.Hear(One, Undecided));
        _idle.Lapse(One, First);
        Assert.True(_idle.Hear(One, Undecided));
    }

    [Fact]
    public void What_is_taken_back_is_told_once()
    {
        _idle.Hear(One, Undecided);
        _idle.Give(First);
        Assert.Equal(First, _idle.TakeBack(One));
        Assert.Null(_idle.TakeBack(One));
        Assert.True(_idle.Hear(One, Undecided));
    }

    [Fact]
    public void Who_is_gone_is_idle_no_more_whatever_it_said()
    {
        _idle.Hear(One, Undecided);
        _idle.Give(First);
        _idle.Hear(One, Undecided);
        _idle.Hear(Two, Undecided);
        Assert.Equal(One, Assert.Single(_idle.Forget(static _ => true)));
        _idle.TakeReadyAgain(RouterState.Initial);
        Assert.False(_idle.Any);
    }
}
