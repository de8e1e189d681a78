using QTrade.Messages.Execution;

namespace QTrade.Node.Actors;

/// <summary>The journal refused a trade's event: the trade stands as before.</summary>
internal sealed record TradeNotWritten(TradeId TradeId) : IExecutorMessage;
