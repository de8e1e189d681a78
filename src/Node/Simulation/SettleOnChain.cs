using System.Collections.Immutable;
using QTrade.Messages.Execution;

namespace QTrade.Node.Simulation;

/// <summary>Swaps of ours that took effect: they move the chain's pools as anybody's do.</summary>
public sealed record SettleOnChain(ImmutableArray<SettledLeg> Legs) : IFeedMessage;
