using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using QTrade.Trading.Cluster;
using QTrade.Web.Admin;

namespace QTrade.Node.Admin;

/// <summary>
/// The other nodes of a cluster, each asked at the admin port that it announced, with the token that all of them share. A request that came from
/// another node goes no further.
/// </summary>
/// <param name="name">This node's name.</param>
/// <param name="token">Shown to the others; null where there is none.</param>
internal sealed class Peers(string name, AdminToken? token) : IDisposable
{
    /// <summary>Shorter than what a caller waits, a Lighthouse among them; longer than the longest command.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(11);

    /// <summary>Of many that are asked together none holds the others up for longer.</summary>
    private static readonly TimeSpan PatienceOfAll = TimeSpan.FromSeconds(5);

    private readonly AdminClients _clients = new(token, Patience, ClusterView.NodesMax);

    /// <summary>Asks the node that is meant. What is wrong with the way there is said in one line that names the node.</summary>
    /// <param name="peer">The node.</param>
    /// <param name="why">What it has to do with the request, for that line, for instance "which routes"; empty for nothing.</param>
    /// <param name="request">The request.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<AdminAnswer> AskAsync(ClusterNode peer, string why, AdminRequest request, CancellationToken cancellationToken) =>
        peer.Announced.AdminAddress.Length == 0
            ? Failed(request, $"{Called(peer, why)} did not say where it is asked: set its qtrade.cluster.advertise")
            : Judge(
                peer,
                why,
                request,
                await _clients.Of(peer.Announced.AdminAddress).AskAsync(For(peer, request), cancellationToken).ConfigureAwait(false));

    /// <summary>Passes a stream on as it comes.</summary>
    public async IAsyncEnumerable<AdminAnswer> WatchAsync(ClusterNode peer, AdminRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (peer.Announced.AdminAddress.Length == 0)
        {
            yield return await AskAsync(peer, string.Empty, request, cancellationToken).ConfigureAwait(false);
            yield break;
        }

        await foreach (var item in _clients.Of(peer.Announced.AdminAddress).WatchAsync(For(peer, request), cancellationToken).ConfigureAwait(false))
            yield return Judge(peer, string.Empty, request, item);
    }

    /// <summary>Asks several nodes at once.</summary>
    /// <returns>What each answered, in their order; null for those that did not.</returns>
    public async Task<(ClusterNode Peer, AdminAnswer? Answer)[]> AskAllAsync(IEnumerable<ClusterNode> peers, AdminRequest request, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(PatienceOfAll);
        return await Task.WhenAll(peers.Select(AskOneAsync)).ConfigureAwait(false);

        async Task<(ClusterNode, AdminAnswer?)> AskOneAsync(ClusterNode peer)
        {
            try
            {
                var answer = await AskAsync(peer, string.Empty, request, patience.Token).ConfigureAwait(false);
                return (peer, answer.Status == AdminStatus.Done ? answer : null);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                return (peer, null);
            }
        }
    }

    public void Dispose() => _clients.Dispose();

    /// <summary>A node as lines call it.</summary>
    public static string Called(ClusterNode peer, string why) =>
        why.Length == 0 ? $"node '{peer.Announced.Node}'" : $"node '{peer.Announced.Node}', {why},";

    /// <summary>How long ago a node was heard, for a line.</summary>
    public static string Seconds(TimeSpan silence) => silence.TotalSeconds.ToString("0.#", CultureInfo.InvariantCulture);

    private AdminRequest For(ClusterNode peer, AdminRequest request) =>
        request with { Node = peer.Announced.Node, By = name, User = request.UserBy(name) };

    private AdminAnswer Judge(ClusterNode peer, string why, AdminRequest request, AdminAnswer answer) =>
        answer.Node.Length == 0 ? Failed(request, $"{Called(peer, why)} does not answer: {answer.Message}")
        : answer.Node != peer.Announced.Node ? Failed(
            request, $"{Called(peer, why)} is not where it says ({peer.Announced.AdminAddress}): '{answer.Node}' is; set its qtrade.admin.address and qtrade.cluster.advertise")
        : answer.Id.Length == 0 && request.Id.Length > 0 ? Failed(request, $"{Called(peer, why)} does not take what '{name}' asks it: {answer.Message}")
        : answer;

    private AdminAnswer Failed(AdminRequest request, string message, JsonNode? result = null) => new(request.Id, name, AdminStatus.Failed, message, result);
}
