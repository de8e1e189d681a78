using System.Collections.Immutable;
using System.Net;
using System.Net.Http.Headers;

namespace QTrade.Solana.Rpc;

/// <summary>
/// Requests to a list of endpoints over HTTP: the first that is not pausing is asked; a failure pauses it and the next is asked. What one refuses
/// another may answer, as a search that a provider does not offer: each that was not asked yet and is not pausing is asked once. Bounded in
/// time, size and tries; nothing but cancellation is thrown. Used by several callers at once.
/// </summary>
public sealed class RpcClient : IDisposable
{
    /// <summary>Most accounts of one read.</summary>
    public const int AccountsMax = 100;

    private readonly ImmutableArray<RpcEndpoint> _endpoints;
    private readonly RpcOptions _options;
    private readonly RpcMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly long _begun;
    private readonly HttpClient _http;
    private readonly EndpointTurn[] _turns;
    private readonly Lock _gate = new();
    private ulong _id;

    /// <param name="endpoints">At least one, the preferred first.</param>
    /// <param name="options">Bounds.</param>
    /// <param name="metrics">Counts what requests come to.</param>
    /// <param name="time">Tells the time and waits.</param>
    public RpcClient(ImmutableArray<RpcEndpoint> endpoints, RpcOptions options, RpcMetrics metrics, TimeProvider time)
    {
        ArgumentOutOfRangeException.ThrowIfZero(endpoints.Length);
        _endpoints = endpoints;
        _options = options;
        _metrics = metrics;
        _time = time;
        _begun = time.GetTimestamp();
        var jitter = new Random(options.JitterSeed);
        _turns = [.. endpoints.Select(_ => new EndpointTurn(options, jitter.NextDouble))];
        _http = new HttpClient(new SocketsHttpHandler
        {
            AutomaticDecompression = DecompressionMethods.All,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            ConnectTimeout = options.Timeout,
        })
        {
            Timeout = System.Threading.Timeout.InfiniteTimeSpan,
        };
    }

