using QTrade.Actors;
using QTrade.Messages.Wire;

namespace QTrade.Broker.InProcess;

/// <summary>A message that a queue holds.</summary>
/// <param name="Number">Its place in the order of publication.</param>
/// <param name="Message">What was said.</param>
/// <param name="From">Who said it.</param>
/// <param name="Trace">The trace it belongs to.</param>
internal sealed record StoredMessage(long Number, EncodedMessage Message, string From, TraceContext? Trace)
{
    /// <summary>Whether it was delivered before.</summary>
    public bool Redelivered { get; set; }

    /// <summary>How often it was delivered and came back.</summary>
    public int Returns { get; set; }
}
