using QTrade.Broker;

namespace QTrade.Node.Cluster;

/// <summary>What became of a message; null where the transport has ended.</summary>
internal sealed record SentOver(SendOver Sent, PublishEnding? Ending) : ISenderMessage;
