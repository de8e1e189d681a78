using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace QTrade.Web.Admin;

/// <summary>
/// One request at the admin port, from bytes to answer. Web pages cannot use it: a browser that is made to call it sends an origin, or a name
/// for the host, and both are refused; so is every body that is not said to be JSON, which no page can send unasked.
/// </summary>
internal sealed class AdminHandler(AdminServerOptions options, IAdminPort port, CancellationToken closing)
{
    private static readonly byte[] LineEnd = "\n"u8.ToArray();

    private int _streams;

    public async Task HandleAsync(HttpContext context)
    {
        try
        {
            await RouteAsync(context).ConfigureAwait(false);
        }
        catch (Exception gone) when (gone is OperationCanceledException or IOException)
        {
            // The caller left, or the server closes: nobody is there to be told.
            context.Abort();
        }
    }

    private Task RouteAsync(HttpContext context)
    {
        string path = context.Request.Path.Value ?? string.Empty;
        bool isGet = HttpMethods.IsGet(context.Request.Method);
        return (path, isGet) switch
        {
            (AdminProtocol.LivePath, true) => HealthAsync(context, null),
            (AdminProtocol.ReadyPath, true) => HealthAsync(context, port.NotReady),
            (AdminProtocol.RequestPath, false) => RequestAsync(context, isStream: false),
            (AdminProtocol.StreamPath, false) => RequestAsync(context, isStream: true),
            _ => RefuseAsync(context, HttpStatusCode.NotFound, $"there is no {context.Request.Method} of that path here: POST {AdminProtocol.RequestPath}"),
        };
    }

    /// <summary>For probes, which show no token: says nothing but well or why not.</summary>
    private static async Task HealthAsync(HttpContext context, string? notReady)
    {
        context.Response.StatusCode = notReady is null ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        context.Response.ContentType = "text/plain; charset=utf-8";
        await context.Response.WriteAsync((notReady ?? "ok") + "\n", context.RequestAborted).ConfigureAwait(false);
    }

