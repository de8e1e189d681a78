namespace QTrade.Messages.Routing;

/// <summary>An optimizer is idle and takes the newest cut as soon as there is one to solve.</summary>
/// <param name="Optimizer">Name of the optimizer, unique in the system.</param>
public sealed record OptimizerReady(string Optimizer) : IRouterMessage
{
    /// <summary>Whether it takes a snapshot as what changed since an earlier one; programs that do not say so are sent all of it.</summary>
    public bool TakesOffers { get; init; }
}
