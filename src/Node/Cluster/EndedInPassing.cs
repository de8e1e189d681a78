using QTrade.Node.Actors;

namespace QTrade.Node.Cluster;

/// <summary>Something that nobody waits for has ended.</summary>
internal sealed record EndedInPassing : INodeMessage;
