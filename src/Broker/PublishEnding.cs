namespace QTrade.Broker;

/// <summary>What became of a message that was published.</summary>
public enum PublishEnding
{
    /// <summary>The broker has it: on its disk where the hop is durable.</summary>
    Confirmed,

    /// <summary>The hop holds as much as it may, or the broker is out of memory or disk. It has not taken the message.</summary>
    Full,

    /// <summary>The worker that it was for is not there.</summary>
    NoReceiver,

    /// <summary>The broker was not reached in time. It may or may not have taken the message.</summary>
    Unknown,
}
