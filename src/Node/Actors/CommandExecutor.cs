using QTrade.Messages.Execution;

namespace QTrade.Node.Actors;

/// <summary>Changes trading state or limits.</summary>
public sealed record CommandExecutor(IExecutorCommand Command) : INodeMessage;
