using QTrade.Node.Actors;

namespace QTrade.Node.Cluster;

/// <summary>The feed's term is durable: no other node begins it.</summary>
internal sealed record FeedTermBegun(long Subscribed, long Term) : INodeMessage;
