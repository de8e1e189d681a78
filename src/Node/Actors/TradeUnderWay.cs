using QTrade.Actors;
using QTrade.Messages.Execution;

namespace QTrade.Node.Actors;

/// <summary>One of the <see cref="TradesUnderWay"/>: its actor, what that was told, and what it waits for.</summary>
internal sealed class TradeUnderWay
{
    /// <summary>How often it is read again after its actor ended; what ends it then is not another executor.</summary>
    public const int ReadingsMax = 3;

    private int _readings;
    private TimeSpan? _valuedBy;

    /// <summary>Null where it has ended and is to be made anew.</summary>
    public ActorRef<ITradeMessage>? Actor { get; set; }

    /// <summary>The last command sent.</summary>
    public ITradeMessage? Last { get; private set; }

    /// <summary>How it ended; null before.</summary>
    public TradeOutcome? Outcome { get; set; }

    /// <summary>Whether what was said last is to be said again: the journal refused it, or its actor ended.</summary>
    public bool Again { get; set; }

    /// <summary>Whether it ended, or is read no more.</summary>
    public bool IsOver => Outcome is not null || _readings > ReadingsMax;

    /// <summary>Whether it was to wait for the values of what its chain left.</summary>
    public bool AwaitedValues => _valuedBy is not null;

    /// <summary>Its actor is sent a command.</summary>
    public void Tell(ITradeMessage command) => (Last, Again) = (command, false);

    /// <summary>Its actor has ended.</summary>
    /// <returns>Whether it is read again, by an actor that is to be made.</returns>
    public bool Lose()
    {
        if (++_readings > ReadingsMax)
            return false;
        Actor = null;
        return true;
    }

    /// <summary>The values of what its chain left are not all told.</summary>
    /// <param name="now">Monotonic.</param>
    /// <param name="patience">How long they are waited for since they were first found missing.</param>
    /// <returns>Whether they are waited for.</returns>
    public bool AwaitValues(TimeSpan now, TimeSpan patience)
    {
        _valuedBy ??= now + patience;
        return now < _valuedBy;
    }
}
