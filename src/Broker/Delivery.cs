using QTrade.Actors;
using QTrade.Messages;

namespace QTrade.Broker;

/// <summary>A message that was delivered. It is ended once, from any thread; later endings change nothing.</summary>
public sealed class Delivery
{
    private readonly Action<DeliveryEnding, string?> _end;
    private int _ended;

    internal Delivery(IMessage message, string from, bool redelivered, TraceContext? trace, Action<DeliveryEnding, string?> end)
    {
        Message = message;
        From = from;
        Redelivered = redelivered;
        Trace = trace;
        _end = end;
    }

    /// <summary>What was said.</summary>
    public IMessage Message { get; }

    /// <summary>The node that said it, as it calls itself.</summary>
    public string From { get; }

    /// <summary>Whether it was delivered before, to this node or another.</summary>
    public bool Redelivered { get; }

    /// <summary>
    /// Whether it is only shown: it came so often without an acknowledgement that it is put on its hop anew, behind what was published since. What holds at once is
    /// obeyed now and nothing else, since it comes again; ending this one changes nothing.
    /// </summary>
    public bool IsShownOnly { get; init; }

    /// <summary>The trace it belongs to.</summary>
    public TraceContext? Trace { get; }

    /// <summary>It is done with, and does not come again. Goes out soon, without waiting.</summary>
    public void Ack() => End(DeliveryEnding.Acked, null);

    /// <summary>It goes back to the hop and comes again.</summary>
    public void Return() => End(DeliveryEnding.Returned, null);

    /// <summary>Nobody can do anything with it: it goes to the dead letters.</summary>
    public void Refuse(string reason) => End(DeliveryEnding.Refused, reason);

    private void End(DeliveryEnding ending, string? reason)
    {
        if (Interlocked.Exchange(ref _ended, 1) == 0)
            _end(ending, reason);
    }
}
