namespace QTrade.Actors.Kernel;

internal sealed class StartMessage : SystemMessage
{
    internal override void Handle(ActorCell cell) => cell.OnStartRequested();
}

internal sealed class StopMessage(string reason) : SystemMessage
{
    internal override void Handle(ActorCell cell) => cell.OnStopRequested(reason);
}

internal sealed class RestartMessage : SystemMessage
{
    internal override void Handle(ActorCell cell) => cell.OnRestartDue();
}

internal sealed class ChildStoppedMessage(ActorCell child) : SystemMessage
{
    internal override void Handle(ActorCell cell) => cell.OnChildStopped(child);
}

/// <summary>A failure outside the actor's turn that is the actor's own: a child's that escalates, or words for an answer that threw.</summary>
internal sealed class FailureMessage(Exception failure) : SystemMessage
{
    internal override void Handle(ActorCell cell) => cell.Fail(failure);
}

internal sealed class WatchMessage(ActorCell watcher, ActorRef notify, object message) : SystemMessage
{
    internal ActorCell Watcher => watcher;

    internal override bool DuringPersist => true;

    internal override void Handle(ActorCell cell) => cell.OnWatched(this);

    internal void Notify() => notify.Deliver(new Envelope(message, null, owed: true), watcher);
}

internal sealed class UnwatchMessage(ActorCell watcher) : SystemMessage
{
    internal override bool DuringPersist => true;

    internal override void Handle(ActorCell cell) => cell.OnUnwatched(watcher);
}
