namespace QTrade.Messages.Execution;

/// <summary>The trade is over. On paper an executed outcome is the fill itself.</summary>
public sealed record TradeEnded(TradeOutcome Outcome) : ITradeEvent
{
    public TradeId TradeId => Outcome.TradeId;
}
