namespace QTrade.Node.Actors;

/// <summary>The journal could not be read for the node to start again: it is read once more.</summary>
internal sealed record RecoverNode : INodeMessage;
