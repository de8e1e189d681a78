using QTrade.Messages.Routing;

namespace QTrade.Node.Actors;

/// <summary>Hands out nothing more and tells the node once nothing is in flight.</summary>
public sealed record DrainRouter : IRouterMessage;
