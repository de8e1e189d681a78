using QTrade.Messages.Execution;

namespace QTrade.Messages.Cluster;

/// <summary>What every executor may do, told again and again; one that does not hear it halts itself.</summary>
/// <param name="Epoch">Of the teller: grows with every start of one, so that one which was replaced is told from its successor.</param>
/// <param name="Number">Grows with every heartbeat of an epoch.</param>
/// <param name="State">What executors may do.</param>
/// <param name="Reason">Why.</param>
/// <param name="Detail">One line for a person, may be empty.</param>
/// <param name="Limits">The limits in force.</param>
/// <param name="RiskGeneration">Slices of the shared loss limit of an earlier generation are void.</param>
public sealed record ControlHeartbeat(
    long Epoch, long Number, TradingState State, ReasonCode Reason, string Detail, RiskLimits Limits, long RiskGeneration) : IClusterMessage
{
    /// <summary>Who wants it; null where no person does.</summary>
    public Operator? By { get; init; }

    /// <summary>An order that the teller has just refused; null where it refused none.</summary>
    public RefusedOrder? Refused { get; init; }
}
