using QTrade.Broker;

namespace QTrade.Node.Cluster;

/// <summary>The node stands by for solutions and orders; null where the transport has ended.</summary>
internal sealed record ResultsSubscribed(long Subscribed, ISubscription? Subscription) : IExecutorGateMessage;
