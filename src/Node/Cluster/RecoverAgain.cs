using QTrade.Node.Actors;

namespace QTrade.Node.Cluster;

/// <summary>The journal could not be read for the feed to go on: it is read once more.</summary>
internal sealed record RecoverAgain(long Subscribed) : INodeMessage;
