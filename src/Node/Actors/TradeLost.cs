using QTrade.Actors;
using QTrade.Messages.Execution;

namespace QTrade.Node.Actors;

/// <summary>A trade's actor has ended: what became of the trade is in the journal, if anywhere.</summary>
internal sealed record TradeLost(TradeId TradeId, ActorRef<ITradeMessage> Actor) : IExecutorMessage;
