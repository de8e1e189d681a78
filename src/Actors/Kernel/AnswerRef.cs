using System.Runtime.CompilerServices;

namespace QTrade.Actors.Kernel;

/// <summary>
/// The address of one awaited answer; the first message wins. Who waits goes on on another thread, but under simulation in the very
/// event that answered.
/// </summary>
internal sealed class AnswerRef<TReply>(ActorPath asked, TimeProvider time) : ActorRef<TReply>(new ActorPath(asked.Value + "?answer"))
    where TReply : class
{
    private readonly TaskCompletionSource<TReply> _answer = new(
        time is SimulatedTime ? TaskCreationOptions.None : TaskCreationOptions.RunContinuationsAsynchronously);

    internal Task<TReply> WaitAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(timeout, TimeSpan.Zero);
        return _answer.Task.WaitAsync(timeout, time, cancellationToken);
    }

    internal override void Deliver(object item, ActorCell? sender) =>
        _answer.TrySetResult(Unsafe.As<TReply>(item is Envelope envelope ? envelope.Message : item));
}
