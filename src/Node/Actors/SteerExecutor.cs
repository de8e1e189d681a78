using QTrade.Actors;
using QTrade.Messages.Execution;

namespace QTrade.Node.Actors;

/// <summary>A command for the executor whose giver wants to know what becomes of it.</summary>
internal sealed record SteerExecutor(IExecutorCommand Command, ActorRef<ExecutorCommandEnded> ReplyTo) : IExecutorMessage;
