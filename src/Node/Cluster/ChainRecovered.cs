using QTrade.Node.Actors;

namespace QTrade.Node.Cluster;

/// <summary>The journal is read for the feed to go on; null where it could not be.</summary>
internal sealed record ChainRecovered(long Subscribed, NodeRecovery? Recovery, string? Error) : INodeMessage;
