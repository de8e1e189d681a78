namespace QTrade.Node.Cluster;

/// <summary>Stands in for the transport of a node that is alone, where one would be ended.</summary>
internal sealed class NoTransport : IAsyncDisposable
{
    public static NoTransport Instance { get; } = new();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
