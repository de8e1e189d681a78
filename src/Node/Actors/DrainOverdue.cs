namespace QTrade.Node.Actors;

/// <summary>Draining took as long as it may.</summary>
internal sealed record DrainOverdue : INodeMessage;
