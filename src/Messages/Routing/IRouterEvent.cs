namespace QTrade.Messages.Routing;

/// <summary>A fact of <c>router</c>.</summary>
public interface IRouterEvent : IEvent;
