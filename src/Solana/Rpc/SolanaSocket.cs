using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Threading.Channels;
using QTrade.Solana.Feed;

namespace QTrade.Solana.Rpc;

/// <summary>
/// One connection to an endpoint's subscriptions. It reads ahead of its user by at most <see cref="RpcOptions.BufferedMax"/> updates, then
/// reads no more until some were taken. Frames are bounded; one that is larger, or any that the transport cannot read, ends the
/// connection; one that is malformed is counted, and told
/// as unreadable where the account that it was to tell is known. It ends once and is not reused.
/// </summary>
public sealed class SolanaSocket : IAsyncDisposable
{
    /// <summary>Most updates of one batch.</summary>
    public const int BatchMax = 256;

    /// <summary>Requests for subscriptions whose answers are waited for; that of an older one is passed over.</summary>
    private const int RequestsMax = 1 << 20;

    private const int FirstBuffer = 64 << 10;
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(10);

    private readonly ClientWebSocket _socket;
    private readonly RpcEndpoint _endpoint;
    private readonly RpcOptions _options;
    private readonly RpcMetrics _metrics;
    private readonly CancellationTokenSource _end = new();
    private readonly Channel<SocketBatch> _batches;
    private readonly ConcurrentDictionary<ulong, Request> _requests = new();
    private readonly ConcurrentDictionary<ulong, Address> _bySubscription = new();
    private readonly ConcurrentDictionary<Address, ulong> _subscriptions = new();
    private readonly List<(Address Account, ulong Subscription)> _left = [];
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _sending = new(1, 1);
    private readonly Task _reading;
    private readonly CancellationToken _ended;
    private ulong _id;
    private long _ends;
    private int _disposed;
    private string? _endReason;

    private SolanaSocket(ClientWebSocket socket, RpcEndpoint endpoint, RpcOptions options, RpcMetrics metrics)
    {
        _socket = socket;
        _endpoint = endpoint;
        _options = options;
        _metrics = metrics;
        _ended = _end.Token;
        _batches = Channel.CreateBounded<SocketBatch>(
            new BoundedChannelOptions(Math.Max(1, options.BufferedMax / BatchMax)) { SingleReader = true, SingleWriter = true });
        _reading = Task.Run(ReadAsync);
    }

    /// <summary>What ended the connection, in one line; null before, and where it was disposed of.</summary>
    public string? EndReason => Volatile.Read(ref _endReason);

    /// <summary>Connects. Nothing but cancellation is thrown.</summary>
    public static async Task<RpcResult<SolanaSocket>> ConnectAsync(
        RpcEndpoint endpoint, RpcOptions options, RpcMetrics metrics, TimeProvider time, CancellationToken cancellationToken)
    {
        var socket = new ClientWebSocket();
        socket.Options.KeepAliveInterval = KeepAlive;
        socket.Options.KeepAliveTimeout = KeepAlive;
        socket.Options.CollectHttpResponseDetails = true;
        using var limit = new CancellationTokenSource(options.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            await socket.ConnectAsync(endpoint.Socket, either.Token).ConfigureAwait(false);
            return new RpcResult<SolanaSocket>(new SolanaSocket(socket, endpoint, options, metrics));
        }
        catch (WebSocketException failure)
        {
            var reason = socket.HttpStatusCode == default ? ConnectionFault.Of(failure) : ConnectionFault.Of(socket.HttpStatusCode);
            socket.Dispose();
            metrics.FrameFailed(RpcFault.Unreachable);
            return new RpcResult<SolanaSocket>(null, RpcFault.Unreachable, $"no connection for subscriptions at {endpoint.SocketText} ({reason})");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            socket.Dispose();
            metrics.FrameFailed(RpcFault.TimedOut);
            return new RpcResult<SolanaSocket>(null, RpcFault.TimedOut, $"no connection for subscriptions at {endpoint.SocketText} within {options.Timeout.TotalSeconds:0.###} s");
        }
    }

    /// <summary>
    /// Asks for subscriptions; each is in a later batch once it stands. Of an account that was asked for several times, since no answer came, the first answer counts. What
    /// cannot be sent ends the connection.
    /// </summary>
    public Task SubscribeAsync(IReadOnlyList<Address> accounts, CancellationToken cancellationToken) => SendAsync(
        accounts.Select(account =>
        {
            var id = Interlocked.Increment(ref _id);
            _requests[id] = new Request(account, Volatile.Read(ref _ends), IsLeft: false);
            _requests.TryRemove(id - RequestsMax, out _);
            return RpcRequest.Subscribe(id, account, _options.Commitment);
        }),
        cancellationToken);

