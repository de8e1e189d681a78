using QTrade.Actors.EventSourcing;
using QTrade.Actors.Kernel;

namespace QTrade.Actors;

/// <summary>
/// An actor: handles one message at a time, synchronously, and records what is to happen in <see cref="Effects"/>. It holds no
/// task, channel, lock or thread. If a handler throws, what it recorded is dropped and its supervision decides.
/// </summary>
public abstract class Actor<TMessage>
    where TMessage : class
{
    private ActorCell? _cell;

    /// <summary>This actor's own address. Known from <see cref="OnStart"/> on, not in the constructor.</summary>
    protected ActorRef<TMessage> Self => (ActorRef<TMessage>)Cell.Ref;

    internal ActorCell Cell => _cell ?? throw new InvalidOperationException("an actor knows its address once it has started");

    /// <summary>Handles one message. The effects belong to the kernel and are not kept.</summary>
    public abstract void Handle(TMessage message, Effects effects);

    /// <summary>Called before the first message, after every (re)start.</summary>
    public virtual void OnStart(Effects effects)
    {
    }

    /// <summary>
    /// Called after the last message of an actor that had started, once all children have stopped. Sends still go out. A restart
    /// does not call it: the new instance begins with <see cref="OnStart"/>.
    /// </summary>
    public virtual void OnStop(Effects effects)
    {
    }

    internal virtual Effects CreateEffects(ActorCell cell) => new(cell);

    /// <summary>What this actor needs read before it starts; null where it needs nothing.</summary>
    internal virtual IEventSourced? EventSourced => null;

    internal void Attach(ActorCell cell) => _cell = cell;
}
