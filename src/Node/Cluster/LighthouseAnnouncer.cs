using System.Net;
using Microsoft.Extensions.Logging;
using QTrade.Messages.Cluster;
using QTrade.Node.Admin;
using QTrade.Node.Configuration;
using QTrade.Trading.Cluster;
using QTrade.Web.Admin;

namespace QTrade.Node.Cluster;

/// <summary>Announces the node to a Lighthouse for as long as it runs. The node trades on whether it is heard or not.</summary>
public sealed class LighthouseAnnouncer : IAsyncDisposable
{
    // Longer, and the Lighthouse would take the node for gone because of one answer that got lost.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly AdminClient? _lighthouse;
    private readonly Func<long, NodeAnnouncement> _announcement;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _end = new();
    private readonly Task _announcing;
    private string? _refusal;

    private LighthouseAnnouncer(AdminClient? lighthouse, Func<long, NodeAnnouncement> announcement, TimeProvider time, ILogger log)
    {
        _lighthouse = lighthouse;
        _announcement = announcement;
        _time = time;
        _log = log;
        _announcing = lighthouse is null ? Task.CompletedTask : AnnounceAsync(lighthouse);
    }

    /// <summary>Begins to announce, where the settings name a Lighthouse; does nothing where they name none.</summary>
    /// <param name="options">Where the Lighthouse is, and how the node is called and reached.</param>
    /// <param name="admin">The node.</param>
    /// <param name="listens">Where its admin port listens.</param>
    /// <param name="token">What the Lighthouse wants to be shown: one token for the cluster.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">Hears once when the Lighthouse is not reached, and when it is again.</param>
    public static LighthouseAnnouncer Start(ClusterOptions options, NodeAdmin admin, IPEndPoint listens, AdminToken? token, TimeProvider time, ILogger log)
    {
        string address = NodeAdminPort.AddressOf(options, listens);
        long incarnation = time.GetUtcNow().UtcTicks;
        var load = new ProcessorLoad(time);
        return new LighthouseAnnouncer(
            options.Lighthouse.Length > 0 ? new AdminClient(options.Lighthouse, token, Patience) : null,
            number => new NodeAnnouncement(
                admin.NodeName, incarnation, number, NodeAdmin.Roles, admin.Version, ShardSet.All, default, load.Look(), address, admin.IsLeaving)
            {
                Acting = NodeRoles.Feed | NodeRoles.Router | NodeRoles.Executor,
            },
            time,
            log);
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync().ConfigureAwait(false);
        await _announcing.ConfigureAwait(false);
        _lighthouse?.Dispose();
        _end.Dispose();
    }

    private async Task AnnounceAsync(AdminClient lighthouse)
    {
        using var pace = new PeriodicTimer(ClusterTiming.AnnounceEvery, _time);
        try
        {
            for (long number = 1; ; number++)
            {
                AdminAnswer answer = await lighthouse.AskAsync(AnnouncementRequest.Of(_announcement(number)), _end.Token).ConfigureAwait(false);
                Tell(lighthouse, answer.Status == AdminStatus.Done ? null : answer.Message ?? answer.Status.ToString());
                if (!await pace.WaitForNextTickAsync(_end.Token).ConfigureAwait(false))
                    return;
            }
        }
        catch (OperationCanceledException) when (_end.IsCancellationRequested)
        {
            // The node is over.
        }
    }

    private void Tell(AdminClient lighthouse, string? refusal)
    {
        bool changed = (refusal is null) != (_refusal is null);
        _refusal = refusal;
        if (changed)
            _log.LighthouseReached(refusal is null
                ? $"the Lighthouse at {lighthouse.Host} hears this node again"
                : $"the Lighthouse at {lighthouse.Host} does not hear this node, which trades on: {refusal}");
    }
}
