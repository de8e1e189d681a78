using QTrade.Messages.Pools;

namespace QTrade.Node.Actors;

/// <summary>An observation that does not come from the node's own feed.</summary>
public sealed record ObserveFromOutside(ObserveReserves Observation) : INodeMessage;
