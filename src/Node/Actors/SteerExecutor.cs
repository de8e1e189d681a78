using QTrade.Actors;
using QTrade.Messages.Execution;

namespace QTrade.Node.Actors;

/// <summary>A command for the executor from outside: see <see cref="CommandExecutor"/>.</summary>
internal sealed record SteerExecutor(IExecutorCommand Command, long HaltsBefore, ActorRef<ExecutorCommandEnded>? ReplyTo) : IExecutorMessage;
