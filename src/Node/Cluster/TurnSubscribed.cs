using QTrade.Broker;
using QTrade.Node.Actors;

namespace QTrade.Node.Cluster;

/// <summary>The node stands by for a turn; null where the transport has ended.</summary>
internal sealed record TurnSubscribed(Hop Hop, long Subscribed, ISubscription? Subscription) : INodeMessage;
