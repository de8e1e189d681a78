using QTrade.Messages;
using QTrade.Messages.Execution;
using QTrade.Messages.Routing;
using QTrade.Node.Actors;
using QTrade.Shared.Actors;

namespace QTrade.Node.Tests.Actors;

/// <summary>What is remembered of trades until the router was told how they ended.</summary>
public sealed class TradesUnderWaySpecs : IDisposable
{
    private static readonly SnapshotId Snapshot = new(1, 1);
    private static readonly TradeId First = TradeId.Of(Snapshot, 0), Second = TradeId.Of(Snapshot, 1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ActorBench _bench = new();
    private readonly TradesUnderWay _trades = new();

    [Fact]
    public void Of_what_is_refused_actors_made_in_the_same_turn_are_made_anew_and_all_trades_are_told_again()
    {
        Make(First);
        _trades.Begin();
        Make(Second);
        _trades.Refuse();
        Assert.NotNull(_trades.Find(First)!.Actor);
        Assert.Null(_trades.Find(Second)!.Actor);
        Assert.All(_trades.All, trade => Assert.True(trade.Value.Again));
    }

    [Fact]
    public void What_is_told_again_is_the_last_command_and_it_is_told_once()
    {
        var trade = Make(First);
        trade.Again = true;
        var command = new EndTrade(Outcome(First, 0));
        trade.Tell(command);
        Assert.Same(command, trade.Last);
        Assert.False(trade.Again);
    }

    [Fact]
    public void One_whose_actor_ends_again_and_again_is_read_so_often_and_no_more()
    {
        var trade = Make(First);
        for (var reading = 0; reading < TradeUnderWay.ReadingsMax; reading++)
        {
            Assert.True(trade.Lose());
            Assert.Null(trade.Actor);
            Assert.False(trade.IsOver);
        }

        Assert.False(trade.Lose());
        Assert.True(trade.IsOver);
    }

    [Fact]
    public void Linked_trades_are_over_once_each_ended_or_is_not_under_way()
    {
        Assert.True(_trades.AreOver([First, Second]));
        var trade = _trades.Of(Second);
        Assert.False(_trades.AreOver([First, Second]));
        Assert.Empty(_trades.OutcomesOf([First, Second]));
        trade.Outcome = Outcome(Second, 1);
        Assert.True(_trades.AreOver([First, Second]));
        Assert.Equal(trade.Outcome, Assert.Single(_trades.OutcomesOf([First, Second])));
    }

    [Fact]
    public void Values_are_waited_for_since_they_were_first_found_missing()
    {
        var trade = _trades.Of(First);
        Assert.False(trade.AwaitedValues);
        Assert.True(trade.AwaitValues(TimeSpan.Zero, Patience));
        Assert.True(trade.AwaitValues(Patience - TimeSpan.FromTicks(1), Patience));
        Assert.False(trade.AwaitValues(Patience, Patience));
        Assert.True(trade.AwaitedValues);
    }

    [Fact]
    public void What_is_let_go_of_has_an_actor_to_stop_once()
    {
        var actor = Make(First).Actor;
        Assert.Same(actor, _trades.Remove(First));
        Assert.Null(_trades.Remove(First));
        Assert.Null(_trades.Find(First));
    }

    public void Dispose() => _bench.Dispose();

    private static TradeOutcome Outcome(TradeId id, int route) =>
        new(id, Snapshot, route, Ending.Rejected, ReasonCode.PoolMoved, "", [], 0, 0, 1_000, DateTimeOffset.UnixEpoch);

    private TradeUnderWay Make(TradeId id)
    {
        var trade = _trades.Of(id);
        _trades.Make(trade, new TestProbe<ITradeMessage>(_bench.System, $"trade {id}").Ref);
        return trade;
    }
}
