using QTrade.Messages.Execution;

namespace QTrade.Node.Actors;

/// <summary>Time for an executor to report on its slice of the shared loss limit.</summary>
internal sealed record AllowanceLook : IExecutorMessage
{
    public static AllowanceLook Instance { get; } = new();
}
