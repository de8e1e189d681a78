using QTrade.Messages.Cluster;

namespace QTrade.Trading.Cluster;

/// <summary>A node as others see it.</summary>
/// <param name="Announced">Its newest announcement.</param>
/// <param name="Heard">When that was heard.</param>
/// <param name="IsGone">It was not heard for too long.</param>
public sealed record ClusterNode(NodeAnnouncement Announced, TimeSpan Heard, bool IsGone);
