using QTrade.Actors.Work;

namespace QTrade.Actors.Kernel;

internal sealed class FunctionWork<TResult, T>(ActorCell owner, Func<TResult> work, WorkAnswer<TResult, T> answer) : WorkItem(owner)
    where T : class
{
    internal override void Execute()
    {
        TResult result;
        try
        {
            result = work();
        }
#pragma warning disable CA1031 // Whatever work throws comes back to the actor as a message.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            answer.Failed(exception);
            return;
        }

        answer.Completed(result);
    }

    internal override void Refuse(string reason) => answer.Failed(new WorkFailure(reason, null));
}
