namespace QTrade.Node.Simulation;

/// <summary>Some of the chain's time has passed.</summary>
public sealed record FeedTick : IFeedMessage
{
    public static FeedTick Instance { get; } = new();
}
