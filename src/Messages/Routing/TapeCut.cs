using System.Collections.Immutable;
using QTrade.Markets;

namespace QTrade.Messages.Routing;

/// <summary>
/// The feed reached a place where the market is to be cut, whatever the time: every pool is at the position told here. A router that follows the tape hands out this cut and no other, however often it is told, and
/// the feed shows nothing further before its decision is durable.
/// </summary>
/// <param name="Tape">Which tape: a digest of what it plays and where it is cut.</param>
/// <param name="Number">From 1, one more with each cut; 0 asks only which cut was the last.</param>
/// <param name="Slot">The chain's newest slot there.</param>
/// <param name="Pools">Every pool, by ordinal order of the ids.</param>
public sealed record TapeCut(string Tape, long Number, ulong Slot, ImmutableArray<PoolPosition> Pools) : IRouterMessage
{
    /// <summary>Asks which cut of a tape was the last.</summary>
    public static TapeCut Question(string tape) => new(tape, 0, 0, []);

    public bool Equals(TapeCut? other) =>
        other is not null && Tape == other.Tape && Number == other.Number && Slot == other.Slot && StructuralEquality.Same(Pools, other.Pools);

    public override int GetHashCode() => HashCode.Combine(Tape, Number, Slot);
}
