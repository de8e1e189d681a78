namespace QTrade.Node.Cluster;

/// <summary>Said to an actor of this node, and to no other node.</summary>
internal sealed record NothingToSend : ISenderMessage
{
    public static NothingToSend Instance { get; } = new();
}
