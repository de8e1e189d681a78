using System.ComponentModel.DataAnnotations;

namespace QTrade.Node.Configuration;

/// <summary>The admin port, through which <c>qtrade pbm</c> looks into a running node and steers it.</summary>
public sealed class AdminOptions
{
    /// <summary>The IP address that it listens on; beyond loopback a token is needed.</summary>
    [IpAddress]
    public string Address { get; init; } = "127.0.0.1";

    /// <summary>The port; 0 for any that is free. Where it is not set and taken, the next free one is used.</summary>
    [Range(0, 65_535)]
    public int Port { get; init; } = Web.Admin.AdminProtocol.DefaultPort;

    /// <summary>A file that holds the token; empty for the environment variable QTRADE_ADMIN_TOKEN, or none.</summary>
    public string TokenFile { get; init; } = "";
}
