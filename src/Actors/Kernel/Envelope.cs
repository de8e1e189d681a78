namespace QTrade.Actors.Kernel;

/// <summary>
/// A message with what travels beside it. A message without a trace travels bare, so that the envelope costs nothing where
/// there is nothing to carry.
/// </summary>
internal sealed class Envelope(object message, TraceContext? trace, TimerEntry? timer = null)
{
    internal object Message { get; } = message;

    internal TraceContext? Trace { get; } = trace;

    /// <summary>The timer this message came from; if it was cancelled meanwhile the message is dropped.</summary>
    internal TimerEntry? Timer { get; } = timer;
}
