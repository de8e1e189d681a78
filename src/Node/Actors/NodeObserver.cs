using QTrade.Actors;
using QTrade.Actors.Journal;
using QTrade.Actors.Supervision;

namespace QTrade.Node.Actors;

/// <summary>Counts what the kernel reports. What the journal refused is counted here and explained once by <see cref="JournalHealth"/>.</summary>
internal sealed class NodeObserver(NodeMetrics metrics, JournalHealth health) : IActorObserver
{
    public void Failed(ActorPath path, Exception failure, SupervisionDirective directive) => metrics.Fault(
        path.Value,
        failure.GetType().Name,
        $"{path}: {failure.GetType().Name}: {failure.Message.ReplaceLineEndings(" ")}; {Describe(directive)}");

    public void Stopped(ActorPath path, string reason)
    {
        // A fenced one was told of with its append.
        if (!reason.StartsWith("stopped", StringComparison.Ordinal) && !reason.StartsWith("the ", StringComparison.Ordinal)
            && !reason.StartsWith("fenced", StringComparison.Ordinal))
            metrics.Fault(path.Value, "stopped", $"{path} stopped: {reason}");
    }

    public void AppendFailed(ActorPath path, AppendStatus status, string? error)
    {
        if (status == AppendStatus.Conflict)
            metrics.Fault(path.Value, status.ToString(), $"{path}: {error}; it stops, because another node writes its events");
        else
            metrics.JournalRefused();
    }

    public void RecoveryFailed(ActorPath path, Exception failure)
    {
        metrics.JournalRefused();
        health.Failed(AppendStatus.Broken, failure.Message.ReplaceLineEndings(" "));
    }

    public void SnapshotFailed(ActorPath path, Exception failure) => metrics.Fault(
        path.Value, "snapshot", $"{path}: its snapshot failed ({failure.GetType().Name}: {failure.Message.ReplaceLineEndings(" ")}); it recovers from its events");

    private static string Describe(SupervisionDirective directive) => directive switch
    {
        SupervisionDirective.Restart => "it starts again from the journal",
        SupervisionDirective.Escalate => "the node starts again from the journal",
        _ => "it stops",
    };
}
