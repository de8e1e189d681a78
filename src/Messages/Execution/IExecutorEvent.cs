namespace QTrade.Messages.Execution;

/// <summary>A fact of <c>executor</c>.</summary>
public interface IExecutorEvent : IEvent;