    /// <summary>Reads up to <see cref="AccountsMax"/> accounts at one slot.</summary>
    /// <param name="addresses">The accounts.</param>
    /// <param name="minContextSlot">The slot that the answer must not be older than; 0 for any.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    public async Task<RpcResult<RpcAccounts>> GetAccountsAsync(
        IReadOnlyList<Address> addresses, ulong minContextSlot, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(addresses.Count, AccountsMax);
        var result = await AskAsync(
            RpcRequest.Accounts(NextId(), addresses, _options.Commitment, minContextSlot),
            body =>
            {
                var answer = RpcResponse.Accounts(body.Span, addresses);
                return answer.Ok && answer.Value!.Slot < minContextSlot
                    ? new RpcResult<RpcAccounts>(null, RpcFault.Behind, $"answered at slot {answer.Value.Slot}, before {minContextSlot}")
                    : answer;
            },
            cancellationToken).ConfigureAwait(false);
        return result;
    }

    /// <summary>Finds the accounts of a program.</summary>
    public Task<RpcResult<ImmutableArray<Address>>> FindAccountsAsync(ProgramQuery query, CancellationToken cancellationToken) =>
        AskAsync(
            RpcRequest.ProgramAccounts(NextId(), query, _options.Commitment), body => RpcResponse.Addresses(body.Span, _options.AddressesMax), cancellationToken);

    /// <summary>The newest slot.</summary>
    public Task<RpcResult<ulong>> GetSlotAsync(CancellationToken cancellationToken) =>
        AskAsync(RpcRequest.Slot(NextId(), _options.Commitment), body => RpcResponse.Slot(body.Span), cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    /// <summary>What has passed since the client began, whatever became of the time of day.</summary>
    private TimeSpan Now => _time.GetElapsedTime(_begun);

    private ulong NextId() => Interlocked.Increment(ref _id);

    private async Task<RpcResult<T>> AskAsync<T>(byte[] request, Func<ReadOnlyMemory<byte>, RpcResult<T>> read, CancellationToken cancellationToken)
    {
        RpcResult<T> last = default;
        RpcResult<T>? refused = null;
        var asked = new bool[_endpoints.Length];
        for (var attempt = 0; attempt < _options.TriesMax; attempt++)
        {
            if (await TakeTurnAsync(refused is null ? null : asked, cancellationToken).ConfigureAwait(false) is not { } endpoint)
                break;
            asked[endpoint] = true;
            var (answer, pause) = await TryAsync(_endpoints[endpoint], request, read, cancellationToken).ConfigureAwait(false);
            last = answer with { Detail = answer.Ok ? null : $"{_endpoints[endpoint]}: {_endpoints[endpoint].Line(answer.Detail, answer.Told)}", Told = null };
            lock (_gate)
            {
                if (last.Fault is RpcFault.None or RpcFault.Refused)
                    _turns[endpoint].Succeeded();
                else
                    _turns[endpoint].Failed(Now, pause);
            }

            if (last.Ok)
                return last;
            _metrics.RequestFailed(last.Fault);
            if (last.Fault == RpcFault.Refused)
                refused ??= last;
        }

        return refused ?? last;
    }

    /// <summary>Waits for the first endpoint that may be asked.</summary>
    /// <param name="asked">
    /// Which were asked already, where one refused: none of them is asked again then, and none that pauses, since the refusal is an answer that is not to wait. Null for none.
    /// </param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Its place in the list; null where there is none.</returns>
    private async Task<int?> TakeTurnAsync(bool[]? asked, CancellationToken cancellationToken)
    {
        while (true)
        {
            var least = TimeSpan.MaxValue;
            lock (_gate)
            {
                var now = Now;
                for (var i = 0; i < _turns.Length; i++)
                {
                    if (asked is not null && (asked[i] || _turns[i].IsPausing(now)))
                        continue;
                    var wait = _turns[i].Wait(now);
                    if (wait <= TimeSpan.Zero)
                    {
                        _turns[i].Take();
                        return i;
                    }

                    least = wait < least ? wait : least;
                }
            }

            if (least == TimeSpan.MaxValue)
                return null;
            _metrics.Waited();
            await Task.Delay(least, _time, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<(RpcResult<T> Answer, TimeSpan? Pause)> TryAsync<T>(
        RpcEndpoint endpoint, byte[] request, Func<ReadOnlyMemory<byte>, RpcResult<T>> read, CancellationToken cancellationToken)
    {
        _metrics.Requested();
        using var limit = new CancellationTokenSource(_options.Timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            using var content = new ByteArrayContent(request);
            content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            using var message = new HttpRequestMessage(HttpMethod.Post, endpoint.Http) { Content = content };
            using var response = await _http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, either.Token).ConfigureAwait(false);
            if (response.StatusCode == HttpStatusCode.TooManyRequests)
                return (new RpcResult<T>(default, RpcFault.RateLimited, ConnectionFault.Of(response.StatusCode)), RetryAfter(response));
            if (!response.IsSuccessStatusCode)
                return (new RpcResult<T>(default, RpcFault.HttpStatus, ConnectionFault.Of(response.StatusCode)), RetryAfter(response));
            return (await ReadAsync(response, read, either.Token).ConfigureAwait(false), null);
        }
        catch (HttpRequestException failure)
        {
            return (new RpcResult<T>(default, RpcFault.Unreachable, $"no connection ({ConnectionFault.Of(failure)})"), null);
        }
        catch (IOException failure)
        {
            return (new RpcResult<T>(default, RpcFault.Closed, $"the connection ended within the answer ({ConnectionFault.Of(failure)})"), null);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (new RpcResult<T>(default, RpcFault.TimedOut, $"no answer within {_options.Timeout.TotalSeconds:0.###} s"), null);
        }
    }

    private TimeSpan? RetryAfter(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date - _time.GetUtcNow(),
        _ => null,
    };

    private async Task<RpcResult<T>> ReadAsync<T>(
        HttpResponseMessage response, Func<ReadOnlyMemory<byte>, RpcResult<T>> read, CancellationToken cancellationToken)
    {
        ReadOnlyMemory<byte>? body;
        try
        {
            body = await ReadBodyAsync(response, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is InvalidDataException or (InvalidOperationException and not ObjectDisposedException))
        {
            // Bytes that no gzip or deflate wrote end in the one, those that no Brotli wrote in the other.
            return new RpcResult<T>(default, RpcFault.Malformed, "the answer cannot be decompressed");
        }

        return body is { } whole
            ? read(whole)
            : new RpcResult<T>(default, RpcFault.TooLarge, $"the answer is larger than {_options.ResponseBytesMax} bytes");
    }

    private async Task<ReadOnlyMemory<byte>?> ReadBodyAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            var buffer = new byte[Math.Min(FirstBuffer, _options.ResponseBytesMax)];
            var length = 0;
            while (true)
            {
                if (length == buffer.Length)
                {
                    if (length >= _options.ResponseBytesMax)
                        return await stream.ReadAsync(new byte[1], cancellationToken).ConfigureAwait(false) == 0 ? buffer.AsMemory() : (ReadOnlyMemory<byte>?)null;
                    Array.Resize(ref buffer, (int)Math.Min(buffer.Length * 2L, _options.ResponseBytesMax));
                }

                var read = await stream.ReadAsync(buffer.AsMemory(length), cancellationToken).ConfigureAwait(false);
                if (read == 0)
                    return buffer.AsMemory(0, length);
                length += read;
            }
        }
    }

    private const int FirstBuffer = 64 << 10;
}
