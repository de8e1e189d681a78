namespace QTrade.Messages.Cluster;

/// <summary>A node lives, and this is what it does. Told again and again; only the newest counts.</summary>
/// <param name="Node">Its name, unique in the cluster.</param>
/// <param name="Incarnation">Grows with every start of the node; of two processes under one name the higher is the node.</param>
/// <param name="Number">Grows with every announcement of an incarnation.</param>
/// <param name="Roles">What it does.</param>
/// <param name="Version">Of its program.</param>
/// <param name="Held">Shards whose messages it takes, or took and has not finished.</param>
/// <param name="Released">Shards that it gave up with everything of them finished, and did not take again.</param>
/// <param name="Load">How busy its processors are, 0 to 1.</param>
/// <param name="AdminAddress">Host and port of its admin port as others reach it; empty where they do not.</param>
/// <param name="IsLeaving">It takes nothing new, and is gone once it holds nothing.</param>
public sealed record NodeAnnouncement(
    string Node,
    long Incarnation,
    long Number,
    NodeRoles Roles,
    string Version,
    ShardSet Held,
    ShardSet Released,
    double Load,
    string AdminAddress,
    bool IsLeaving) : IClusterMessage
{
    /// <summary>Of the roles that one node at a time acts in, those that this one acts in.</summary>
    public NodeRoles Acting { get; init; }

    /// <summary>What its feed follows, in short: whoever takes the feed over is to follow the same. Empty where that is not known.</summary>
    public string Feed { get; init; } = "";
}
