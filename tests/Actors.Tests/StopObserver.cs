using System.Collections.Concurrent;
using QTrade.Actors.Journal;
using QTrade.Actors.Supervision;

namespace QTrade.Actors.Tests;

/// <summary>Keeps which actors stopped, and which recoveries and snapshots failed, and why.</summary>
public sealed class StopObserver : IActorObserver
{
    public ConcurrentQueue<string> Stops { get; } = new();

    public ConcurrentQueue<string> SnapshotFailures { get; } = new();

    public ConcurrentQueue<string> RecoveryFailures { get; } = new();

    public void Failed(ActorPath path, Exception failure, SupervisionDirective directive)
    {
    }

    public void Stopped(ActorPath path, string reason) => Stops.Enqueue($"{path} {reason}");

    public void AppendFailed(ActorPath path, AppendStatus status, string? error)
    {
    }

    public void RecoveryFailed(ActorPath path, Exception failure) => RecoveryFailures.Enqueue($"{path} {failure.Message}");

    public void SnapshotFailed(ActorPath path, Exception failure) => SnapshotFailures.Enqueue($"{path} {failure.Message}");
}
