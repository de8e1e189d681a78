using System.Text.Json.Nodes;
using QTrade.Actors;
using QTrade.Node.Configuration;

namespace QTrade.Node.Admin;

/// <summary>The tree of actors.</summary>
internal static class ActorPalette
{
    private const int DepthMax = 16;
    private const int DepthShown = 2;

    public static Task<AdminReply> HierarchyAsync(AdminContext context, CancellationToken cancellationToken)
    {
        if (!context.TryWhole("depth", DepthShown, 1, DepthMax, out var depth, out var fault))
            return Task.FromResult(fault!);
        var from = context.Request["path"]?.TrimEnd('/') ?? string.Empty;
        var all = context.Node.Actors;
        var below = all.Where(actor => from.Length == 0 || actor.Path.Value == from || actor.Path.Value.StartsWith(from + "/", StringComparison.Ordinal)).ToList();
        if (below.Count == 0)
            return Task.FromResult(Unknown(from, all));
        var shown = new JsonArray([.. below.Where(actor => Depth(actor) - Depth(from) <= depth).Select(actor => Row(actor, below))]);
        return Task.FromResult(AdminReply.Done(shown, $"{below.Count} actors; --depth {depth} of at most {DepthMax}"));
    }

    public static Task<AdminReply> ShowAsync(AdminContext context, CancellationToken cancellationToken)
    {
        var path = context.Request["path"] ?? string.Empty;
        var all = context.Node.Actors;
        if (all.FirstOrDefault(actor => actor.Path.Value == path) is not { } report)
            return Task.FromResult(Unknown(path, all));
        var shown = Row(report, all);
        shown["refused"] = report.Refused;
        shown["latencyMeanMs"] = report.LatencyMean.TotalMilliseconds;
        shown["latencyMaxMs"] = report.LatencyMax.TotalMilliseconds;
        shown["deadLetters"] = new JsonArray([.. context.Node.DeadLetters
            .Where(letter => letter.Contains($" for {path}:", StringComparison.Ordinal)).Select(letter => (JsonNode)letter)]);
        return Task.FromResult(AdminReply.Done(shown));
    }

    private static JsonObject Row(ActorReport actor, IEnumerable<ActorReport> all) => new()
    {
        ["path"] = actor.Path.Value,
        ["state"] = actor.State,
        ["waiting"] = actor.Depth,
        ["handled"] = actor.Processed,
        ["conflated"] = actor.Conflated,
        ["restarts"] = actor.Restarts,
        ["children"] = Depth(actor) <= DepthShown ? all.Count(other => IsChild(other.Path.Value, actor.Path.Value)) : null,
    };

    private static AdminReply Unknown(string path, IEnumerable<ActorReport> all) =>
        AdminReply.No($"there is no actor '{AdminContext.Shown(path)}'{Suggestion.Clause(path, all.Select(actor => actor.Path.Value))}");

    private static bool IsChild(string path, string parent) =>
        path.Length > parent.Length + 1 && path.StartsWith(parent, StringComparison.Ordinal) && path[parent.Length] == '/'
        && path.IndexOf('/', parent.Length + 1) < 0;

    private static int Depth(ActorReport actor) => Depth(actor.Path.Value);

    private static int Depth(string path) => path.Count(c => c == '/');
}
