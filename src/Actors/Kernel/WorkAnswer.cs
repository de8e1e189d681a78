using QTrade.Actors.Work;

namespace QTrade.Actors.Kernel;

/// <summary>
/// How the end of work comes back as a message. Where even the words for its failure throw there is no message, and the owner fails
/// instead: it would wait for ever.
/// </summary>
internal sealed class WorkAnswer<TResult, T>(
    ActorCell owner, TraceContext? trace, ActorRef<T> replyTo, Func<TResult, T> completed, Func<WorkFailure, T> failed)
    where T : class
{
    /// <summary>Tells what the work gave. Never throws.</summary>
    internal void Completed(TResult result)
    {
        T reply;
        try
        {
            reply = completed(result) ?? throw NoMessage();
        }
#pragma warning disable CA1031 // An answer that cannot be told is work that failed.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Failed(exception);
            return;
        }

        Deliver(reply);
    }

    /// <summary>Tells what the work threw. Never throws.</summary>
    internal void Failed(Exception exception) => Failed(new WorkFailure($"{exception.GetType().Name}: {exception.Message}", exception));

    /// <summary>Tells why there is no result. Never throws.</summary>
    internal void Failed(WorkFailure failure)
    {
        T reply;
        try
        {
            reply = failed(failure) ?? throw NoMessage();
        }
#pragma warning disable CA1031 // It would end the thread it runs on, and with it the process.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            owner.Tell(new FailureMessage(exception));
            return;
        }

        Deliver(reply);
    }

    private static InvalidOperationException NoMessage() => new("the end of work was put into no message");

    private void Deliver(T reply) => replyTo.Deliver(new Envelope(reply, trace, owed: true), owner);
}
