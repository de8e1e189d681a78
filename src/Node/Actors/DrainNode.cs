using QTrade.Actors;

namespace QTrade.Node.Actors;

/// <summary>Takes in nothing more and answers once nothing is in flight, or when patience ends.</summary>
public sealed record DrainNode(TimeSpan Patience, ActorRef<NodeDrained> ReplyTo) : INodeMessage;
