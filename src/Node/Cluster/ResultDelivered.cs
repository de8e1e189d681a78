using QTrade.Broker;

namespace QTrade.Node.Cluster;

/// <summary>A solution to execute arrived, or an order.</summary>
/// <param name="Delivery">What it came as.</param>
/// <param name="Connects">Connections to the broker by then: what came over an earlier one than today's comes again, to whoever it is for by now.</param>
/// <param name="Subscribed">The subscription that it came from: what is left of one that has ended comes again too.</param>
/// <param name="Halts">How many halts were ordered with it, where it is one: those that an order behind it lifts.</param>
internal sealed record ResultDelivered(Delivery Delivery, long Connects, long Subscribed, long Halts) : IExecutorGateMessage;
