namespace QTrade.Node.Actors;

/// <summary>The journal was read for the node to start again within its process; null where it could not be.</summary>
internal sealed record NodeRecovered(NodeRecovery? Recovery, string? Error) : INodeMessage;
