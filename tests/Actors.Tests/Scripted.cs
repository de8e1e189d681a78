namespace QTrade.Actors.Tests;

/// <summary>An actor whose handler a spec writes in place.</summary>
public sealed class Scripted<TMessage>(
    Action<TMessage, ActorRef<TMessage>, Effects> handle,
    Action<ActorRef<TMessage>, Effects>? start = null,
    Action<ActorRef<TMessage>, Effects>? stop = null) : Actor<TMessage>
    where TMessage : class
{
    public override void Handle(TMessage message, Effects effects) => handle(message, Self, effects);

    public override void OnStart(Effects effects) => start?.Invoke(Self, effects);

    public override void OnStop(Effects effects) => stop?.Invoke(Self, effects);
}
