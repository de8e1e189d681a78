using QTrade.Messages.Execution;
using QTrade.Trading;
using QTrade.Trading.Execution;

namespace QTrade.Node.Actors;

/// <summary>A trade's answer to a command, once what it decided is durable.</summary>
/// <param name="TradeId">The trade.</param>
/// <param name="State">How it stands.</param>
/// <param name="Rejection">Why the command was refused; null where it was taken or had been already.</param>
internal sealed record TradeStands(TradeId TradeId, TradeState State, Rejection? Rejection) : IExecutorMessage;
