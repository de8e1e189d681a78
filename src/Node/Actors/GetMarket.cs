using QTrade.Actors;
using QTrade.Messages.Routing;

namespace QTrade.Node.Actors;

/// <summary>Asks the router for the market as it sees it.</summary>
internal sealed record GetMarket(ActorRef<MarketShown> ReplyTo) : IRouterMessage;
