namespace QTrade.Node.Actors;

/// <summary>What the node's first actor is told.</summary>
public interface INodeMessage;
