using QTrade.Broker;
using QTrade.Messages.Execution;
using QTrade.Node.Actors;

namespace QTrade.Node.Cluster;

/// <summary>What became of an order at the executor.</summary>
internal sealed record OrderObeyed(Delivery Delivery, IExecutorCommand Command, ExecutorCommandEnded Ended) : IExecutorGateMessage;
