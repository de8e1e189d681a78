using System.Collections.Immutable;

namespace QTrade.Messages.Wire;

/// <summary>Every message with its manifest and version.</summary>
internal static class WireForms
{
    public static ImmutableArray<WireForm> All { get; } =
        [.. PoolForms.All, .. RegistryForms.All, .. RoutingForms.All, .. ExecutionForms.All, .. ClusterForms.All, .. MarketForms.All, .. RiskForms.All, .. TapeForms.All, .. FeedForms.All];
}
