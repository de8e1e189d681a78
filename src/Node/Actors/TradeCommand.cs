using QTrade.Messages.Execution;

namespace QTrade.Node.Actors;

/// <summary>A command for a trade with the newest slot that the executor has seen, against which expiry is judged.</summary>
internal sealed record TradeCommand(ITradeMessage Command, ulong NewestSlot) : ITradeMessage
{
    public TradeId TradeId => Command.TradeId;
}
