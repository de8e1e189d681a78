namespace QTrade.Node.Cluster;

/// <summary>Time to look whether the feed's term is durable.</summary>
internal sealed class FeedTermLook
{
    public static FeedTermLook Instance { get; } = new();
}
