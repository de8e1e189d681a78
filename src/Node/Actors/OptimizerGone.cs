using QTrade.Messages.Routing;

namespace QTrade.Node.Actors;

/// <summary>Nobody takes an optimizer's snapshots any more: its queue has no consumer.</summary>
internal sealed record OptimizerGone(string Optimizer) : IRouterMessage;
