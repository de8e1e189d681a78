namespace QTrade.Messages;

/// <summary>A fact that is kept. It never changes once written.</summary>
public interface IEvent : IMessage;
