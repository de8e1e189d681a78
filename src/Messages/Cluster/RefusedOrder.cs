using QTrade.Messages.Execution;

namespace QTrade.Messages.Cluster;

/// <summary>An order that whoever executes refused.</summary>
/// <param name="At">When it was given.</param>
/// <param name="By">Who gave it; null where no person did.</param>
/// <param name="Why">Why it was refused, one line.</param>
public sealed record RefusedOrder(DateTimeOffset At, Operator? By, string Why);
