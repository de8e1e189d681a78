using System.Net;
using QTrade.Node.Configuration;
using QTrade.Web.Admin;

namespace QTrade.Node.Admin;

/// <summary>The admin port as a node's settings want it.</summary>
internal static class NodeAdminPort
{
    /// <summary>What the settings come to, or one line that says what is wrong with them.</summary>
    public static (AdminServerOptions? Options, string? Error) Read(
        AdminOptions options, bool portIsSet, IReadOnlyDictionary<string, string> variables, Func<string, string> locate)
    {
        var file = options.TokenFile.Length > 0 ? locate(options.TokenFile) : null;
        if (!AdminToken.TryRead(file, variables.GetValueOrDefault(AdminProtocol.TokenVariable), out var token, out var error))
            return (null, error);
        return (new AdminServerOptions { Address = IPAddress.Parse(options.Address), Port = options.Port, PortIsFixed = portIsSet, Token = token }, null);
    }

    /// <summary>Whether somebody chose the port.</summary>
    public static bool IsPortSet(NodeConfiguration configuration) =>
        configuration.Settings.Any(setting => setting.Key == "qtrade.admin.port" && setting.Origin.Length > 0);

    /// <summary>Where others reach it, as the node announces. Whoever is told of an address that means any reaches himself.</summary>
    public static string AddressOf(ClusterOptions cluster, IPEndPoint listens) =>
        cluster.Advertise.Length > 0 ? cluster.Advertise
        : listens.Address.Equals(IPAddress.Any) || listens.Address.Equals(IPAddress.IPv6Any) ? $"{Environment.MachineName}:{listens.Port}"
        : listens.ToString();

    /// <summary>The line of the introduction.</summary>
    public static string Describe(AdminServer server, AdminServerOptions options)
    {
        var host = server.EndPoint.ToString();
        var named = server.EndPoint.Port == AdminProtocol.DefaultPort && IPAddress.IsLoopback(server.EndPoint.Address) ? string.Empty : $" --host {host}";
        var moved = server.Moved ? $" (port {options.Port} is taken)" : string.Empty;
        var token = options.Token is null ? string.Empty : ", with its token";
        return $"Look inside: qtrade pbm why{named}; admin port {host}{moved}{token}.";
    }
}
