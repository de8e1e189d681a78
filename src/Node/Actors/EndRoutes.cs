using QTrade.Messages.Routing;

namespace QTrade.Node.Actors;

/// <summary>The router appends the outcomes that it has gathered.</summary>
internal sealed record EndRoutes : IRouterMessage
{
    public static EndRoutes Instance { get; } = new();
}