    private async Task RequestAsync(HttpContext context, bool isStream)
    {
        if (Refusal(context) is var (status, why))
        {
            await RefuseAsync(context, status, why).ConfigureAwait(false);
            return;
        }

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, closing);
        patience.CancelAfter(options.Patience);
        (AdminRequest? request, string? fault) = await ReadAsync(context, patience.Token).ConfigureAwait(false);
        if (request is null)
            await RefuseAsync(context, HttpStatusCode.BadRequest, fault!).ConfigureAwait(false);
        else if (isStream)
            await StreamAsync(context, request).ConfigureAwait(false);
        else
            await AnswerAsync(context, request, patience).ConfigureAwait(false);
    }

    private (HttpStatusCode Status, string Why)? Refusal(HttpContext context)
    {
        IHeaderDictionary headers = context.Request.Headers;
        if (options.Token is { } token && !token.IsShownBy(headers.Authorization))
            return (HttpStatusCode.Unauthorized, $"a token is needed: set the environment variable {AdminProtocol.TokenVariable}, or name a file with --token-file");
        if (!StringValues.IsNullOrEmpty(headers.Origin))
            return (HttpStatusCode.Forbidden, "web pages are not served here");
        if (options.Token is null && !IsLoopback(context.Request.Host.Host))
            return (HttpStatusCode.Forbidden, "call it by 127.0.0.1 or localhost");
        return context.Request.ContentType?.StartsWith(AdminProtocol.JsonType, StringComparison.OrdinalIgnoreCase) == true
            ? null
            : (HttpStatusCode.UnsupportedMediaType, $"a request is {AdminProtocol.JsonType}");
    }

    private static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out IPAddress? address) && IPAddress.IsLoopback(address));

    private static async Task<(AdminRequest? Request, string? Fault)> ReadAsync(HttpContext context, CancellationToken cancellationToken)
    {
        try
        {
            AdminRequest? request = await JsonSerializer.DeserializeAsync(
                context.Request.Body, UntrustedJson.Default.AdminRequest, cancellationToken).ConfigureAwait(false);
            string? fault = request is null ? "a request is a JSON object" : request.Fault();
            return fault is null
                ? (request! with { Origin = context.Connection.RemoteIpAddress?.ToString() ?? "unknown" }, null)
                : (null, fault);
        }
        catch (JsonException broken)
        {
            return (null, $"the request is not JSON of the form asked for (line {broken.LineNumber + 1}, byte {broken.BytePositionInLine + 1}, {broken.Path})");
        }
        catch (BadHttpRequestException bad)
        {
            return (null, bad.StatusCode == StatusCodes.Status413PayloadTooLarge
                ? $"the request is larger than {AdminProtocol.RequestBytesMax:N0} bytes"
                : "the request did not arrive whole");
        }
    }

    private async Task AnswerAsync(HttpContext context, AdminRequest request, CancellationTokenSource patience)
    {
        patience.CancelAfter(options.Patience);
        AdminAnswer answer;
        try
        {
            answer = await port.AnswerAsync(request, patience.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            answer = Failed(request, $"no answer within {options.Patience.TotalSeconds:0} s; whether it was done is not known: look again");
        }
#pragma warning disable CA1031 // A command that fails is told to who gave it; the node goes on.
        catch (Exception unexpected) when (unexpected is not OperationCanceledException)
#pragma warning restore CA1031
        {
            answer = Failed(request, $"{unexpected.GetType().Name}: {unexpected.Message.ReplaceLineEndings(" ")}");
        }

        await WriteAsync(context, answer, StatusCodes.Status200OK).ConfigureAwait(false);
    }

    private async Task StreamAsync(HttpContext context, AdminRequest request)
    {
        if (Interlocked.Increment(ref _streams) > options.StreamsMax)
        {
            Interlocked.Decrement(ref _streams);
            await RefuseAsync(context, HttpStatusCode.ServiceUnavailable, $"{options.StreamsMax} streams are open already: close one").ConfigureAwait(false);
            return;
        }

        try
        {
            using var until = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, closing);
            context.Response.ContentType = AdminProtocol.LinesType;
            await context.Response.StartAsync(until.Token).ConfigureAwait(false);
            await foreach (AdminAnswer answer in ItemsAsync(request, until.Token).ConfigureAwait(false))
            {
                await JsonSerializer.SerializeAsync(context.Response.Body, answer, AdminJson.Default.AdminAnswer, until.Token).ConfigureAwait(false);
                await context.Response.Body.WriteAsync(LineEnd, until.Token).ConfigureAwait(false);
                await context.Response.Body.FlushAsync(until.Token).ConfigureAwait(false);
            }
        }
        finally
        {
            Interlocked.Decrement(ref _streams);
        }
    }

    /// <summary>The items, and where they end in a failure its line.</summary>
    private async IAsyncEnumerable<AdminAnswer> ItemsAsync(
        AdminRequest request, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        IAsyncEnumerator<AdminAnswer> items = port.StreamAsync(request, cancellationToken).GetAsyncEnumerator(cancellationToken);
        await using (items.ConfigureAwait(false))
        {
            while (true)
            {
                AdminAnswer? failed = null;
                try
                {
                    if (!await items.MoveNextAsync().ConfigureAwait(false))
                        yield break;
                }
#pragma warning disable CA1031 // A stream that fails is told to who watches; the node goes on.
                catch (Exception unexpected) when (unexpected is not OperationCanceledException)
#pragma warning restore CA1031
                {
                    failed = Failed(request, $"{unexpected.GetType().Name}: {unexpected.Message.ReplaceLineEndings(" ")}");
                }

                yield return failed ?? items.Current;
                if (failed is not null)
                    yield break;
            }
        }
    }

    private AdminAnswer Failed(AdminRequest request, string why) => new(request.Id, port.NodeName, AdminStatus.Failed, why, null);

    private async Task RefuseAsync(HttpContext context, HttpStatusCode status, string why)
    {
        // What was not read of the body is not read on for the next request.
        context.Response.Headers.Connection = "close";
        await WriteAsync(context, new AdminAnswer(string.Empty, port.NodeName, AdminStatus.Bad, why, null), (int)status).ConfigureAwait(false);
    }

    private static async Task WriteAsync(HttpContext context, AdminAnswer answer, int status)
    {
        byte[] bytes = JsonSerializer.SerializeToUtf8Bytes(answer, AdminJson.Default.AdminAnswer);
        context.Response.StatusCode = status;
        context.Response.ContentType = AdminProtocol.JsonType;
        context.Response.ContentLength = bytes.Length;
        await context.Response.Body.WriteAsync(bytes, context.RequestAborted).ConfigureAwait(false);
    }
}
