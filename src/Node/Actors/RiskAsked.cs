using QTrade.Actors;
using QTrade.Messages.Cluster;

namespace QTrade.Node.Actors;

/// <summary>A command for the shared loss limit, of an executor or a person.</summary>
/// <param name="Command">The command.</param>
/// <param name="ReplyTo">Is told what became of it; null where nobody asks.</param>
internal sealed record RiskAsked(IRiskCommand Command, ActorRef<ExecutorCommandEnded>? ReplyTo = null) : IRiskMessage;
