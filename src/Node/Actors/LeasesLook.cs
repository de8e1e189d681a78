using QTrade.Messages.Routing;

namespace QTrade.Node.Actors;

/// <summary>Time to look which leases of snapshots have lapsed.</summary>
internal sealed record LeasesLook : IRouterMessage
{
    public static LeasesLook Instance { get; } = new();
}
