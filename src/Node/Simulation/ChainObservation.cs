using System.Collections.Immutable;
using QTrade.Markets.Venues;
using QTrade.Messages;

namespace QTrade.Node.Simulation;

/// <summary>What the simulated chain shows of a pool after a swap: its whole state at a position.</summary>
/// <param name="Pool">Index of the pool in the chain's market.</param>
/// <param name="State">What trading changes, as the pool's curve lays it out.</param>
/// <param name="At">Where on the chain.</param>
/// <param name="Venue">The venue's integers of the same state; null for a pool known only as a curve.</param>
public readonly record struct ChainObservation(int Pool, ImmutableArray<double> State, ChainPosition At, VenueState? Venue);