    /// <summary>Ends subscriptions that stand, and those that were asked for before as soon as they are answered: they are told of no more.</summary>
    public Task UnsubscribeAsync(IReadOnlyList<Address> accounts, CancellationToken cancellationToken)
    {
        var requests = new List<byte[]>();
        lock (_gate)
        {
            foreach (var account in accounts)
            {
                if (!_subscriptions.TryRemove(account, out var subscription))
                    continue;
                _bySubscription.TryRemove(subscription, out _);
                requests.Add(RpcRequest.Unsubscribe(Interlocked.Increment(ref _id), subscription));
            }

            Volatile.Write(ref _ends, _ends + 1);
            var ended = accounts.ToHashSet();
            foreach (var (id, request) in _requests)
            {
                if (ended.Contains(request.Account))
                    _requests.TryUpdate(id, request with { IsLeft = true }, request);
            }
        }

        return SendAsync(requests, cancellationToken);
    }

    /// <summary>The next batch, or null once the connection ended and everything that was read is taken.</summary>
    public async Task<SocketBatch?> TakeAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _batches.Reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (ChannelClosedException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // Whoever drops the connection and whoever replaces it may come at once.
        var first = Interlocked.Exchange(ref _disposed, 1) == 0;
        if (first)
            await _end.CancelAsync().ConfigureAwait(false);
        _socket.Abort();
        await _reading.ConfigureAwait(false);
        if (!first)
            return;
        _socket.Dispose();
        _end.Dispose();
    }

