using System.ComponentModel.DataAnnotations;

namespace QTrade.Node.Configuration;

/// <summary>The cluster that a node is part of, and how it is known to others. Without a broker a node is alone and does everything.</summary>
public sealed class ClusterOptions
{
    /// <summary>The RabbitMQ broker: amqp://user:password@host:port/vhost; empty for none.</summary>
    [Secret]
    public string Broker { get; init; } = string.Empty;

    /// <summary>A file that holds the broker's address and nothing else, used where <see cref="Broker"/> is empty; empty for none.</summary>
    public string BrokerFile { get; init; } = string.Empty;

    /// <summary>The cluster's name: clusters on one broker share nothing.</summary>
    [RegularExpression("[A-Za-z0-9_.-]{1,64}", ErrorMessage = "is no name of a cluster: write letters, digits, dots, dashes and underscores")]
    public string Name { get; init; } = "qtrade";

    /// <summary>This node's name, unique in the cluster; empty for the machine's.</summary>
    [RegularExpression("[A-Za-z0-9_.-]{0,64}", ErrorMessage = "is no name of a node: write letters, digits, dots, dashes and underscores")]
    public string Node { get; init; } = string.Empty;

    /// <summary>Host and port of the Lighthouse that the node announces itself to; empty for none.</summary>
    [HostAndPort]
    public string Lighthouse { get; init; } = "";

    /// <summary>Host and port at which the Lighthouse reaches the node's admin port; empty for where it listens.</summary>
    [HostAndPort]
    public string Advertise { get; init; } = "";

    /// <summary>What the node does, separated by commas.</summary>
    [RegularExpression(@"\s*(feed|pools|router|optimizer|executor)\s*(,\s*(feed|pools|router|optimizer|executor)\s*)*", ErrorMessage = "is no list of roles: feed, pools, router, optimizer, executor, separated by commas")]
    public string Roles { get; init; } = "feed,pools,router,optimizer,executor";

    /// <summary>Whether there is a cluster to be part of.</summary>
    internal bool IsOn => Broker.Length > 0 || BrokerFile.Length > 0;
}
