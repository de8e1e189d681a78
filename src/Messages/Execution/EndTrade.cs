namespace QTrade.Messages.Execution;

/// <summary>Makes the outcome durable. Refused before an intent, it bars one for ever.</summary>
public sealed record EndTrade(TradeOutcome Outcome) : ITradeMessage
{
    public TradeId TradeId => Outcome.TradeId;
}
