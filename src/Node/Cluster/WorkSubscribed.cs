using QTrade.Messages.Routing;

namespace QTrade.Node.Cluster;

/// <summary>The optimizer can be reached.</summary>
internal sealed record WorkSubscribed : IRouterMessage;
