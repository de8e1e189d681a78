using QTrade.Messages.Routing;

namespace QTrade.Node.Actors;

/// <summary>A node is silent, leaves, or is another process than before: its optimizers are not waited for.</summary>
internal sealed record NodeGone(string Node) : IRouterMessage;
