namespace QTrade.Messages.Routing;

/// <summary>What changes the router's lasting state: answers of optimizers and outcomes of trades.</summary>
public interface IRouterCommand : IRouterMessage;
