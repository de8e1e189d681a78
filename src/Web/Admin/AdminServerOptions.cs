using System.Net;

namespace QTrade.Web.Admin;

/// <summary>Where an admin port listens and what it bears.</summary>
public sealed record AdminServerOptions
{
    /// <summary>The address; beyond loopback a token is needed.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>The port; 0 for any that is free.</summary>
    public int Port { get; init; } = AdminProtocol.DefaultPort;

    /// <summary>Whether exactly that port is wanted; otherwise the next free one is taken.</summary>
    public bool PortIsFixed { get; init; }

    /// <summary>What a caller must show; null where none is asked for.</summary>
    public AdminToken? Token { get; init; }

    /// <summary>The settings that errors name.</summary>
    public string SettingsKey { get; init; } = "qtrade.admin";

    /// <summary>Connections at once; further ones are refused.</summary>
    public int ConnectionsMax { get; init; } = 64;

    /// <summary>Streams at once, fewer than connections, so that a command always finds one.</summary>
    public int StreamsMax { get; init; } = 16;

    /// <summary>How long a request may take to arrive, and then to be answered.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(15);
}
