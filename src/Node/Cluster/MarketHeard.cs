using QTrade.Messages;

namespace QTrade.Node.Cluster;

/// <summary>The market changed.</summary>
internal sealed record MarketHeard(IMessage Change) : IExecutorGateMessage;
