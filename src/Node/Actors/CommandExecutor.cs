using QTrade.Actors;
using QTrade.Messages.Execution;

namespace QTrade.Node.Actors;

/// <summary>Changes trading state or limits.</summary>
/// <param name="Command">What to change.</param>
/// <param name="HaltsBefore"><see cref="HaltSwitch.Orders"/> when it was given: a resumption lifts no halt that was ordered after it.</param>
/// <param name="ReplyTo">Is told what became of it; null where nobody asks.</param>
public sealed record CommandExecutor(IExecutorCommand Command, long HaltsBefore, ActorRef<ExecutorCommandEnded>? ReplyTo = null) : INodeMessage;
