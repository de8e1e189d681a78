using QTrade.Broker;
using QTrade.Messages.Routing;

namespace QTrade.Node.Cluster;

/// <summary>A snapshot for the optimizer arrived.</summary>
internal sealed record WorkDelivered(Delivery Delivery) : IRouterMessage;
