using QTrade.Messages;

namespace QTrade.Node.Cluster;

/// <summary>The shared loss limit answers an executor, or tells all how it stands.</summary>
internal sealed record RiskSaid(IMessage Answer) : IExecutorGateMessage;
