using System.Collections.Frozen;
using QTrade.Messages.Cluster;

namespace QTrade.Node.Admin;

/// <summary>Every command that a node answers.</summary>
internal static class Palettes
{
    /// <summary>A command: one question, one answer.</summary>
    public delegate Task<AdminReply> Command(AdminContext context, CancellationToken cancellationToken);

    /// <summary>A command that goes on answering.</summary>
    public delegate IAsyncEnumerable<AdminReply> Stream(AdminContext context, CancellationToken cancellationToken);

    public static FrozenDictionary<string, Command> Commands { get; } = new Dictionary<string, Command>
    {
        ["cluster show"] = ClusterPalette.ShowAsync,
        ["cluster leave"] = ClusterPalette.LeaveAsync,
        ["cluster down"] = ClusterPalette.DownAsync,
        ["actor hierarchy"] = ActorPalette.HierarchyAsync,
        ["actor show"] = ActorPalette.ShowAsync,
        ["pool list"] = PoolPalette.ListAsync,
        ["pool show"] = PoolPalette.ShowAsync,
        ["pool add"] = PoolPalette.AddAsync,
        ["pool retire"] = PoolPalette.RetireAsync,
        ["router status"] = RouterPalette.StatusAsync,
        ["router solve"] = RouterPalette.SolveAsync,
        ["queue show"] = QueuePalette.ShowAsync,
        ["executor list"] = ExecutorPalette.ListAsync,
        ["executor halt"] = ExecutorPalette.HaltAsync,
        ["executor resume"] = ExecutorPalette.ResumeAsync,
        ["executor limits"] = ExecutorPalette.LimitsAsync,
        ["journal tail"] = JournalPalette.TailAsync,
        ["journal show"] = JournalPalette.ShowAsync,
        ["why"] = WhyPalette.WhyAsync,
    }.ToFrozenDictionary();

    /// <summary>Commands that are about what only the node has that acts in a role: asked of another, they are passed on to it.</summary>
    public static FrozenDictionary<string, NodeRoles> Owned { get; } = new Dictionary<string, NodeRoles>
    {
        ["router status"] = NodeRoles.Router,
        ["router solve"] = NodeRoles.Router,
        ["queue show"] = NodeRoles.Router,
        ["executor list"] = NodeRoles.Executor,
    }.ToFrozenDictionary();

    public static FrozenDictionary<string, Stream> Streams { get; } = new Dictionary<string, Stream>
    {
        ["pool watch"] = PoolPalette.WatchAsync,
        ["journal tail"] = JournalPalette.FollowAsync,
    }.ToFrozenDictionary();
}
