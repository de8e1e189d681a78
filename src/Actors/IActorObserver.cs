using QTrade.Actors.Journal;
using QTrade.Actors.Supervision;

namespace QTrade.Actors;

/// <summary>Is told what a log should hold. Called on the actors' threads: returns at once and never throws.</summary>
public interface IActorObserver
{
    /// <summary>A handler or a start threw.</summary>
    void Failed(ActorPath path, Exception failure, SupervisionDirective directive);

    /// <summary>An actor has stopped, and why.</summary>
    void Stopped(ActorPath path, string reason);

    /// <summary>An append was refused.</summary>
    void AppendFailed(ActorPath path, AppendStatus status, string? error);

    /// <summary>The journal could not be read: the actor waits, and it is read again until it can be.</summary>
    void RecoveryFailed(ActorPath path, Exception failure);

    /// <summary>A snapshot could not be encoded: the actor goes on, and recovers from more events than it would have.</summary>
    void SnapshotFailed(ActorPath path, Exception failure);
}
