using System.Collections.Immutable;
using QTrade.Messages.Execution;
using QTrade.Messages.Routing;
using QTrade.Trading.Execution;

namespace QTrade.Trading.Tests.Execution;

/// <summary>Trades of linked routes are settled together or not at all.</summary>
public sealed class LinkedTradesSpecs
{
    private static readonly ImmutableArray<TradeIntent> Chain = [Intent(0), Intent(1), Intent(2)];

    private readonly LinkedTrades linked = new();

    [Fact]
    public void All_are_settled_once_the_last_intent_is_durable()
    {
        linked.Begin(Chain);
        Assert.Equal(LinkedTrades.Standing.Waits, linked.Stand(Chain[2], out _));
        Assert.Equal(LinkedTrades.Standing.Waits, linked.Stand(Chain[0], out _));
        Assert.Equal(LinkedTrades.Standing.Waits, linked.Stand(Chain[0], out _));

        Assert.Equal(LinkedTrades.Standing.Together, linked.Stand(Chain[1], out var together));

        Assert.Equal(Chain.AsEnumerable(), together);

        // Nothing breaks any more.
        Assert.Equal(LinkedTrades.Standing.Alone, linked.Stand(Chain[0], out _));
        Assert.True(linked.AreSettled(Chain[0].TradeId));
        Assert.Empty(linked.Break(Chain[1].TradeId));
        Assert.Empty(linked.Release(Chain[1].TradeId));
    }

    [Fact]
    public void What_another_executor_wrote_counts()
    {
        linked.Begin(Chain);
        linked.Stand(Chain[0], out _);
        linked.Stand(Chain[1], out _);
        var written = Chain[2] with { Cost = 3 };
        Assert.Equal(LinkedTrades.Standing.Together, linked.Stand(written, out var together));
        Assert.Equal(written, together[2]);
    }

    [Fact]
    public void Where_one_took_effect_already_the_rest_is_settled_together()
    {
        linked.Begin(Chain);
        linked.Stand(Chain[0], out _);

        Assert.Empty(linked.Release(Chain[1].TradeId));
        Assert.Equal(LinkedTrades.Standing.Together, linked.Stand(Chain[2], out var together));

        Assert.Equal([Chain[0], Chain[2]], together.AsEnumerable());
    }

    [Fact]
    public void Where_the_last_that_was_waited_for_took_effect_the_rest_is_settled_at_once()
    {
        linked.Begin(Chain);
        linked.Stand(Chain[0], out _);
        linked.Stand(Chain[2], out _);

        Assert.Equal([Chain[0], Chain[2]], linked.Release(Chain[1].TradeId).AsEnumerable());
        Assert.True(linked.AreSettled(Chain[0].TradeId));
    }

    [Fact]
    public void What_an_earlier_run_left_of_linked_routes_names_the_others_and_waits_for_them()
    {
        Assert.Equal([(Chain[0].SnapshotId, 1)], linked.Begin([Chain[2], Chain[0]]).AsEnumerable());
        linked.Stand(Chain[2], out _);
        Assert.Equal(LinkedTrades.Standing.Waits, linked.Stand(Chain[0], out _));

        Assert.Equal([Chain[0], Chain[2]], linked.Break(Chain[1].TradeId).AsEnumerable());
    }

    [Fact]
    public void A_durable_intent_brings_in_the_routes_that_its_chain_does_not_know_of()
    {
        linked.Begin([Chain[1] with { LinkedRoutes = [1, 2] }, Chain[2] with { LinkedRoutes = [1, 2] }]);
        linked.Stand(Chain[2], out _);

        Assert.Equal([(Chain[0].SnapshotId, 0)], linked.Begin([Chain[1]]).AsEnumerable());
        Assert.Empty(linked.Begin([Chain[1]]));
        Assert.Equal(LinkedTrades.Standing.Waits, linked.Stand(Chain[1], out _));

        Assert.Equal([Chain[1], Chain[2]], linked.Release(Chain[0].TradeId).AsEnumerable());
    }

    [Fact]
    public void Where_one_is_not_intended_those_before_it_end_and_those_after_it_too()
    {
        linked.Begin(Chain);
        linked.Stand(Chain[0], out _);

        Assert.Equal(Chain[0], Assert.Single(linked.Break(Chain[1].TradeId)));
        Assert.Equal(LinkedTrades.Standing.Broken, linked.Stand(Chain[2], out _));
        Assert.Empty(linked.Break(Chain[0].TradeId));
    }

    [Fact]
    public void A_route_by_itself_and_one_that_does_not_tell_with_which_it_is_linked_wait_for_none()
    {
        Assert.Empty(linked.Begin([Chain[0] with { LinkedRoutes = [] }, Chain[1] with { LinkedRoutes = [1] }]));
        Assert.Equal(LinkedTrades.Standing.Alone, linked.Stand(Chain[0], out _));
        Assert.Equal(LinkedTrades.Standing.Alone, linked.Stand(Chain[1], out _));

        linked.Begin(Chain);
        foreach (var intent in Chain)
            linked.End(intent.TradeId);
        Assert.Equal(LinkedTrades.Standing.Alone, linked.Stand(Chain[2], out _));
    }

    private static TradeIntent Intent(int route)
    {
        SnapshotId snapshot = new(1, 7);
        return new TradeIntent(TradeId.Of(snapshot, route), snapshot, route, [], 0, 0, 108, [], Sample.Noon) { LinkedRoutes = [0, 1, 2] };
    }
}
