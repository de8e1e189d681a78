namespace QTrade.Messages.Execution;

/// <summary>A fact of <c>trade/&lt;id&gt;</c>: the intent is its first event, the outcome its last.</summary>
public interface ITradeEvent : IEvent
{
    TradeId TradeId { get; }
}
