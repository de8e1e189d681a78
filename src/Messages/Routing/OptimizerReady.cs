namespace QTrade.Messages.Routing;

/// <summary>An optimizer is idle and takes the newest cut as soon as there is one to solve.</summary>
/// <param name="Optimizer">Name of the optimizer, unique in the system.</param>
public sealed record OptimizerReady(string Optimizer) : IRouterMessage;
