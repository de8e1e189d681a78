using QTrade.Messages.Routing;

namespace QTrade.Node.Actors;

/// <summary>Time to look whether a snapshot is due.</summary>
internal sealed record RouterLook : IRouterMessage
{
    public static RouterLook Instance { get; } = new();
}
