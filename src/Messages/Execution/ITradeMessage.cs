namespace QTrade.Messages.Execution;

/// <summary>What a trade is told.</summary>
public interface ITradeMessage : IMessage
{
    TradeId TradeId { get; }
}
