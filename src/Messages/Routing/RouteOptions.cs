namespace QTrade.Messages.Routing;

/// <summary>How a solution becomes routes. Recorded with the snapshot, so that a replay plans the same.</summary>
/// <param name="LegsMax">Most legs in one transaction, at least 2.</param>
/// <param name="LinkedRoutesMax">Most transactions that one sequence of legs may be cut into, at least 1.</param>
/// <param name="RoutesMax">Most routes of one solution, at least 1.</param>
/// <param name="CostPerLeg">Cost of one leg, in value units, at least 0.</param>
/// <param name="CostPerRoute">Cost of one route, in value units, at least 0.</param>
/// <param name="ProfitMin">Least profit after costs of a route (of a chain, where routes are linked), in value units, at least 0.</param>
/// <param name="WorkingCapital">Value that a route may borrow of each valued token beyond its holding, in value units, at least 0.</param>
public sealed record RouteOptions(
    int LegsMax, int LinkedRoutesMax, int RoutesMax, double CostPerLeg, double CostPerRoute, double ProfitMin, double WorkingCapital)
{
    /// <summary>Costs of a route with so many legs, in value units.</summary>
    public double Cost(int legs) => CostPerRoute + legs * CostPerLeg;
}
