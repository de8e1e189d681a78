using QTrade.Broker;

namespace QTrade.Node.Cluster;

/// <summary>A solution to execute arrived.</summary>
internal sealed record ResultDelivered(Delivery Delivery) : IExecutorGateMessage;
