using System.Diagnostics.CodeAnalysis;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace QTrade.Web.Admin;

/// <summary>
/// The admin port: Kestrel alone, without host or container, so that a node pays for nothing else. What arrives is bounded in size, time and
/// number before anybody reads it, and no request makes it throw.
/// </summary>
public sealed class AdminServer : IAsyncDisposable
{
    /// <summary>How many ports after the default one are tried.</summary>
    public const int PortsTried = 32;

    private const int HeaderBytesMax = 16 << 10;

    private static readonly TimeSpan HeaderPatience = TimeSpan.FromSeconds(5);

    private readonly KestrelServer _kestrel;
    private readonly CancellationTokenSource _closing;

    private AdminServer(KestrelServer kestrel, CancellationTokenSource closing, IPEndPoint endPoint, bool moved)
    {
        _kestrel = kestrel;
        _closing = closing;
        EndPoint = endPoint;
        Moved = moved;
    }

    /// <summary>Where it listens.</summary>
    public IPEndPoint EndPoint { get; }

    /// <summary>Whether the port wanted was taken and another one listens.</summary>
    public bool Moved { get; }

    /// <summary>Starts to listen.</summary>
    /// <param name="options">Where, and what it bears.</param>
    /// <param name="port">Who answers.</param>
    /// <returns>The server, or one line that says why there is none and what to do.</returns>
    public static async Task<(AdminServer? Server, string? Refusal)> StartAsync(AdminServerOptions options, IAdminPort port)
    {
        if (!IPAddress.IsLoopback(options.Address) && options.Token is null)
            return (null, $"admin port: {options.Address} can be reached from elsewhere, which needs a token: "
                + $"name a file with {options.SettingsKey}.token-file or set the environment variable {AdminProtocol.TokenVariable}");
        int tries = options.PortIsFixed || options.Port == 0 ? 1 : PortsTried;
        for (int number = options.Port; number < options.Port + tries && number <= IPEndPoint.MaxPort; number++)
        {
            (AdminServer? server, string? refusal) = await ListenAsync(options, number, port).ConfigureAwait(false);
            if (server is not null || refusal is not null)
                return (server, refusal);
        }

        return (null, options.PortIsFixed
            ? $"admin port: {options.Address}:{options.Port} is taken: stop what listens there, or set another {options.SettingsKey}.port (0 for any that is free)"
            : $"admin port: {options.Address}:{options.Port} and the next {tries - 1} are taken: set {options.SettingsKey}.port (0 for any that is free)");
    }

    /// <summary>Takes no further request and ends those under way.</summary>
    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync().ConfigureAwait(false);
        using (var patience = new CancellationTokenSource(HeaderPatience))
            await _kestrel.StopAsync(patience.Token).ConfigureAwait(false);
        _kestrel.Dispose();
        _closing.Dispose();
    }

    /// <summary>No server and no refusal: the port is taken.</summary>
    private static async Task<(AdminServer? Server, string? Refusal)> ListenAsync(AdminServerOptions options, int number, IAdminPort port)
    {
        KestrelServer kestrel = Create(options, number);
        var closing = new CancellationTokenSource();
        try
        {
            await kestrel.StartAsync(new Application(new AdminHandler(options, port, closing.Token)), CancellationToken.None).ConfigureAwait(false);
            int bound = new Uri(kestrel.Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First()).Port;
            return (new AdminServer(kestrel, closing, new IPEndPoint(options.Address, bound), bound != options.Port && options.Port != 0), null);
        }
        catch (IOException taken)
        {
            kestrel.Dispose();
            closing.Dispose();
            return (null, taken.InnerException is AddressInUseException ? null : Cannot(options, number, taken));
        }
        catch (System.Net.Sockets.SocketException refused)
        {
            kestrel.Dispose();
            closing.Dispose();
            return (null, Cannot(options, number, refused));
        }
    }

    private static string Cannot(AdminServerOptions options, int number, Exception why) =>
        $"admin port: {options.Address}:{number} cannot be listened on ({why.Message.ReplaceLineEndings(" ")}): set another {options.SettingsKey}.address or {options.SettingsKey}.port";

    [SuppressMessage("Reliability", "CA2000", Justification = "The server owns its transport and is disposed by its owner.")]
    private static KestrelServer Create(AdminServerOptions options, int number)
    {
        var kestrel = new KestrelServerOptions { AddServerHeader = false, AllowSynchronousIO = false };
        kestrel.Listen(options.Address, number, listen => listen.Protocols = HttpProtocols.Http1);
        KestrelServerLimits limits = kestrel.Limits;
        limits.MaxConcurrentConnections = options.ConnectionsMax;
        limits.MaxConcurrentUpgradedConnections = 0;
        limits.MaxRequestBodySize = AdminProtocol.RequestBytesMax;
        limits.MaxRequestHeadersTotalSize = HeaderBytesMax;
        limits.RequestHeadersTimeout = HeaderPatience;
        limits.KeepAliveTimeout = options.Patience;
        return new KestrelServer(
            Options.Create(kestrel),
            new SocketTransportFactory(Options.Create(new SocketTransportOptions()), NullLoggerFactory.Instance),
            NullLoggerFactory.Instance);
    }

    private sealed class Application(AdminHandler handler) : IHttpApplication<HttpContext>
    {
        public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

        public Task ProcessRequestAsync(HttpContext context) => handler.HandleAsync(context);

        public void DisposeContext(HttpContext context, Exception? exception)
        {
        }
    }
}
