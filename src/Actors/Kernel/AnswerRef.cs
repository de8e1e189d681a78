using System.Runtime.CompilerServices;

namespace QTrade.Actors.Kernel;

/// <summary>The address of one awaited answer; the first message wins.</summary>
internal sealed class AnswerRef<TReply>(ActorPath asked) : ActorRef<TReply>(new ActorPath(asked.Value + "?answer"))
    where TReply : class
{
    private readonly TaskCompletionSource<TReply> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal Task<TReply> WaitAsync(TimeProvider time, TimeSpan timeout, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(timeout, TimeSpan.Zero);
        return _answer.Task.WaitAsync(timeout, time, cancellationToken);
    }

    internal override void Deliver(object item, ActorCell? sender) =>
        _answer.TrySetResult(Unsafe.As<TReply>(item is Envelope envelope ? envelope.Message : item));
}
