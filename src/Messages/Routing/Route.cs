using System.Collections.Immutable;
using QTrade.Markets;

namespace QTrade.Messages.Routing;

/// <summary>Legs that go into one transaction, each tender covered by what came before or by working capital.</summary>
/// <param name="Index">Place among the routes of its solution, from 0; routes run in this order.</param>
/// <param name="Chain">Routes of the same chain are one sequence of legs too long for one transaction: all of them run or none.</param>
/// <param name="Legs">The swaps, in order.</param>
/// <param name="Profit">Planned profit before costs, in value units. Of a chain's routes the last carries it, the others 0.</param>
/// <param name="Cost">Costs of its legs and of the route itself, in value units.</param>
public sealed record Route(int Index, int Chain, ImmutableArray<Leg> Legs, double Profit, double Cost)
{
    public bool Equals(Route? other) =>
        other is not null && Index == other.Index && Chain == other.Chain && StructuralEquality.Same(Legs, other.Legs)
        && Profit.Equals(other.Profit) && Cost.Equals(other.Cost);

    public override int GetHashCode() => HashCode.Combine(Index, Chain, StructuralEquality.Hash(Legs));
}
