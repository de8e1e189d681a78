using QTrade.Markets;

namespace QTrade.Messages.Routing;

/// <summary>A router took over. What an earlier epoch handed out and did not decide is over.</summary>
/// <param name="Epoch">One more than the last router's, from 1.</param>
/// <param name="At">When, by the node's clock.</param>
/// <param name="Units">What the amounts of all pools count in this epoch: a replay settles on the same amounts.</param>
public sealed record EpochStarted(long Epoch, DateTimeOffset At, AmountUnit Units = AmountUnit.Whole) : IRouterEvent;
