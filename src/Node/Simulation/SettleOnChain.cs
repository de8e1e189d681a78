using System.Collections.Immutable;
using QTrade.Messages.Execution;

namespace QTrade.Node.Simulation;

/// <summary>Swaps of ours that took effect: they move the chain's pools as anybody's do.</summary>
/// <param name="Outcome">The executed trade.</param>
public sealed record SettleOnChain(TradeOutcome Outcome) : IFeedMessage
{
    /// <summary>What was swapped.</summary>
    public ImmutableArray<SettledLeg> Legs => Outcome.Legs;
}
