namespace QTrade.Broker;

/// <summary>How a transport is connected and what it has carried since its start.</summary>
public sealed record TransportStatus
{
    /// <summary>Whether it is connected.</summary>
    public required bool Connected { get; init; }

    /// <summary>Where the broker is, without credentials.</summary>
    public required string Broker { get; init; }

    /// <summary>Connections that stood; each but the first was a reconnection.</summary>
    public long Connects { get; init; }

    /// <summary>Connections that ended or could not be made.</summary>
    public long ConnectsFailed { get; init; }

    /// <summary>The last of them in one line; null before the first.</summary>
    public string? LastFault { get; init; }

    /// <summary>Messages that the broker confirmed.</summary>
    public long Published { get; init; }

    /// <summary>Times that a message was published again for want of a confirmation.</summary>
    public long Republished { get; init; }

    /// <summary>Messages that a full hop did not take.</summary>
    public long Full { get; init; }

    /// <summary>Messages for a worker that was not there.</summary>
    public long NoReceiver { get; init; }

    /// <summary>Messages given up because the broker was not reached in time.</summary>
    public long Unknown { get; init; }

    /// <summary>Times that a publisher waited, because as many messages as may be were unconfirmed.</summary>
    public long Waits { get; init; }

    /// <summary>Deliveries handed to a handler.</summary>
    public long Delivered { get; init; }

    /// <summary>Those of them that had been delivered before.</summary>
    public long Redelivered { get; init; }

    /// <summary>Messages put on their queue anew, because they had come too often for the broker to keep them much longer.</summary>
    public long Renewed { get; init; }

    /// <summary>Deliveries acknowledged.</summary>
    public long Acked { get; init; }

    /// <summary>Endings that came after the connection of their delivery had ended: those messages come again.</summary>
    public long EndedLate { get; init; }

    /// <summary>Handlers that threw.</summary>
    public long HandlersFailed { get; init; }

    /// <summary>Messages put to the dead letters: not to be read, refused, or of a handler that threw twice.</summary>
    public long Poisoned { get; init; }

    /// <summary>Why the last of them was, in one line; null before the first.</summary>
    public string? LastPoison { get; init; }
}
