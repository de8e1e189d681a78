using QTrade.Messages.Execution;

namespace QTrade.Node.Actors;

/// <summary>Time to try again what the journal refused.</summary>
internal sealed record RetryTrades : IExecutorMessage
{
    public static RetryTrades Instance { get; } = new();
}
