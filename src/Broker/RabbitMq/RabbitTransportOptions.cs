namespace QTrade.Broker.RabbitMq;

/// <summary>Where a broker is and how a node uses it.</summary>
public sealed record RabbitTransportOptions
{
    /// <summary>Longest name of a cluster or a node, in characters.</summary>
    public const int NameLengthMax = 64;

    /// <summary>The broker with its credentials: <c>amqp://user:password@host:port/vhost</c>. Never shown.</summary>
    public required Uri Broker { get; init; }

    /// <summary>The cluster: the first part of every name at the broker.</summary>
    public required string Cluster { get; init; }

    /// <summary>This node's name, unique in the cluster.</summary>
    public required string Node { get; init; }

    /// <summary>
    /// How often both sides show that they live, in whole seconds; without a sign for two to three times as long the broker counts the connection as lost. The least
    /// that the protocol knows: a false alarm costs a new connection, what a silent node holds waits for as long as this.
    /// </summary>
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>First wait before connecting again; it doubles.</summary>
    public TimeSpan BackoffMin { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Longest wait before connecting again. Half of each wait is drawn by chance.</summary>
    public TimeSpan BackoffMax { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long one connection may take to come up.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a message is tried to be published before its ending is unknown.</summary>
    public TimeSpan PublishPatience { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How many messages may be unconfirmed; who publishes beyond it waits.</summary>
    public int UnconfirmedMax { get; init; } = 256;

    /// <summary>How long the broker keeps what a node did not fetch of <see cref="Hop.Control"/>.</summary>
    public TimeSpan AwayMax { get; init; } = TimeSpan.FromDays(1);

    /// <summary>Where the broker is, without credentials.</summary>
    public string Describe() => $"{Broker.Scheme}://{Broker.Host}:{(Broker.Port > 0 ? Broker.Port : 5672)}{Broker.AbsolutePath.TrimEnd('/')}";

    /// <summary>Reads the broker's address.</summary>
    /// <param name="text">The address.</param>
    /// <param name="uri">The address, where it is one.</param>
    /// <returns>What is wrong with it, without repeating it: it holds a password. Null where nothing is.</returns>
    public static string? TryReadUri(string text, out Uri? uri)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out uri) || uri.Scheme is not ("amqp" or "amqps") || uri.Host.Length == 0)
        {
            uri = null;
            return "it is not of the form amqp://user:password@host:port/vhost";
        }

        // The client throws where it connects, with the password in its words.
        if (uri.UserInfo.Count(letter => letter == ':') > 1 || uri.Segments.Length > 2)
        {
            uri = null;
            return "a colon or a slash within user, password or vhost is written %3A or %2F";
        }

        return null;
    }
}
