using QTrade.Messages.Execution;
using QTrade.Node.Actors;

namespace QTrade.Node.Cluster;

/// <summary>The broker has the order on its disk: whoever executes gets it, before every solution that is published from now on.</summary>
internal sealed record OrderArrived(IExecutorCommand Command) : INodeMessage;
