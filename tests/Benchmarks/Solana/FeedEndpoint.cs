using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using QTrade.Shared.Network;
using QTrade.Solana;
using QTrade.Solana.Rpc;

namespace QTrade.Benchmarks.Solana;

/// <summary>
/// An endpoint of pools of two vaults each, over HTTP and WebSocket on this machine. A slot changes every vault; the frames that tell it are made
/// once, and only their slot and the amount's lowest digits are written anew.
/// </summary>
internal sealed class FeedEndpoint : IDisposable
{
    private const int SlotDigits = 9;
    private const int VaultSize = 165;
    private const int AmountAt = 64;
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    private readonly HttpListener _listener = new();
    private readonly ConcurrentDictionary<string, string> _accounts = new();
    private readonly SemaphoreSlim _sending = new(1, 1);
    private readonly ConcurrentDictionary<string, ulong> _subscriptions = new();
    private readonly List<(byte[] Frame, int SlotAt, int DigitAt)> _frames = [];
    private readonly Address[] _vaults;
    private readonly Task _serving;
    private WebSocket? _socket;
    private ulong _subscription;

    /// <param name="pools">How many pools.</param>
    public FeedEndpoint(int pools)
    {
        var port = FreePort.Choose();
        _listener.Prefixes.Add($"http://127.0.0.1:{port}/");
        _listener.Start();
        _ = RpcEndpoint.TryCreate($"http://127.0.0.1:{port}/", $"ws://127.0.0.1:{port}/", out var address, out _);
        Address = address!;
        Pools = [.. Enumerable.Range(0, pools).Select(pool => Numbered(3 * pool))];
        _vaults = [.. Enumerable.Range(0, 2 * pools).Select(vault => Numbered((3 * (vault / 2)) + 1 + (vault % 2)))];
        var (mint0, mint1) = (Numbered(3_000_000), Numbered(3_000_001));
        Put(mint0, ProgramIds.Token, Mint());
        Put(mint1, ProgramIds.Token, Mint());
        for (var pool = 0; pool < pools; pool++)
        {
            Put(Pools[pool], ProgramIds.TokenSwap, SwapPool(_vaults[2 * pool], _vaults[(2 * pool) + 1], mint0, mint1));
            Put(_vaults[2 * pool], ProgramIds.Token, Vault(mint0));
            Put(_vaults[(2 * pool) + 1], ProgramIds.Token, Vault(mint1));
        }

        Put(ProgramIds.ClockSysvar, ProgramIds.Token, Clock());
        _serving = Task.Run(ServeAsync);
    }

    public RpcEndpoint Address { get; }

    public IReadOnlyList<Address> Pools { get; }

    public ulong Slot { get; private set; } = 100_000_000;

    /// <summary>Bytes of one notification of a vault.</summary>
    public int FrameBytes => _frames[0].Frame.Length;

    /// <summary>Notifications of one slot.</summary>
    public int PerSlot => _frames.Count;

    /// <summary>Whether every vault is subscribed to.</summary>
    public bool IsSubscribed => _vaults.All(vault => _subscriptions.ContainsKey(vault.ToString()));

    /// <summary>Makes the frames, once everything is subscribed to.</summary>
    public void Prepare()
    {
        var mint = Numbered(3_000_000);
        Add(ProgramIds.ClockSysvar, ProgramIds.Token, Clock(), 0);
        for (var i = 0; i < _vaults.Length; i++)
            Add(_vaults[i], ProgramIds.Token, Vault(i % 2 == 0 ? mint : Numbered(3_000_001)), AmountAt);
    }

    /// <summary>The next slot, in which only the clock changes.</summary>
    public void Tick()
    {
        Slot++;
        Put(ProgramIds.ClockSysvar, ProgramIds.Token, Clock());
        if (_subscriptions.TryGetValue(ProgramIds.ClockSysvar.ToString(), out var subscription))
            SendAsync(Frame(ProgramIds.Token, Clock(), subscription)).GetAwaiter().GetResult();
    }

    /// <summary>The next slot, told whole.</summary>
    public void Tell()
    {
        Slot++;
        Span<byte> digits = stackalloc byte[SlotDigits];
        Slot.TryFormat(digits, out _, default, CultureInfo.InvariantCulture);
        var changed = (byte)Alphabet[(int)(Slot % 64)];
        foreach (var (frame, slotAt, digitAt) in _frames)
        {
            digits.CopyTo(frame.AsSpan(slotAt));
            frame[digitAt] = changed;
            var sending = _socket!.SendAsync(frame.AsMemory(), WebSocketMessageType.Text, true, CancellationToken.None);
            if (!sending.IsCompletedSuccessfully)
                sending.AsTask().GetAwaiter().GetResult();
        }
    }

    public void Dispose()
    {
        _socket?.Abort();
        _listener.Close();
        _serving.GetAwaiter().GetResult();
        _sending.Dispose();
    }

