namespace QTrade.Messages.Execution;

/// <summary>Limits of the executor, in value units.</summary>
/// <param name="NotionalMax">Largest value that one route may put at stake: what its legs take out of working capital.</param>
/// <param name="LossMax">Sum of losses since the last resumption at which trading halts.</param>
/// <param name="ErrorStreakMax">Failed trades in a row at which trading halts, at least 1.</param>
public sealed record RiskLimits(double NotionalMax, double LossMax, int ErrorStreakMax);
