namespace QTrade.Messages.Cluster;

/// <summary>How the loss limit that executors share stands, told now and then to all. Amounts are in value units.</summary>
/// <param name="Generation">Slices of an earlier one are void.</param>
/// <param name="LossMax">All executors together may lose so much until trading is resumed.</param>
/// <param name="Lost">Lost in slices that were given back, and without a slice.</param>
/// <param name="Leased">What must be reckoned with of the slices that are out.</param>
/// <param name="Slices">Slices that are out.</param>
/// <param name="Lapsed">Of those, the ones that nobody reports on.</param>
/// <param name="IsOrdered">Whether a person set the limit; otherwise it is the configured one.</param>
public sealed record RiskTold(long Generation, double LossMax, double Lost, double Leased, int Slices, int Lapsed, bool IsOrdered) : IClusterMessage;
