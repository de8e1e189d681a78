namespace QTrade.Actors.Tests;

/// <summary>Makes actors whose handlers a spec writes in place.</summary>
public static class Script
{
    public static Props<TMessage> Of<TMessage>(
        Action<TMessage, ActorRef<TMessage>, Effects> handle,
        Action<ActorRef<TMessage>, Effects>? start = null,
        Action<ActorRef<TMessage>, Effects>? stop = null)
        where TMessage : class => new(() => new Scripted<TMessage>(handle, start, stop));
}
