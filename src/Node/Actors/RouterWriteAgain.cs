using QTrade.Messages.Routing;

namespace QTrade.Node.Actors;

/// <summary>Time to write again what the journal refused.</summary>
internal sealed record RouterWriteAgain : IRouterMessage
{
    public static RouterWriteAgain Instance { get; } = new();
}
