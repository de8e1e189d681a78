using QTrade.Messages.Execution;

namespace QTrade.Node.Actors;

/// <summary>The market is whole in the executor's view: what an earlier run left unfinished is finished, and what waited is executed.</summary>
internal sealed record BeginExecuting : IExecutorMessage;
