using QTrade.Messages;

namespace QTrade.Trading.Ledgers;

/// <summary>One refusal, for a person to read.</summary>
/// <param name="What">The trade, pool or snapshot that was refused.</param>
/// <param name="Reason">The code it is counted by.</param>
/// <param name="Detail">One line, may be empty.</param>
/// <param name="At">When, by the node's clock.</param>
public sealed record ReasonedRefusal(string What, ReasonCode Reason, string Detail, DateTimeOffset At);
