using System.Net;
using QTrade.Web.Admin;

namespace QTrade.Lighthouse;

/// <summary>Every setting of a Lighthouse, under <c>qtrade.lighthouse</c>.</summary>
public sealed record LighthouseOptions
{
    /// <summary>What answers of the Lighthouse itself carry as node.</summary>
    public string Name { get; init; } = "lighthouse";

    /// <summary>The address that it listens on; beyond loopback a token is needed.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>The port; 0 for any that is free.</summary>
    public int Port { get; init; } = AdminProtocol.DefaultPort;

    /// <summary>A file that holds the token; empty for the environment variable QTRADE_ADMIN_TOKEN, or none.</summary>
    public string TokenFile { get; init; } = "";

    /// <summary>The RabbitMQ broker on which nodes announce themselves, with its credentials; null for none, then only those are known that announce themselves here.</summary>
    public Uri? Broker { get; init; }

    /// <summary>A file that holds the broker's address and nothing else, used where <see cref="Broker"/> is not set; empty for none.</summary>
    public string BrokerFile { get; init; } = "";

    /// <summary>The cluster's name on the broker.</summary>
    public string Cluster { get; init; } = "qtrade";
}
