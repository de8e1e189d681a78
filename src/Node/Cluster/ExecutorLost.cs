using QTrade.Actors;
using QTrade.Messages.Execution;

namespace QTrade.Node.Cluster;

/// <summary>The executor has stopped: another node executes, or this one ends.</summary>
internal sealed record ExecutorLost(ActorRef<IExecutorMessage> Executor) : IExecutorGateMessage;
