namespace QTrade.Messages.Execution;

/// <summary>An outcome entered balances, loss and error streak, once.</summary>
/// <param name="Outcome">The outcome.</param>
/// <param name="State">The trading state it was tallied in, so that a change which a damaged journal lost is known again; null where it was not told.</param>
/// <param name="Limits">The limits it was tallied under, for the same reason, where a person ordered them; null where those of the settings were in force. Earlier versions told those, too.</param>
public sealed record OutcomeTallied(TradeOutcome Outcome, TradingState? State = null, RiskLimits? Limits = null) : IExecutorEvent
{
    /// <summary>
    /// What it adds to the losses, in value units, at least 0, where that was found for linked routes together; null where it is the outcome's own loss, as it was for those, too, in earlier versions.
    /// </summary>
    public double? Loss { get; init; }
}