    private byte[] Frame(Address owner, byte[] data, ulong subscription) => Encoding.ASCII.GetBytes(
        $$$"""{"jsonrpc":"2.0","method":"accountNotification","params":{"result":{"context":{"slot":{{{Slot}}}},"value":{"lamports":2039280,"data":["{{{Convert.ToBase64String(data)}}}","base64"],"owner":"{{{owner}}}","executable":false,"rentEpoch":18446744073709551615,"space":{{{data.Length}}}}},"subscription":{{{subscription}}}}}""");

    private async Task SendAsync(byte[] frame)
    {
        await _sending.WaitAsync().ConfigureAwait(false);
        try
        {
            await _socket!.SendAsync(frame.AsMemory(), WebSocketMessageType.Text, true, CancellationToken.None).ConfigureAwait(false);
        }
        finally
        {
            _sending.Release();
        }
    }

    private void Add(Address address, Address owner, byte[] data, int changedAt)
    {
        var data64 = Convert.ToBase64String(data);
        var text = Frame(owner, data, _subscriptions[address.ToString()]);
        var dataAt = text.AsSpan().IndexOf(Encoding.ASCII.GetBytes(data64));
        // Six bits of the account's byte lie in the digit of its base64 that is third of its three, so that any digit is well formed.
        _frames.Add((text, text.AsSpan().IndexOf("\"slot\":"u8) + 7, dataAt + (changedAt / 3 * 4) + 2));
    }

    private async Task ServeAsync()
    {
        while (true)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync().ConfigureAwait(false);
            }
            catch (Exception closed) when (closed is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            _ = context.Request.IsWebSocketRequest ? SubscribeAsync(context) : AnswerAsync(context);
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        using var request = await JsonDocument.ParseAsync(context.Request.InputStream).ConfigureAwait(false);
        var id = request.RootElement.GetProperty("id").GetUInt64();
        var result = request.RootElement.GetProperty("method").GetString() == "getSlot"
            ? Slot.ToString(CultureInfo.InvariantCulture)
            : $$"""{"context":{"slot":{{Slot}}},"value":[{{string.Join(',', request.RootElement.GetProperty("params")[0].EnumerateArray().Select(asked => _accounts[asked.GetString()!]))}}]}""";
        context.Response.ContentType = "application/json";
        await context.Response.OutputStream.WriteAsync(Encoding.ASCII.GetBytes($$"""{"jsonrpc":"2.0","id":{{id}},"result":{{result}}}""")).ConfigureAwait(false);
        context.Response.Close();
    }

    private async Task SubscribeAsync(HttpListenerContext context)
    {
        var socket = (await context.AcceptWebSocketAsync(null).ConfigureAwait(false)).WebSocket;
        _socket = socket;
        var buffer = new byte[4096];
        try
        {
            while (socket.State == WebSocketState.Open)
            {
                var received = await socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None).ConfigureAwait(false);
                if (received.MessageType == WebSocketMessageType.Close)
                    return;
                using var request = JsonDocument.Parse(buffer.AsMemory(0, received.Count));
                var id = request.RootElement.GetProperty("id").GetUInt64();
                _subscriptions[request.RootElement.GetProperty("params")[0].GetString()!] = ++_subscription;
                await SendAsync(Encoding.ASCII.GetBytes($$"""{"jsonrpc":"2.0","result":{{_subscription}},"id":{{id}}}""")).ConfigureAwait(false);
            }
        }
        catch (Exception ended) when (ended is WebSocketException or IOException or ObjectDisposedException or OperationCanceledException)
        {
            // The benchmark is over.
        }
    }

    private void Put(Address address, Address owner, byte[] data) =>
        _accounts[address.ToString()] = $$"""{"lamports":2039280,"data":["{{Convert.ToBase64String(data)}}","base64"],"owner":"{{owner}}","executable":false,"rentEpoch":0,"space":{{data.Length}}}""";

    private static byte[] SwapPool(Address vault0, Address vault1, Address mint0, Address mint1)
    {
        var data = new byte[324];
        (data[0], data[1]) = (1, 1);
        vault0.WriteTo(data.AsSpan(35));
        vault1.WriteTo(data.AsSpan(67));
        mint0.WriteTo(data.AsSpan(131));
        mint1.WriteTo(data.AsSpan(163));
        BitConverter.TryWriteBytes(data.AsSpan(227), 25UL);
        BitConverter.TryWriteBytes(data.AsSpan(235), 10_000UL);
        return data;
    }

    private static byte[] Vault(Address mint)
    {
        var data = new byte[VaultSize];
        mint.WriteTo(data);
        BitConverter.TryWriteBytes(data.AsSpan(AmountAt), 1UL << 40);
        data[108] = 1;
        return data;
    }

    private static byte[] Mint()
    {
        var data = new byte[82];
        (data[44], data[45]) = (6, 1);
        return data;
    }

    private byte[] Clock()
    {
        var data = new byte[40];
        BitConverter.TryWriteBytes(data, Slot);
        BitConverter.TryWriteBytes(data.AsSpan(32), 1_800_000_000L);
        return data;
    }

    private static Address Numbered(int number)
    {
        Span<byte> bytes = stackalloc byte[QTrade.Solana.Address.Size];
        bytes.Fill(9);
        BitConverter.TryWriteBytes(bytes, number);
        return new Address(bytes);
    }
}
