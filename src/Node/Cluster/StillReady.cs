using QTrade.Messages.Routing;

namespace QTrade.Node.Cluster;

/// <summary>Time to say again that the optimizer is idle.</summary>
internal sealed record StillReady : IRouterMessage
{
    public static StillReady Instance { get; } = new();
}
