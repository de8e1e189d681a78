using System.Buffers;
using System.IO.Pipelines;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace QTrade.Web.Admin;

/// <summary>Asks an admin port. Whatever goes wrong is an answer too: <see cref="AdminStatus.Failed"/> with one line that says what to do.</summary>
public sealed class AdminClient : IDisposable
{
    private readonly HttpClient _http;
    private readonly string _host;

    /// <param name="host">Host and port, for instance <c>127.0.0.1:9110</c>.</param>
    /// <param name="token">Shown where there is one.</param>
    /// <param name="patience">How long one answer may take.</param>
    public AdminClient(string host, AdminToken? token, TimeSpan patience)
    {
        _host = host;
        Patience = patience;
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false, UseCookies = false, AllowAutoRedirect = false, ConnectTimeout = patience })
        {
            BaseAddress = new Uri($"http://{host}"),
            Timeout = Timeout.InfiniteTimeSpan,
            MaxResponseContentBufferSize = AdminProtocol.AnswerBytesMax,
        };
        if (token is not null)
            _http.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", token.Header);
    }

    /// <summary>Host and port that are asked.</summary>
    public string Host => _host;

    private TimeSpan Patience { get; }

    /// <summary>Whether a text names a host and a port.</summary>
    public static bool IsHost(string host) =>
        Uri.TryCreate($"http://{host}", UriKind.Absolute, out Uri? uri) && uri.Authority.Equals(host, StringComparison.OrdinalIgnoreCase) && uri.Port > 0 && uri.PathAndQuery == "/";

    /// <summary>One request, one answer.</summary>
    public async Task<AdminAnswer> AskAsync(AdminRequest request, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            using HttpRequestMessage message = Message(AdminProtocol.RequestPath, request);
            using HttpResponseMessage response = await _http.SendAsync(message, HttpCompletionOption.ResponseContentRead, patience.Token).ConfigureAwait(false);
            byte[] bytes = await response.Content.ReadAsByteArrayAsync(patience.Token).ConfigureAwait(false);
            return Read(bytes) ?? Failed(request, $"what listens at {_host} is no admin port of this program: name another with --host");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Unanswered(request);
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException)
        {
            return Failed(request, Broken(broken));
        }
    }

    /// <summary>One request, answers as they come, until the token is cancelled or the node leaves.</summary>
    public async IAsyncEnumerable<AdminAnswer> WatchAsync(AdminRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        (HttpResponseMessage? response, AdminAnswer? failed) = await OpenAsync(request, cancellationToken).ConfigureAwait(false);
        if (response is null)
        {
            yield return failed!;
            yield break;
        }

        using (response)
        {
            var pipe = PipeReader.Create(await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false));
            while (true)
            {
                (byte[]? line, bool broken) = await ReadLineAsync(pipe, cancellationToken).ConfigureAwait(false);
                if (broken)
                    yield return Failed(request, $"{_host} left");
                if (line is null)
                    yield break;
                yield return Read(line) ?? Failed(request, $"what listens at {_host} is no admin port of this program: name another with --host");
            }
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<(HttpResponseMessage? Response, AdminAnswer? Failed)> OpenAsync(AdminRequest request, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            using HttpRequestMessage message = Message(AdminProtocol.StreamPath, request);
            return (await _http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, patience.Token).ConfigureAwait(false), null);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (null, Unanswered(request));
        }
        catch (HttpRequestException broken)
        {
            return (null, Failed(request, Broken(broken)));
        }
    }

    /// <summary>A line without its end; null at the end of the stream.</summary>
    private static async Task<(byte[]? Line, bool Broken)> ReadLineAsync(PipeReader pipe, CancellationToken cancellationToken)
    {
        while (true)
        {
            ReadResult read;
            try
            {
                read = await pipe.ReadAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (Exception broken) when (broken is IOException or HttpRequestException)
            {
                return (null, true);
            }

            ReadOnlySequence<byte> buffer = read.Buffer;
            if (buffer.PositionOf((byte)'\n') is { } end)
            {
                byte[] line = buffer.Slice(0, end).ToArray();
                pipe.AdvanceTo(buffer.GetPosition(1, end));
                return (line, false);
            }

            if (read.IsCompleted || buffer.Length > AdminProtocol.AnswerBytesMax)
                return (buffer.IsEmpty ? null : buffer.ToArray(), false);
            pipe.AdvanceTo(buffer.Start, buffer.End);
        }
    }

    private static HttpRequestMessage Message(string path, AdminRequest request) => new(HttpMethod.Post, path)
    {
        Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(request, AdminJson.Default.AdminRequest))
        {
            Headers = { ContentType = new MediaTypeHeaderValue(AdminProtocol.JsonType) },
        },
    };

    private static AdminAnswer? Read(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return JsonSerializer.Deserialize(bytes, AdminJson.Default.AdminAnswer);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private string Broken(Exception broken) =>
        broken is HttpRequestException { InnerException: SocketException { SocketErrorCode: SocketError.ConnectionRefused } }
            ? $"no node listens at {_host}: start one with qtrade run, or name another with --host (qtrade run says where it listens)"
            : $"{_host} cannot be asked ({broken.Message.ReplaceLineEndings(" ")}): look at the node, or name another with --host";

    private AdminAnswer Unanswered(AdminRequest request) =>
        Failed(request, $"{_host} did not answer within {Patience.TotalSeconds:0} s: it may be busy; try again, or look with qtrade doctor");

    private static AdminAnswer Failed(AdminRequest request, string why) => new(request.Id, string.Empty, AdminStatus.Failed, why, null);
}
