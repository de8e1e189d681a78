using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;

namespace QTrade.Solana.Rpc;

/// <summary>Why a connection is not there, in the words of the framework's codes: its texts may hold an address.</summary>
internal static class ConnectionFault
{
    /// <summary>An HTTP status.</summary>
    public static string Of(HttpStatusCode status) => string.Create(CultureInfo.InvariantCulture, $"HTTP {(int)status} ({status})");

    /// <summary>The innermost failure that has a code.</summary>
    public static string Of(Exception failure)
    {
        var reason = failure.GetType().Name;
        for (var cause = failure; cause is not null; cause = cause.InnerException)
        {
            reason = cause switch
            {
                SocketException socket => socket.SocketErrorCode.ToString(),
                HttpRequestException { HttpRequestError: not HttpRequestError.Unknown } request => request.HttpRequestError.ToString(),
                HttpIOException io => io.HttpRequestError.ToString(),
                WebSocketException { WebSocketErrorCode: not WebSocketError.Success } socket => socket.WebSocketErrorCode.ToString(),
                _ => reason,
            };
        }

        return reason;
    }
}
