using QTrade.Node.Cluster;
using QTrade.Node.Configuration;
using QTrade.Node.Feeds;
using QTrade.Solana.Rpc;

namespace QTrade.Node.Doctor;

/// <summary>
/// The endpoints of a chain: whether each answers a question for its slot and takes a connection for subscriptions, and how long that takes. All are
/// asked at once, once, and for <see cref="Patience"/> at most; an address is shown as scheme, host and port alone.
/// </summary>
internal static class EndpointCheck
{
    /// <summary>How long one question may take.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    private const string Subject = "endpoint";
    private const string Advice = "correct qtrade.solana.rpc and qtrade.solana.ws, or see whether the endpoint lets this machine in";

    public static async Task<IReadOnlyList<Finding>> LookAsync(NodeOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        bool needed = options.Feed == FeedKind.Solana && ClusterLinks.MayFeed(options.Cluster);
        if (!needed && options.Solana.Rpc.Length == 0)
            return [];
        Health worst = needed ? Health.Bad : Health.Doubtful;
        if (!ChainFeeds.TryEndpoints(options.Solana, out var endpoints, out string? error))
            return [new Finding(Subject, worst, error, "see the end of that line")];
        return await Task.WhenAll(endpoints.Select(endpoint => LookAsync(endpoint, worst, time, cancellationToken))).ConfigureAwait(false);
    }

    private static async Task<Finding> LookAsync(RpcEndpoint endpoint, Health worst, TimeProvider time, CancellationToken cancellationToken)
    {
        var bounds = new RpcOptions { TriesMax = 1, Timeout = Patience };
        var metrics = new RpcMetrics();
        using var client = new RpcClient([endpoint], bounds, metrics, time);
        long asked = time.GetTimestamp();
        RpcResult<ulong> slot = await client.GetSlotAsync(cancellationToken).ConfigureAwait(false);
        TimeSpan answered = time.GetElapsedTime(asked);
        if (!slot.Ok)
            return new Finding(Subject, worst, $"{slot.Detail}: {slot.Fault}", Advice);
        long connecting = time.GetTimestamp();
        RpcResult<SolanaSocket> socket = await SolanaSocket.ConnectAsync(endpoint, bounds, metrics, time, cancellationToken).ConfigureAwait(false);
        TimeSpan connected = time.GetElapsedTime(connecting);
        if (socket.Value is not { } open)
            return new Finding(Subject, worst, $"{endpoint}: slot {slot.Value:N0}, but {socket.Detail}", Advice);
        await open.DisposeAsync().ConfigureAwait(false);
        return new Finding(
            Subject, Health.Good, $"{endpoint}: slot {slot.Value:N0} in {answered.TotalMilliseconds:N0} ms, subscriptions in {connected.TotalMilliseconds:N0} ms");
    }
}
