using QTrade.Actors.Kernel;

namespace QTrade.Actors;

/// <summary>The address of an actor that understands <typeparamref name="TMessage"/>.</summary>
public abstract class ActorRef<TMessage> : ActorRef
    where TMessage : class
{
    private protected ActorRef(ActorPath path)
        : base(path)
    {
    }

    /// <summary>
    /// Sends from outside the system; an actor sends through its <see cref="Effects"/>. Returns at once. A message that cannot be
    /// delivered is counted among the dead letters.
    /// </summary>
    /// <param name="message">What to say.</param>
    /// <param name="trace">The trace this message belongs to, if any.</param>
    public void Tell(TMessage message, TraceContext? trace = null)
    {
        ArgumentNullException.ThrowIfNull(message);
        Deliver(trace is null ? message : new Envelope(message, trace), null);
    }

    /// <summary>An address for messages of another type, each translated into one of this actor's. <paramref name="translate"/> is pure; if it throws, this actor fails.</summary>
    public ActorRef<TOther> Adapt<TOther>(Func<TOther, TMessage> translate)
        where TOther : class => new AdaptedRef<TOther, TMessage>(this, translate);

    /// <summary>
    /// Asks from outside the system and waits for one answer. Actors do not ask: they send, and take the answer as a message.
    /// </summary>
    /// <param name="ask">Makes the message from the address that the answer goes to.</param>
    /// <param name="time">The clock that measures the time-out.</param>
    /// <param name="timeout">How long to wait at most; finite and positive.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="TimeoutException">No answer came in time. A later one is dropped.</exception>
    public Task<TReply> AskAsync<TReply>(
        Func<ActorRef<TReply>, TMessage> ask, TimeProvider time, TimeSpan timeout, CancellationToken cancellationToken = default)
        where TReply : class
    {
        var answer = new AnswerRef<TReply>(Path, time);
        Tell(ask(answer));
        return answer.WaitAsync(timeout, cancellationToken);
    }
}
