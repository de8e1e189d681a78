namespace QTrade.Messages.Routing;

/// <summary>What the router is told. Changes of the market (<see cref="IMarketChange"/>) and outcomes reach it as they are.</summary>
public interface IRouterMessage : IMessage;
