using QTrade.Messages;
using QTrade.Messages.Execution;

namespace QTrade.Node.Actors;

/// <summary>What the shared loss limit answers executors or tells them.</summary>
internal sealed record RiskHeard(IMessage Answer) : IExecutorMessage;
