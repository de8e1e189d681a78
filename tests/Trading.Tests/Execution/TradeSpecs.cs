using QTrade.Messages;
using QTrade.Messages.Execution;
using QTrade.Messages.Routing;
using QTrade.Trading.Execution;

namespace QTrade.Trading.Tests.Execution;

public sealed class TradeSpecs
{
    private static readonly SnapshotId Snapshot = new(1, 2);

    private static readonly TradeIntent Intent = new(
        TradeId.Of(Snapshot, 0), Snapshot, 0, [new(new("p"), new("A"), new("B"), 1, 2, Sample.At(5))], 0.5, 0.1, 100, [], Sample.Noon);

    private static readonly TradeState Intended = TradeRules.Apply(TradeState.New, new TradeIntended(Intent));

    [Fact]
    public void The_intent_is_the_first_event() =>
        Then.Events(TradeRules.Decide(TradeState.New, new IntendTrade(Intent), newestSlot: 100), new TradeIntended(Intent));

    [Fact]
    public void The_outcome_is_the_second() => Then.Events(
        TradeRules.Decide(Intended, new EndTrade(Outcome(Ending.Executed)), newestSlot: 100), new TradeEnded(Outcome(Ending.Executed)));

    [Fact]
    public void Nothing_takes_effect_without_an_intent() =>
        Then.Rejected(TradeRules.Decide(TradeState.New, new EndTrade(Outcome(Ending.Executed)), 0), ReasonCode.NotIntended);

    [Fact]
    public void An_intent_is_repeated_and_never_changed()
    {
        Then.Nothing(TradeRules.Decide(Intended, new IntendTrade(Intent with { }), 100));
        Then.Rejected(TradeRules.Decide(Intended, new IntendTrade(Intent with { Profit = 1 }), 100), ReasonCode.DifferentIntent);
    }

    [Fact]
    public void Expired_work_is_always_refused() =>
        Then.Rejected(TradeRules.Decide(TradeState.New, new IntendTrade(Intent), newestSlot: 101), ReasonCode.Expired);

    [Fact]
    public void A_trade_refused_without_an_intent_is_never_intended()
    {
        var refused = TradeRules.Apply(TradeState.New, TradeRules.Decide(TradeState.New, new EndTrade(Outcome(Ending.Expired)), 0)[0]);

        Then.Rejected(TradeRules.Decide(refused, new IntendTrade(Intent), 0), ReasonCode.AlreadyEnded);
    }

    [Fact]
    public void A_trade_ends_once()
    {
        var ended = TradeRules.Apply(Intended, new TradeEnded(Outcome(Ending.Executed)));

        Then.Nothing(TradeRules.Decide(ended, new EndTrade(Outcome(Ending.Executed)), 0));
        Then.Rejected(TradeRules.Decide(ended, new EndTrade(Outcome(Ending.Failed)), 0), ReasonCode.AlreadyEnded);
    }

    [Fact]
    public void While_trading_is_halted_nothing_is_intended_and_what_was_goes_on()
    {
        Then.Rejected(TradeRules.DecideHalted(TradeState.New, new IntendTrade(Intent), 0), ReasonCode.Halted);
        Assert.IsType<TradeEnded>(TradeRules.DecideHalted(TradeState.New, new EndTrade(Outcome(Ending.Rejected)), 0)[0]);
        Then.Nothing(TradeRules.DecideHalted(Intended, new IntendTrade(Intent), 0));
        Assert.IsType<TradeEnded>(TradeRules.DecideHalted(Intended, new EndTrade(Outcome(Ending.Executed)), 0)[0]);
    }

    [Fact]
    public void A_trade_that_lost_events_ends_as_failed_and_is_never_made()
    {
        foreach (var left in new[] { TradeState.New, Intended })
        {
            foreach (var command in new ITradeMessage[] { new IntendTrade(Intent), new EndTrade(Outcome(Ending.Executed)) })
            {
                var ended = Assert.IsType<TradeEnded>(TradeRules.DecideAfterLoss(left, command, 50, Sample.Noon)[0]).Outcome;

                Assert.Equal((Ending.Failed, ReasonCode.EventsLost, Intent.TradeId), (ended.Ending, ended.Reason, ended.TradeId));
                Assert.Empty(ended.Legs);
                Then.Rejected(
                    TradeRules.DecideAfterLoss(left with { Outcome = ended }, new IntendTrade(Intent), 50, Sample.Noon), ReasonCode.AlreadyEnded);
            }
        }
    }

    [Fact]
    public void A_trade_that_lost_its_intent_keeps_the_outcome_that_is_known() => Then.Rejected(
        TradeRules.DecideAfterLoss(new TradeState(null, Outcome(Ending.Executed)), new IntendTrade(Intent), 50, Sample.Noon),
        ReasonCode.AlreadyEnded);

    private static TradeOutcome Outcome(Ending ending) => new(
        Intent.TradeId, Snapshot, 0, ending, ReasonCode.None, "", ending == Ending.Executed ? Intent.Legs : [], 0.4, 0.1, 90, Sample.Noon);
}
