namespace QTrade.Node.Terminal;

/// <summary>A way to show a running node.</summary>
internal interface IStatusView
{
    /// <summary>Shows one status after the other until there are no more.</summary>
    Task WatchAsync(IAsyncEnumerable<NodeStatus> statuses);
}
