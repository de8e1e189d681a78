using System.Collections.Immutable;
using QTrade.Node.Simulation;
using QTrade.Solana;
using QTrade.Solana.Rpc;
using QTrade.Solana.Tapes;

namespace QTrade.Node.Feeds;

/// <summary>
/// A live feed's input and output: one connection for subscriptions at a time, requests beside it, and the tape, which gets everything
/// before the feed does. Each call answers what the feed is told; nothing but cancellation is thrown.
/// </summary>
public sealed class SolanaEdge : ISolanaEdge, IAsyncDisposable
{
    private readonly SolanaEdgeOptions _options;
    private readonly LiveFeedMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly TapeWriter? _tape;
    private readonly RpcClient _client;
    private readonly Lock _gate = new();
    private SolanaSocket? _socket;
    private long _connection;
    private int _preferred;
    private int _stays;
    private bool _ended;
    private bool _isListed;

    /// <param name="options">What to reach out to.</param>
    /// <param name="metrics">Counts what it comes to.</param>
    /// <param name="time">Tells the time and waits.</param>
    /// <param name="tape">Records; null for no recording. Closed by whoever opened it.</param>
    public SolanaEdge(SolanaEdgeOptions options, LiveFeedMetrics metrics, TimeProvider time, TapeWriter? tape = null)
    {
        _options = options;
        _metrics = metrics;
        _time = time;
        _tape = tape;
        _client = new RpcClient(options.Endpoints, options.Rpc, metrics.Rpc, time);
    }

