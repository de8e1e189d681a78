using QTrade.Actors.Work;

namespace QTrade.Actors.Kernel;

internal sealed class FunctionWork<TResult, T>(
    ActorCell owner,
    TraceContext? trace,
    Func<TResult> work,
    ActorRef<T> replyTo,
    Func<TResult, T> completed,
    Func<WorkFailure, T> failed)
    : WorkItem(owner)
    where T : class
{
    internal override void Execute()
    {
        T reply;
        try
        {
            reply = completed(work());
        }
#pragma warning disable CA1031 // Whatever work throws comes back to the actor as a message.
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
