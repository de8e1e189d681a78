using QTrade.Messages.Execution;

namespace QTrade.Messages.Routing;

/// <summary>The router knows how one of its routes ended.</summary>
public sealed record RouteEnded(TradeOutcome Outcome) : IRouterEvent;
