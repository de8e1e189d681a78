using QTrade.Actors.Work;

namespace QTrade.Actors.Kernel;

internal sealed class IoWork<TResult, T>(
    ActorCell owner,
    TraceContext? trace,
    Func<CancellationToken, Task<TResult>> io,
    ActorRef<T> replyTo,
    Func<TResult, T> completed,
    Func<WorkFailure, T> failed)
    : IoItem(owner)
    where T : class
{
    internal override async Task StartAsync(CancellationToken cancellationToken)
    {
        T reply;
        try
        {
            reply = completed(await io(cancellationToken).ConfigureAwait(false));
        }
#pragma warning disable CA1031 // Whatever input or output throws comes back to the actor as a message.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            reply = failed(FailureOf(exception));
        }

        replyTo.Deliver(new Envelope(reply, trace, owed: true), Owner);
    }

    internal override void Refuse(string reason) => 
        replyTo.Deliver(new Envelope(failed(new WorkFailure(reason, null)), trace, owed: true), Owner);
}
