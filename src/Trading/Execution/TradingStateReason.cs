using QTrade.Messages;
using QTrade.Messages.Execution;

namespace QTrade.Trading.Execution;

/// <summary>Why the trading state is what it is.</summary>
/// <param name="Reason">The code.</param>
/// <param name="Detail">One line for a person, may be empty.</param>
public sealed record TradingStateReason(ReasonCode Reason, string Detail)
{
    /// <summary>Who wanted it; null where no person did.</summary>
    public Operator? By { get; init; }

    public static TradingStateReason Initial { get; } = new(ReasonCode.StartUp, "");

    /// <summary>One line for a person.</summary>
    public string Describe()
    {
        var who = By is null ? $"{Reason}" : $"{Reason} {By.Name} from {By.Origin}";
        return Detail.Length > 0 ? $"{who}: {Detail}" : who;
    }
}
