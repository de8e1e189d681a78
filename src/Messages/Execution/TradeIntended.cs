namespace QTrade.Messages.Execution;

/// <summary>From here on the trade may have taken effect (law 7).</summary>
public sealed record TradeIntended(TradeIntent Intent) : ITradeEvent
{
    public TradeId TradeId => Intent.TradeId;
}
