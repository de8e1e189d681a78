using QTrade.Messages.Routing;

namespace QTrade.Node.Actors;

/// <summary>The market is registered: snapshots may be handed out once so many pools were observed, or after a short wait.</summary>
public sealed record BeginRouting(int Pools) : IRouterMessage;
