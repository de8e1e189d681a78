using QTrade.Messages.Execution;

namespace QTrade.Node.Actors;

/// <summary>The executor counts the trades that have ended.</summary>
internal sealed record TallyTrades : IExecutorMessage
{
    public static TallyTrades Instance { get; } = new();
}
