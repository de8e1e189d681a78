using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using QTrade.Solana;
using QTrade.Solana.Rpc;

namespace QTrade.Feed.Tests.Endpoint;

/// <summary>A chain's JSON-RPC endpoint, HTTP and WebSocket, over accounts that a spec writes; it can misbehave in each way that a feed must bear.</summary>
public sealed class ChainEndpoint : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly Lock _gate = new();
    private readonly Dictionary<Address, ChainAccount> _accounts = [];
    private readonly List<Connection> _connections = [];
    private readonly ConcurrentQueue<Func<HttpContext, Task>> _answers = new();
    private readonly Dictionary<Address, int> _refusals = [];
    private readonly TaskCompletionSource _socketEnded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _end = new();
    private Task _living = Task.CompletedTask;
    private (ulong Slot, Dictionary<Address, ChainAccount> Accounts)? _stopped;
    private readonly Queue<(Connection Connection, byte[] Frame)> _held = new();
    private bool _holdsAnswers;
    private ulong _subscriptions;
    private bool _clockStands;
    private int _unsubscriptions;
    private (int Count, TaskCompletionSource Reached) _unsubscribed = (int.MaxValue, new TaskCompletionSource());
    private (int Count, TaskCompletionSource Reached) _awaited = (int.MaxValue, new TaskCompletionSource());

    private ChainEndpoint(WebApplication application) => _application = application;

    /// <summary>The slot of the chain.</summary>
    public ulong Slot { get; private set; } = 1_000;

    /// <summary>Whether notifications of accounts other than the clock get lost.</summary>
    public bool DropsNotifications { get; set; }

    /// <summary>Whether each notification comes twice.</summary>
    public bool Duplicates { get; set; }

    /// <summary>Whether notifications come in pairs, the later first.</summary>
    public bool Reorders { get; set; }

    /// <summary>Whether connections for subscriptions stand, and nothing is ever said on them.</summary>
    public bool IsMute { get; set; }

    /// <summary>Whether subscriptions of one account on one connection have one number, as a validator gives it.</summary>
    public bool GivesOneNumber { get; set; }

    /// <summary>Whether new connections are turned away.</summary>
    public bool RefusesSockets { get; set; }

    /// <summary>Requests answered, by method.</summary>
    public ConcurrentDictionary<string, int> Requests { get; } = new();

    /// <summary>Requests for accounts are held here; null for not at all.</summary>
    public Task? HoldsReads { get; set; }

    /// <summary>Is run after a read was made and before it is answered.</summary>
    public Action? AfterRead { get; set; }

    /// <summary>Connections for subscriptions that stand.</summary>
    public int Connections
    {
        get
        {
            lock (_gate)
                return _connections.Count;
        }
    }

    /// <summary>Ends once a connection for subscriptions did.</summary>
    public Task SocketEnded => _socketEnded.Task;

    public RpcEndpoint Address { get; private set; } = null!;

    public static async Task<ChainEndpoint> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var application = builder.Build();
        application.UseWebSockets();
        var endpoint = new ChainEndpoint(application);
        application.Run(endpoint.ServeAsync);
        await application.StartAsync();
        var http = application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        Assert.True(RpcEndpoint.TryCreate(http, http.Replace("http", "ws", StringComparison.Ordinal), out var address, out _));
        endpoint.Address = address;
        endpoint.NextSlot();
        return endpoint;
    }

    /// <summary>The chain lives by itself: a slot every few milliseconds.</summary>
    public ChainEndpoint Live()
    {
        _living = Task.Run(async () =>
        {
            using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
            while (!_end.IsCancellationRequested && await timer.WaitForNextTickAsync())
            {
                lock (_gate)
                {
                    if (!_clockStands)
                        NextSlot();
                }
            }
        });
        return this;
    }

    /// <summary>No slot begins by itself any more.</summary>
    public void StopClock()
    {
        lock (_gate)
            _clockStands = true;
    }

    /// <summary>Slots begin by themselves again.</summary>
    public void GoOnTicking()
    {
        lock (_gate)
            _clockStands = false;
    }

    /// <summary>The next slot begins, or one further on.</summary>
    public void NextSlot(ulong slots = 1)
    {
        lock (_gate)
        {
            Slot += slots;
            var clock = new byte[40];
            BinaryPrimitives.WriteUInt64LittleEndian(clock, Slot);
            BinaryPrimitives.WriteInt64LittleEndian(clock.AsSpan(32), 1_700_000_000 + (long)Slot);
            Put(ProgramIds.ClockSysvar, new ChainAccount(default, 1, clock), always: true);
        }
    }

    /// <summary>From now on requests are answered by a node that has stopped at the present slot, as one of several behind an address may.</summary>
    public ulong StopReads()
    {
        lock (_gate)
        {
            _stopped = (Slot, new Dictionary<Address, ChainAccount>(_accounts));
            return Slot;
        }
    }

    /// <summary>Reads are answered as of the present slot again.</summary>
    public void GoOnReading()
    {
        lock (_gate)
            _stopped = null;
    }

    /// <summary>Accounts change in the present slot.</summary>
    public void Set(params (Address Address, ChainAccount Account)[] changes)
    {
        lock (_gate)
        {
            foreach (var (address, account) in changes)
                Put(address, account, always: false);
        }
    }

    public ChainAccount? Get(Address address)
    {
        lock (_gate)
            return _accounts.GetValueOrDefault(address);
    }

    /// <summary>Every connection ends without a word.</summary>
    public void Cut()
    {
        lock (_gate)
        {
            foreach (var connection in _connections)
                connection.Socket.Abort();
        }
    }

    /// <summary>Every connection is closed with these words.</summary>
    public async Task CloseAsync(WebSocketCloseStatus status, string reason)
    {
        WebSocket[] sockets;
        lock (_gate)
            sockets = [.. _connections.Select(connection => connection.Socket)];
        foreach (var socket in sockets)
            await socket.CloseOutputAsync(status, reason, CancellationToken.None);
    }

    /// <summary>The next request is answered so.</summary>
    public void AnswerNext(Func<HttpContext, Task> answer) => _answers.Enqueue(answer);

    /// <summary>The next request is told to come back later.</summary>
    public void TooManyNext(int seconds) => AnswerNext(context =>
    {
        context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
        context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        return Task.CompletedTask;
    });

    /// <summary>The next subscriptions to an account are refused.</summary>
    public void RefuseSubscriptions(Address account, int times)
    {
        lock (_gate)
            _refusals[account] = times;
    }

    /// <summary>Connects for subscriptions.</summary>
    /// <param name="address">By which address; null for <see cref="Address"/>.</param>
    public async Task<SolanaSocket> ConnectAsync(RpcEndpoint? address = null) =>
        (await SolanaSocket.ConnectAsync(address ?? Address, new RpcOptions(), new RpcMetrics(), TimeProvider.System, CancellationToken.None)).Value!;

    /// <summary>Subscriptions are made and not answered from now on.</summary>
    public void HoldAnswers()
    {
        lock (_gate)
            _holdsAnswers = true;
    }

    /// <summary>So many answers that were held are given.</summary>
    public void GiveAnswers(int count)
    {
        lock (_gate)
        {
            for (var i = 0; i < count; i++)
            {
                var (connection, frame) = _held.Dequeue();
                connection.Frames.Writer.TryWrite(frame);
            }
        }
    }

    /// <summary>Every connection gets this frame.</summary>
    public void Push(byte[] frame)
    {
        lock (_gate)
        {
            foreach (var connection in _connections)
                connection.Frames.Writer.TryWrite(frame);
        }
    }

    /// <summary>An account changes, and what is told of it cannot be read: its amount of lamports is none.</summary>
    public void Garble(Address address, ChainAccount account)
    {
        lock (_gate)
        {
            _accounts[address] = account;
            foreach (var connection in _connections)
            {
                foreach (var (subscription, _) in connection.Subscriptions.Where(entry => entry.Value == address))
                    connection.Frames.Writer.TryWrite(Encoding.ASCII.GetBytes(Encoding.ASCII.GetString(Notification(subscription, account)).Replace("\"lamports\":", "\"lamports\":-", StringComparison.Ordinal)));
            }
        }
    }

    /// <summary>Ends once so many more subscriptions were accepted.</summary>
    public Task SubscriptionsAsync(int more)
    {
        lock (_gate)
        {
            _awaited = ((int)_subscriptions + more, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            return _awaited.Reached.Task.WaitAsync(TimeSpan.FromSeconds(10));
        }
    }

    /// <summary>Ends once so many subscriptions were ended in all.</summary>
    public Task UnsubscribedAsync(int count)
    {
        lock (_gate)
        {
            _unsubscribed = (count, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            if (_unsubscriptions >= count)
                _unsubscribed.Reached.SetResult();
            return _unsubscribed.Reached.Task.WaitAsync(TimeSpan.FromSeconds(10));
        }
    }

    /// <summary>Accounts that somebody is subscribed to.</summary>
    public IReadOnlySet<Address> Subscribed
    {
        get
        {
            lock (_gate)
                return _connections.SelectMany(connection => connection.Subscriptions.Values).ToHashSet();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _living;
        Cut();
        await _application.DisposeAsync();
        _end.Dispose();
    }

    private void Put(Address address, ChainAccount account, bool always)
    {
        _accounts[address] = account;
        if (DropsNotifications && !always)
            return;
        foreach (var connection in _connections)
        {
            foreach (var (subscription, subscribed) in connection.Subscriptions)
            {
                if (subscribed != address)
                    continue;
                var frame = Notification(subscription, account);
                if (Reorders && !always)
                {
                    connection.Held.Push(frame);
                    if (connection.Held.Count < 2)
                        continue;
                    while (connection.Held.TryPop(out var held))
                        connection.Frames.Writer.TryWrite(held);
                    continue;
                }

                connection.Frames.Writer.TryWrite(frame);
                if (Duplicates)
                    connection.Frames.Writer.TryWrite(frame);
            }

            if (always)
            {
                while (connection.Held.TryPop(out var held))
                    connection.Frames.Writer.TryWrite(held);
            }
        }
    }

    private byte[] Notification(ulong subscription, ChainAccount account) => Encoding.ASCII.GetBytes(
        $$$"""{"jsonrpc":"2.0","method":"accountNotification","params":{"result":{"context":{"apiVersion":"2.2.0","slot":{{{Slot}}}},"value":{{{Json(account)}}}},"subscription":{{{subscription}}}}}""");

    private static string Json(ChainAccount? account) => account is null
        ? "null"
        : $$"""{"lamports":{{account.Lamports}},"data":["{{Convert.ToBase64String(account.Data)}}","base64"],"owner":"{{account.Owner}}","executable":false,"rentEpoch":18446744073709551615,"space":{{account.Data.Length}}}""";

    private async Task ServeAsync(HttpContext context)
    {
        if (context.WebSockets.IsWebSocketRequest)
        {
            if (RefusesSockets)
                context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            else
                await ServeSocketAsync(await context.WebSockets.AcceptWebSocketAsync());
            return;
        }

        using var request = await JsonDocument.ParseAsync(context.Request.Body);
        var method = request.RootElement.GetProperty("method").GetString()!;
        Requests.AddOrUpdate(method, 1, (_, count) => count + 1);
        if (_answers.TryDequeue(out var answer))
        {
            await answer(context);
            return;
        }

        if (method == "getMultipleAccounts" && HoldsReads is { } hold)
            await hold;
        var body = Answer(method, request.RootElement.GetProperty("params"));
        if (method == "getMultipleAccounts")
            AfterRead?.Invoke();
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync($$"""{"jsonrpc":"2.0","id":{{request.RootElement.GetProperty("id").GetUInt64()}},{{body}}}""");
    }

    private string Answer(string method, JsonElement parameters)
    {
        lock (_gate)
        {
            switch (method)
            {
                case "getSlot":
                    return $"\"result\":{_stopped?.Slot ?? Slot}";
                case "getMultipleAccounts":
                    var asked = parameters[0].EnumerateArray().Select(text => Solana.Address.Parse(text.GetString()!)).ToArray();
                    if (asked.Length > RpcClient.AccountsMax)
                        return "\"error\":{\"code\":-32602,\"message\":\"Too many inputs provided\"}";
                    var (slot, accounts) = _stopped ?? (Slot, _accounts);
                    if (parameters[1].TryGetProperty("minContextSlot", out var least) && least.GetUInt64() > slot)
                        return "\"error\":{\"code\":-32016,\"message\":\"Minimum context slot has not been reached\"}";
                    return $"\"result\":{{\"context\":{{\"slot\":{slot}}},\"value\":[{string.Join(',', asked.Select(address => Json(accounts.GetValueOrDefault(address))))}]}}";
                case "getProgramAccounts":
                    var program = Solana.Address.Parse(parameters[0].GetString()!);
                    var found = _accounts.Where(entry => entry.Value.Owner == program && Matches(entry.Value.Data, parameters[1].GetProperty("filters")));
                    return $"\"result\":[{string.Join(',', found.Select(entry => $$"""{"pubkey":"{{entry.Key}}","account":{{Json(entry.Value with { Data = [] })}}}"""))}]";
                default:
                    return "\"error\":{\"code\":-32601,\"message\":\"Method not found\"}";
            }
        }
    }

    private static bool Matches(byte[] data, JsonElement filters) => filters.EnumerateArray().All(filter =>
        filter.TryGetProperty("dataSize", out var size)
            ? data.Length == size.GetInt32()
            : filter.GetProperty("memcmp") is var match
                && data.AsSpan(match.GetProperty("offset").GetInt32()).StartsWith(match.GetProperty("bytes").GetBytesFromBase64()));

    private async Task ServeSocketAsync(WebSocket socket)
    {
        var connection = new Connection(socket);
        lock (_gate)
            _connections.Add(connection);
        var sending = SendAsync(connection);
        try
        {
            var buffer = new ArrayBufferWriter<byte>();
            while (true)
            {
                var received = await socket.ReceiveAsync(buffer.GetMemory(4096), _end.Token);
                if (received.MessageType == WebSocketMessageType.Close)
                    break;
                buffer.Advance(received.Count);
                if (!received.EndOfMessage)
                    continue;
                using var request = JsonDocument.Parse(buffer.WrittenMemory);
                Take(connection, request.RootElement);
                buffer.Clear();
            }
        }
        catch (Exception failure) when (failure is WebSocketException or OperationCanceledException or IOException)
        {
        }
        finally
        {
            lock (_gate)
                _connections.Remove(connection);
            connection.Frames.Writer.TryComplete();
            socket.Abort();
            await sending;
            _socketEnded.TrySetResult();
        }
    }

    private void Take(Connection connection, JsonElement request)
    {
        lock (_gate)
        {
            var id = request.GetProperty("id").GetUInt64();
            var method = request.GetProperty("method").GetString();
            Requests.AddOrUpdate(method!, 1, (_, count) => count + 1);
            var answer = "\"result\":true";
            if (method == "accountSubscribe")
                answer = Subscribe(connection, Solana.Address.Parse(request.GetProperty("params")[0].GetString()!));
            else
                connection.Subscriptions.Remove(request.GetProperty("params")[0].GetUInt64());
            if (method == "accountUnsubscribe" && ++_unsubscriptions >= _unsubscribed.Count)
                _unsubscribed.Reached.TrySetResult();
            var frame = Encoding.ASCII.GetBytes($$"""{"jsonrpc":"2.0",{{answer}},"id":{{id}}}""");
            if (_holdsAnswers && method == "accountSubscribe")
                _held.Enqueue((connection, frame));
            else
                connection.Frames.Writer.TryWrite(frame);
            if (_subscriptions >= (ulong)_awaited.Count)
                _awaited.Reached.TrySetResult();
        }
    }

    private string Subscribe(Connection connection, Address account)
    {
        if (_refusals.GetValueOrDefault(account) is var times and > 0)
        {
            _refusals[account] = times - 1;
            return "\"error\":{\"code\":-32005,\"message\":\"Too many subscriptions\"}";
        }

        var same = connection.Subscriptions.FirstOrDefault(entry => GivesOneNumber && entry.Value == account).Key;
        var subscription = same > 0 ? same : ++_subscriptions;
        connection.Subscriptions[subscription] = account;
        return $"\"result\":{subscription}";
    }

    private async Task SendAsync(Connection connection)
    {
        try
        {
            await foreach (var frame in connection.Frames.Reader.ReadAllAsync())
            {
                if (!IsMute)
                    await connection.Socket.SendAsync(frame, WebSocketMessageType.Text, true, CancellationToken.None);
            }
        }
        catch (Exception failure) when (failure is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException)
        {
        }
    }

    private sealed record Connection(WebSocket Socket)
    {
        public Channel<byte[]> Frames { get; } = Channel.CreateUnbounded<byte[]>();

        public Dictionary<ulong, Address> Subscriptions { get; } = [];

        public Stack<byte[]> Held { get; } = new();
    }
}
