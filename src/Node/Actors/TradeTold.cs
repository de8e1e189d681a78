using QTrade.Messages.Execution;

namespace QTrade.Node.Actors;

/// <summary>A trade's outcome is durable, counted and told: nothing is left to do for it.</summary>
internal sealed record TradeTold(TradeId TradeId) : IExecutorMessage;
