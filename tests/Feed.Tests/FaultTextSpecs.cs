using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Http;
using QTrade.Feed.Tests.Endpoint;
using QTrade.Solana;
using QTrade.Solana.Rpc;

namespace QTrade.Feed.Tests;

/// <summary>What is said of a fault of an endpoint: where it was and what the node says, in one line, and nothing of a key.</summary>
public sealed class FaultTextSpecs
{
    private const string Key = "Kq7-0123456789";

    [Fact]
    public async Task What_a_node_refuses_is_told_in_its_words_on_one_line_without_the_key()
    {
        await using var chain = await ChainEndpoint.StartAsync();
        Answer(chain, $"no search\\u001b[2J\\r\\n for {Key}, {Key.ToLowerInvariant()}\\u202e or 0%20pen {new string('x', 3_000)}");
        var detail = await DetailAsync(KeyedOf(chain));
        Assert.StartsWith($"{chain.Address}: JSON-RPC error -32010: no search [2J for ***, *** or *** xxxx", detail, StringComparison.Ordinal);
        Assert.EndsWith("x…", detail, StringComparison.Ordinal);
        Assert.InRange(detail.Length, 200, 300);
        Assert.DoesNotContain(detail, char.IsControl);
    }

    /// <summary>A node may decode what it repeats as a form is decoded, cut it short, or write what nobody sees within it.</summary>
    [Theory]
    [InlineData("a pen&more of it.", "***&more of it.")]
    [InlineData("A+PEN, a%20pen", "***, ***")]
    [InlineData("key Kq7-0123..., kq7-01", "key ***..., kq7-01")]
    [InlineData("Kq7-\\u200b01234\\u00ad56789.", "***.")]
    [InlineData("Kq7-\\r\\n0123\\u0000456\\ud83d\\udd11.", "***🔑.")]
    [InlineData("Kq7-\\udb40\\udc410123456.", "***.")]
    [InlineData("cheap end", "cheap end")]
    [InlineData("/Kq7-0123456789Kq7-0123456789/", "/***/")]
    [InlineData("Kq7-0123 pen-of-0 Kq7-01234", "*** pen-of-0 ***")]
    public async Task Of_a_key_nothing_is_shown_however_the_node_writes_it(string said, string shown)
    {
        await using var chain = await ChainEndpoint.StartAsync();
        Answer(chain, said);
        Assert.True(RpcEndpoint.TryCreate($"{chain.Address.Http}{Key}?name=a+pen", null, out var endpoint, out _));
        Assert.Equal($"{chain.Address}: JSON-RPC error -32010: {shown}", await DetailAsync(endpoint));
    }

    [Fact]
    public async Task Whatever_part_of_either_address_it_is_in_a_key_is_hidden_and_what_is_too_short_for_one_is_not()
    {
        await using var chain = await ChainEndpoint.StartAsync();
        var http = chain.Address.Http;
        Assert.True(RpcEndpoint.TryCreate(
            $"http://user-1:se%E2%80%8Bcret-2@{http.Authority}/v2/path-3?a=query-4&b=v3&c=q+!%2Fkey&d=x%20key", $"{chain.Address.Socket}socket-5", out var endpoint, out _));
        Answer(chain, "user-1 secret-2 v2 path-3 query-4 v3 socket-5, q+!%2Fkey q+!/key x+key");
        Assert.Equal($"{chain.Address}: JSON-RPC error -32010: *** *** v2 *** *** v3 ***, *** *** ***", await DetailAsync(endpoint));
    }

    [Fact]
    public async Task A_message_that_is_too_long_to_be_read_leaves_the_code()
    {
        await using var chain = await ChainEndpoint.StartAsync();
        Answer(chain, new string('x', 5_000));
        Assert.Equal($"{chain.Address}: JSON-RPC error -32010", await DetailAsync(chain.Address));
    }

