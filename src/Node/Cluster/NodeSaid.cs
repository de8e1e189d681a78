using QTrade.Broker;
using QTrade.Node.Actors;

namespace QTrade.Node.Cluster;

/// <summary>A node said something to all.</summary>
internal sealed record NodeSaid(Delivery Delivery) : INodeMessage;