    /// <inheritdoc/>
    public ImmutableArray<Address> Pools => _options.Pools;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await ReplaceAsync(null).ConfigureAwait(false);
        _client.Dispose();
        lock (_gate)
            _tape?.Flush();
    }

    /// <inheritdoc/>
    public async Task<IFeedMessage> ConnectAsync(CancellationToken cancellationToken)
    {
        await ReplaceAsync(null).ConfigureAwait(false);
        var stays = Volatile.Read(ref _stays);
        var last = "no endpoint";
        for (var tried = 0; tried < _options.Endpoints.Length; tried++)
        {
            var endpoint = _options.Endpoints[(_preferred + tried) % _options.Endpoints.Length];
            var connected = await SolanaSocket.ConnectAsync(endpoint, _options.Rpc, _metrics.Rpc, _time, cancellationToken).ConfigureAwait(false);
            if (connected.Value is not { } socket)
            {
                last = EndpointFaults.Line("connect", connected);
                continue;
            }

            var slot = await SlotAsync(socket, cancellationToken).ConfigureAwait(false);
            if (!slot.Ok)
            {
                last = EndpointFaults.Line("slot", slot);
                continue;
            }

            if (stays != Volatile.Read(ref _stays))
            {
                await socket.DisposeAsync().ConfigureAwait(false);
                return new FeedUnconnected("the feed has left");
            }

            // The endpoint after this one is tried first when it ends.
            _preferred = (_preferred + tried + 1) % _options.Endpoints.Length;
            return new FeedConnected(await ReplaceAsync(socket).ConfigureAwait(false), endpoint.ToString(), slot.Value);
        }

        return new FeedUnconnected(last);
    }

    /// <inheritdoc/>
    public async Task<IFeedMessage> TakeAsync(long connection, CancellationToken cancellationToken)
    {
        var socket = SocketOf(connection);
        var batch = socket is null ? null : await socket.TakeAsync(cancellationToken).ConfigureAwait(false);
        lock (_gate)
        {
            if (_tape is not null && batch is not null)
                _tape.Append(batch.Updates);
            else if (_tape is not null && connection == _connection && !_ended)
                _tape.AppendLost();
        }

        return new FeedBatch(connection, batch, batch is null ? socket?.EndReason : null);
    }

    /// <inheritdoc/>
    public async Task<IFeedMessage> SendAsync(
        long connection, ImmutableArray<Address> subscribe, ImmutableArray<Address> unsubscribe, CancellationToken cancellationToken)
    {
        if (SocketOf(connection) is { } socket)
        {
            if (!unsubscribe.IsEmpty)
                await socket.UnsubscribeAsync(unsubscribe, cancellationToken).ConfigureAwait(false);
            if (!subscribe.IsEmpty)
                await socket.SubscribeAsync(subscribe, cancellationToken).ConfigureAwait(false);
        }

        return new FeedSent(connection);
    }

    /// <inheritdoc/>
    public async Task<IFeedMessage> ReadAsync(
        long connection, ImmutableArray<Address> accounts, ulong minContextSlot, CancellationToken cancellationToken)
    {
        var read = await _client.GetAccountsAsync(accounts, minContextSlot, cancellationToken).ConfigureAwait(false);
        if (_tape is not null && read.Value is { } answer)
        {
            lock (_gate)
            {
                // A read of a connection that ended meanwhile is not taken in, and so not recorded.
                if (connection == _connection)
                    _tape.Append(answer.Accounts);
                _tape.Flush();
            }
        }

        return new FeedAccountsRead(connection, accounts, read.Value, read.Ok ? null : EndpointFaults.Line("read of accounts", read));
    }

    /// <inheritdoc/>
    public async Task<IFeedMessage> DiscoverAsync(CancellationToken cancellationToken)
    {
        var found = new List<Address>();
        string? fault = null;
        foreach (var query in _options.Queries)
        {
            var answer = await _client.FindAccountsAsync(query, cancellationToken).ConfigureAwait(false);
            if (answer.Ok)
                found.AddRange(answer.Value);
            else
                fault = EndpointFaults.Line($"search of {query.Program}", answer);
        }

        // One order, whatever order the endpoint lists them in: the bound on pools then takes the same ones.
        found.Sort();
        if (_tape is not null)
        {
            lock (_gate)
            {
                foreach (var pool in found)
                    _tape.AppendFollow(pool);
            }
        }

        return new FeedPoolsFound([.. found], fault);
    }

    /// <inheritdoc/>
    public Task<IFeedMessage> EndAsync(long connection)
    {
        lock (_gate)
            _ended |= connection == _connection;
        return DropAsync(connection);
    }

    /// <inheritdoc/>
    public void Leave(long? connection)
    {
        Interlocked.Increment(ref _stays);
        if (connection is { } left)
            _ = EndAsync(left);
    }

    /// <inheritdoc/>
    public async Task<IFeedMessage> DropAsync(long connection)
    {
        if (SocketOf(connection) is { } socket)
            await socket.DisposeAsync().ConfigureAwait(false);
        return new FeedSent(connection);
    }

    /// <summary>The newest slot; without one the connection is closed.</summary>
    private async Task<RpcResult<ulong>> SlotAsync(SolanaSocket socket, CancellationToken cancellationToken)
    {
        RpcResult<ulong> slot = new(0, RpcFault.Closed);
        try
        {
            slot = await _client.GetSlotAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            if (!slot.Ok)
                await socket.DisposeAsync().ConfigureAwait(false);
        }

        return slot;
    }

    private SolanaSocket? SocketOf(long connection)
    {
        lock (_gate)
            return connection == _connection ? _socket : null;
    }

    private async Task<long> ReplaceAsync(SolanaSocket? socket)
    {
        SolanaSocket? before;
        long connection;
        lock (_gate)
        {
            before = _socket;
            _socket = socket;
            connection = ++_connection;
            if (_ended && socket is not null)
            {
                _ended = false;
                _tape?.AppendLost();
            }

            if (socket is not null && _tape is not null && !_isListed)
            {
                _isListed = true;
                foreach (var pool in _options.Pools)
                    _tape.AppendFollow(pool);
            }
        }

        if (before is not null)
            await before.DisposeAsync().ConfigureAwait(false);
        return connection;
    }
}
