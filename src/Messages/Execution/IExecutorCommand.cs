namespace QTrade.Messages.Execution;

/// <summary>What changes the executor's lasting state.</summary>
public interface IExecutorCommand : IExecutorMessage;
