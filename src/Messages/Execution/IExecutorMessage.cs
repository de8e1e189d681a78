namespace QTrade.Messages.Execution;

/// <summary>What the executor is told.</summary>
public interface IExecutorMessage : IMessage;