    [Fact]
    public async Task Of_our_own_words_nothing_is_hidden()
    {
        await using var chain = await ChainEndpoint.StartAsync();
        Assert.True(RpcEndpoint.TryCreate($"{chain.Address.Http}error/Forbidden?x=32010&y=connection", $"{chain.Address.Socket}connection", out var endpoint, out _));
        Answer(chain, "an error");
        Assert.Equal($"{chain.Address}: JSON-RPC error -32010: an ***", await DetailAsync(endpoint));
        chain.AnswerNext(context =>
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return Task.CompletedTask;
        });
        Assert.Equal($"{chain.Address}: HTTP 403 (Forbidden)", await DetailAsync(endpoint));
        await using var socket = await SubscribedAsync(chain, endpoint);
        await chain.CloseAsync(WebSocketCloseStatus.PolicyViolation, string.Empty);
        Assert.Null(await socket.TakeAsync(CancellationToken.None));
        Assert.Equal($"{chain.Address.SocketText}: the endpoint closed the connection (1008)", socket.EndReason);
    }

    [Theory]
    [InlineData("\\ud800")]
    [InlineData("")]
    [InlineData(" \\n ")]
    public async Task A_message_that_says_nothing_leaves_the_code(string message)
    {
        await using var chain = await ChainEndpoint.StartAsync();
        Answer(chain, message);
        Assert.StartsWith($"{chain.Address}: JSON-RPC error -32010", await DetailAsync(chain.Address), StringComparison.Ordinal);
        Assert.True(new SocketFrameReader().TryRead(Encoding.UTF8.GetBytes($$$"""{"error":{"code":-32005,"message":"{{{message}}}"},"id":1}"""), out var frame));
        Assert.Equal((SocketFrameKind.Refused, -32005L), (frame.Kind, frame.ErrorCode));
    }

    [Fact]
    public async Task A_request_that_fails_says_where_and_how()
    {
        await using var chain = await ChainEndpoint.StartAsync();
        chain.AnswerNext(context =>
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return context.Response.WriteAsync(Key);
        });
        Assert.Equal($"{chain.Address}: HTTP 403 (Forbidden)", await DetailAsync(KeyedOf(chain)));
        Assert.True(RpcEndpoint.TryCreate($"http://127.0.0.1:9/{Key}", null, out var dead, out _));
        Assert.Equal("http://127.0.0.1:9: no connection (ConnectionRefused)", await DetailAsync(dead));
        var socket = await SolanaSocket.ConnectAsync(dead, new RpcOptions(), new RpcMetrics(), TimeProvider.System, CancellationToken.None);
        Assert.Equal("no connection for subscriptions at ws://127.0.0.1:10 (ConnectionRefused)", socket.Detail);
        chain.RefusesSockets = true;
        socket = await SolanaSocket.ConnectAsync(KeyedOf(chain), new RpcOptions(), new RpcMetrics(), TimeProvider.System, CancellationToken.None);
        Assert.Equal($"no connection for subscriptions at {chain.Address.SocketText} (HTTP 503 (ServiceUnavailable))", socket.Detail);
    }

    [Fact]
    public async Task A_connection_that_the_endpoint_closes_says_why()
    {
        await using var chain = await ChainEndpoint.StartAsync();
        await using var socket = await SubscribedAsync(chain, KeyedOf(chain));
        Assert.Null(socket.EndReason);
        await chain.CloseAsync(WebSocketCloseStatus.PolicyViolation, $"too many connections\nfor {Key}");
        Assert.Null(await socket.TakeAsync(CancellationToken.None));
        Assert.Equal($"{chain.Address.SocketText}: the endpoint closed the connection (1008): too many connections for ***", socket.EndReason);
    }

    [Fact]
    public async Task A_connection_that_breaks_says_so()
    {
        await using var chain = await ChainEndpoint.StartAsync();
        await using var socket = await SubscribedAsync(chain, chain.Address);
        chain.Cut();
        Assert.Null(await socket.TakeAsync(CancellationToken.None));
        Assert.StartsWith($"{chain.Address.SocketText}: the connection broke (", socket.EndReason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_feed_names_endpoint_reason_and_setting_of_a_refused_subscription()
    {
        await using var chain = await ChainEndpoint.StartAsync();
        chain.Set(PairVenue.Accounts(1, 10, 1_000));
        chain.RefuseSubscriptions(PairVenue.Vault(1, 0), int.MaxValue);
        await using var feed = FeedHarness.Live(chain.Live(), 1);
        await feed.UntilAsync(() => feed.Metrics.SubscriptionsRefused > 0 && feed.Metrics.LastFault is not null, "a refused subscription");
        Assert.StartsWith(
            $"{chain.Address}: subscription of {PairVenue.Vault(1, 0)} refused: JSON-RPC error -32005: Too many subscriptions; ", feed.Metrics.LastFault, StringComparison.Ordinal);
        Assert.Contains("qtrade.solana.rpc", feed.Metrics.LastFault, StringComparison.Ordinal);
    }

    private static RpcEndpoint KeyedOf(ChainEndpoint chain)
    {
        Assert.True(RpcEndpoint.TryCreate($"{chain.Address.Http}{Key}?api-key=0%20pen", $"{chain.Address.Socket}{Key}", out var endpoint, out _));
        return endpoint;
    }

    private static async Task<SolanaSocket> SubscribedAsync(ChainEndpoint chain, RpcEndpoint endpoint)
    {
        var socket = await chain.ConnectAsync(endpoint);
        await socket.SubscribeAsync([ProgramIds.ClockSysvar], CancellationToken.None);
        Assert.NotNull(await socket.TakeAsync(CancellationToken.None));
        return socket;
    }

    private static void Answer(ChainEndpoint chain, string message) =>
        chain.AnswerNext(context => context.Response.WriteAsync($$$"""{"jsonrpc":"2.0","id":1,"error":{"code":-32010,"message":"{{{message}}}"}}"""));

    private static async Task<string> DetailAsync(RpcEndpoint endpoint)
    {
        using var client = new RpcClient([endpoint], new RpcOptions { TriesMax = 1 }, new RpcMetrics(), TimeProvider.System);
        var answer = await client.GetSlotAsync(CancellationToken.None);
        Assert.False(answer.Ok);
        return answer.Detail!;
    }
}
