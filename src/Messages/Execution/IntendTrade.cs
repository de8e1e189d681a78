namespace QTrade.Messages.Execution;

/// <summary>Makes the intent durable; nothing reaches a venue before.</summary>
public sealed record IntendTrade(TradeIntent Intent) : ITradeMessage
{
    public TradeId TradeId => Intent.TradeId;
}
