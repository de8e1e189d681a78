using QTrade.Messages.Routing;

namespace QTrade.Node.Actors;

/// <summary>A question for the router, which answers whoever it names.</summary>
internal sealed record AskRouter(IRouterMessage Question) : INodeMessage;
