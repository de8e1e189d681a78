using QTrade.Broker;
using QTrade.Node.Actors;

namespace QTrade.Node.Cluster;

/// <summary>A message of a hop that one node at a time serves: whoever receives any has the turn.</summary>
internal sealed record TurnDelivered(Hop Hop, long Subscribed, Delivery Delivery, long Connects) : INodeMessage;