    private async Task SendAsync(IEnumerable<byte[]> requests, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _ended);
        await _sending.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            foreach (var request in requests)
                await _socket.SendAsync(request, WebSocketMessageType.Text, endOfMessage: true, either.Token).ConfigureAwait(false);
        }
        catch (Exception failure) when (IsEnd(failure))
        {
            // The reader sees the end too, and tells it.
            _socket.Abort();
        }
        finally
        {
            _sending.Release();
        }
    }

    private async Task ReadAsync()
    {
        var (fault, reason) = (RpcFault.Closed, "the connection ended");
        try
        {
            (fault, reason) = await ReadFramesAsync().ConfigureAwait(false);
        }
        catch (Exception failure) when (IsEnd(failure))
        {
            reason = $"the connection broke ({ConnectionFault.Of(failure)})";
        }
        finally
        {
            if (!_ended.IsCancellationRequested)
            {
                _metrics.FrameFailed(fault);
                Volatile.Write(ref _endReason, $"{_endpoint.SocketText}: {reason}");
            }

            _socket.Abort();
            _batches.Writer.TryComplete();
        }
    }

    private async Task<(RpcFault Fault, string Reason)> ReadFramesAsync()
    {
        var frames = new SocketFrameReader();
        var batch = new Batch();
        var buffer = new byte[FirstBuffer];
        var length = 0;
        while (true)
        {
            if (length == buffer.Length)
            {
                if (length >= _options.FrameBytesMax)
                    return (RpcFault.TooLarge, $"a frame is larger than {_options.FrameBytesMax} bytes");
                Array.Resize(ref buffer, (int)Math.Min(buffer.Length * 2L, _options.FrameBytesMax));
            }

            var receiving = _socket.ReceiveAsync(buffer.AsMemory(length), _ended);
            if (!receiving.IsCompleted && !batch.IsEmpty)
                await PassAsync(batch.Take()).ConfigureAwait(false);
            var received = await receiving.ConfigureAwait(false);
            if (received.MessageType == WebSocketMessageType.Close)
            {
                if (!batch.IsEmpty)
                    await PassAsync(batch.Take()).ConfigureAwait(false);
                return (RpcFault.Closed, _endpoint.Line($"the endpoint closed the connection ({(int?)_socket.CloseStatus})", _socket.CloseStatusDescription));
            }

            length += received.Count;
            if (!received.EndOfMessage)
                continue;
            _metrics.FrameRead(length);
            if (frames.TryRead(buffer.AsSpan(0, length), out var frame))
                Sort(frame, batch);
            else
                SortUnreadable(frame, batch);
            length = 0;
            if (batch.Count >= BatchMax)
                await PassAsync(batch.Take()).ConfigureAwait(false);
        }
    }

    private void Sort(in SocketFrame frame, Batch batch)
    {
        switch (frame.Kind)
        {
            case SocketFrameKind.AccountChanged:
                if (_bySubscription.TryGetValue(frame.Subscription, out var account))
                    batch.Updates.Add(frame.Update(account));
                else
                    _metrics.UnknownSubscription();
                break;
            case SocketFrameKind.Accepted or SocketFrameKind.Refused:
                // Only an answer for the same account frees what was left of it: to look through all that is under way at every answer would hold up the reader.
                var isLeft = false;
                lock (_gate)
                {
                    if (_requests.TryRemove(frame.Id, out var request))
                    {
                        Answer(request, frame, batch);
                        isLeft = _left.Exists(left => left.Account == request.Account);
                    }
                }

                if (isLeft)
                    _ = SendAsync(EndsOfLeft(), CancellationToken.None);
                break;
            default:
                break;
        }
    }

    private void Answer(in Request request, in SocketFrame frame, Batch batch)
    {
        if (frame.Kind == SocketFrameKind.Refused)
            Refuse(request, frame.Error, batch);
        else if (request.IsLeft)
            _left.Add((request.Account, frame.Subscription));
        else
            Accept(request, frame.Subscription, batch);
    }

    /// <summary>
    /// Ends what was accepted after its account was ended. A node may give one number to all that is asked for alike: while the account is asked for anew, it is not known whether that one is needed. Goes on
    /// where it is sent, so that no request overtakes it.
    /// </summary>
    private IEnumerable<byte[]> EndsOfLeft()
    {
        var ends = new List<ulong>();
        lock (_gate)
        {
            foreach (var left in _left.Where(left => !_requests.Any(request => !request.Value.IsLeft && request.Value.Account == left.Account)).ToArray())
            {
                _left.Remove(left);
                if (!_bySubscription.ContainsKey(left.Subscription))
                    ends.Add(left.Subscription);
            }
        }

        foreach (var subscription in ends)
            yield return RpcRequest.Unsubscribe(Interlocked.Increment(ref _id), subscription);
    }

    private void Accept(in Request request, ulong subscription, Batch batch)
    {
        var account = request.Account;
        if (_subscriptions.TryGetValue(account, out var standing))
        {
            // A node may give one number to all that is asked for alike: that one is needed.
            if (standing != subscription)
                _ = SendAsync([RpcRequest.Unsubscribe(Interlocked.Increment(ref _id), subscription)], CancellationToken.None);
            return;
        }

        _bySubscription[subscription] = account;
        _subscriptions[account] = subscription;
        batch.Subscribed.Add(new StandingSubscription(account, request.Ends));
    }

    private void Refuse(in Request request, in RpcError error, Batch batch)
    {
        _metrics.FrameFailed(RpcFault.Refused);
        if (request.IsLeft)
            return;
        batch.Refused.Add(request.Account);
        batch.Refusal ??= error.Line(_endpoint);
    }

    private void SortUnreadable(in SocketFrame frame, Batch batch)
    {
        _metrics.FrameFailed(RpcFault.Malformed);
        if (frame.Kind == SocketFrameKind.AccountChanged && _bySubscription.TryGetValue(frame.Subscription, out var account))
            batch.Unreadable.Add(account);
    }

    private async ValueTask PassAsync(SocketBatch batch)
    {
        if (_batches.Writer.TryWrite(batch))
            return;
        _metrics.Paused();
        await _batches.Writer.WriteAsync(batch, _ended).ConfigureAwait(false);
    }

    private static bool IsEnd(Exception failure) =>
        failure is WebSocketException or OperationCanceledException or ObjectDisposedException or IOException or SocketException or InvalidOperationException;

    /// <param name="Account">What is asked for.</param>
    /// <param name="Ends">How many times accounts were ended before.</param>
    /// <param name="IsLeft">Whether the account was ended since.</param>
    private readonly record struct Request(Address Account, long Ends, bool IsLeft);

    private sealed class Batch
    {
        public List<AccountUpdate> Updates { get; } = [];

        public List<StandingSubscription> Subscribed { get; } = [];

        public List<Address> Refused { get; } = [];

        public List<Address> Unreadable { get; } = [];

        public string? Refusal { get; set; }

        public int Count => Updates.Count + Subscribed.Count + Refused.Count + Unreadable.Count;

        public bool IsEmpty => Count == 0;

        public SocketBatch Take()
        {
            var taken = new SocketBatch([.. Updates], [.. Subscribed], [.. Refused], [.. Unreadable]) { Refusal = Refusal };
            Updates.Clear();
            Subscribed.Clear();
            Refused.Clear();
            Unreadable.Clear();
            Refusal = null;
            return taken;
        }
    }
}
