using QTrade.Messages;

namespace QTrade.Trading.Execution;

/// <summary>Why the trading state is what it is.</summary>
/// <param name="Reason">The code.</param>
/// <param name="Detail">One line for a person, may be empty.</param>
public sealed record TradingStateReason(ReasonCode Reason, string Detail)
{
    public static TradingStateReason Initial { get; } = new(ReasonCode.StartUp, "");
}
