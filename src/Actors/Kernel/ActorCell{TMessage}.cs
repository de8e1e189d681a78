using System.Runtime.CompilerServices;

namespace QTrade.Actors.Kernel;

/// <summary>The cell of an actor that understands <typeparamref name="TMessage"/>.</summary>
internal sealed class ActorCell<TMessage> : ActorCell
    where TMessage : class
{
    private readonly Props<TMessage> _props;
    private Actor<TMessage> _actor = null!;

    internal ActorCell(ActorSystem system, ActorCell? parent, ActorPath path, Props<TMessage> props)
        : base(system, parent, path, props.Mailbox.Create(system.Time), props.Supervision)
    {
        _props = props;
        Ref = new LocalRef<TMessage>(this, path);
    }

    private protected override int StashCapacity => _props.StashCapacity;

    private protected override void Invoke(object message, Effects effects) =>
        _actor.Handle(Unsafe.As<TMessage>(message), effects);

    private protected override EventSourcing.IEventSourced? CreateInstance(out Effects effects)
    {
        _actor = _props.Create();
        _actor.Attach(this);
        effects = _actor.CreateEffects(this);
        return _actor.EventSourced;
    }

    private protected override void InvokeStart(Effects effects) => _actor.OnStart(effects);

    private protected override void InvokeStop(Effects effects) => _actor.OnStop(effects);
}
