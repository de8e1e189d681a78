using QTrade.Messages.Execution;

namespace QTrade.Trading.Execution;

/// <summary>One trade: new, intended, or over.</summary>
/// <param name="Intent">What is being done; null before, and where the trade was refused without an intent.</param>
/// <param name="Outcome">How it ended; null before.</param>
public sealed record TradeState(TradeIntent? Intent, TradeOutcome? Outcome)
{
    /// <summary>A trade that nothing is known of.</summary>
    public static TradeState New { get; } = new(null, null);
}
