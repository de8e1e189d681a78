using QTrade.Broker;
using QTrade.Node.Actors;

namespace QTrade.Node.Cluster;

/// <summary>The actor that acted in the turn has stopped.</summary>
internal sealed record TurnLost(Hop Hop, long Subscribed) : INodeMessage;
