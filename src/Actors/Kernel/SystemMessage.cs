namespace QTrade.Actors.Kernel;

/// <summary>What the kernel tells a cell, ahead of its messages.</summary>
internal abstract class SystemMessage
{
    internal SystemMessage? Next { get; set; }

    /// <summary>Whether it may be handled while an append of the actor is in flight; others wait for its end.</summary>
    internal virtual bool DuringPersist => false;

    internal abstract void Handle(ActorCell cell);
}
