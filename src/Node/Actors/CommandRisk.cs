using QTrade.Actors;
using QTrade.Messages.Cluster;

namespace QTrade.Node.Actors;

/// <summary>Changes the shared loss limit.</summary>
/// <param name="Command">What to change.</param>
/// <param name="ReplyTo">Is told what became of it.</param>
public sealed record CommandRisk(SetSharedLoss Command, ActorRef<ExecutorCommandEnded> ReplyTo) : INodeMessage;
