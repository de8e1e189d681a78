using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace QTrade.Shared.Network;

/// <summary>
/// Ports of the loopback for servers that cannot choose one by themselves: free, given once in this process, and below those that a system gives to
/// connections by itself, of which any may be taken between the choice and the server's start.
/// </summary>
public static class FreePort
{
    private const int First = 10_000;
    private const int Beyond = 32_768;

    private static readonly Lock Gate = new();
    private static readonly HashSet<int> Given = [];

    /// <summary>A port that nobody listens on now. Another process may choose it too: whoever starts a server on it tries again with another where it is taken.</summary>
    public static int Choose()
    {
        while (true)
        {
            int port = RandomNumberGenerator.GetInt32(First, Beyond);
            lock (Gate)
            {
                if (IsFree(port) && Given.Add(port)) return port;
            }
        }
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
