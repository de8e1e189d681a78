using QTrade.Actors.Work;

namespace QTrade.Actors.Kernel;

internal sealed class IoWork<TResult, T>(
    ActorCell owner, Func<CancellationToken, Task<TResult>> io, WorkAnswer<TResult, T> answer) : IoItem(owner)
    where T : class
{
    internal override async Task StartAsync(CancellationToken cancellationToken)
    {
        TResult result;
        try
        {
            result = await io(cancellationToken).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Whatever input or output throws comes back to the actor as a message.
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
