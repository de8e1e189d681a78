using System.Net;
using System.Net.Sockets;
using QTrade.Node.Admin;
using QTrade.Node.Configuration;

namespace QTrade.Node.Doctor;

/// <summary>Whether a node could listen on its admin port.</summary>
internal static class AdminPortCheck
{
    private const string Subject = "ports";

    public static Finding Look(NodeConfiguration configuration, IReadOnlyDictionary<string, string> variables, Func<string, string> locate)
    {
        bool isSet = NodeAdminPort.IsPortSet(configuration);
        (Web.Admin.AdminServerOptions? options, string? error) = NodeAdminPort.Read(configuration.Options.Admin, isSet, variables, locate);
        if (options is null)
            return new Finding(Subject, Health.Bad, error!, "write a token there, or name another file with qtrade.admin.token-file");
        if (!IPAddress.IsLoopback(options.Address) && options.Token is null)
            return new Finding(
                Subject, Health.Bad, $"admin port {options.Address} can be reached from elsewhere and has no token",
                $"name a file with qtrade.admin.token-file or set {Web.Admin.AdminProtocol.TokenVariable}");
        return Try(options.Address, options.Port) is not { } why
            ? new Finding(Subject, Health.Good, options.Port == 0 ? "admin port: any that is free" : $"{options.Address}:{options.Port} is free for the admin port")
            : isSet
                ? new Finding(Subject, Health.Bad, $"admin port {options.Address}:{options.Port}: {why}", "stop what listens there, or set another qtrade.admin.port")
                : new Finding(Subject, Health.Doubtful, $"admin port {options.Address}:{options.Port}: {why}; a node takes the next free one",
                    "if a node runs already, qtrade pbm cluster show shows it");
    }

    /// <summary>Why it cannot be listened on; null where it can.</summary>
    private static string? Try(IPAddress address, int port)
    {
        using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(address, port));
            return null;
        }
        catch (SocketException refused)
        {
            return refused.SocketErrorCode == SocketError.AddressAlreadyInUse ? "is taken" : refused.Message;
        }
    }
}
