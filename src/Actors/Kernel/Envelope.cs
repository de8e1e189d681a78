namespace QTrade.Actors.Kernel;

/// <summary>
/// A message with what travels beside it. A message without a trace travels bare, so that the envelope costs nothing where
/// there is nothing to carry.
/// </summary>
internal sealed class Envelope(object message, TraceContext? trace, TimerEntry? timer = null, bool owed = false)
{
    internal object Message { get; } = message;

    internal TraceContext? Trace { get; } = trace;

    /// <summary>
    /// Whether the recipient has this coming: a timer, the end of its work, the answer to its offer. A full mailbox takes it all the
    /// same, or the recipient would wait for ever; there are no more of them than it asked for.
    /// </summary>
    internal bool Owed { get; } = owed || timer is not null;

    /// <summary>The timer this message came from; if it was cancelled meanwhile the message is dropped.</summary>
    internal TimerEntry? Timer { get; } = timer;
}
