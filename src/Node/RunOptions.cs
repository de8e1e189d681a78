using QTrade.Node.Configuration;

namespace QTrade.Node;

/// <summary>One run of a node.</summary>
/// <param name="Node">The node's settings, validated.</param>
/// <param name="For">After how long it stops by itself; null for never.</param>
/// <param name="Resume">Whether a halt of an earlier run ends.</param>
/// <param name="AdminPortIsSet">Whether somebody chose the admin port: then no other is taken.</param>
/// <param name="Json">Whether its output is one JSON object per line.</param>
public sealed record RunOptions(NodeOptions Node, TimeSpan? For, bool Resume, bool AdminPortIsSet, bool Json);
