using System.Text;
using Microsoft.AspNetCore.Http;
using QTrade.Feed.Tests.Endpoint;
using QTrade.Solana;
using QTrade.Solana.Rpc;

namespace QTrade.Feed.Tests;

/// <summary>Answers and frames that are larger than their bounds are given up and counted, however they come.</summary>
public sealed class BoundsSpecs
{
    private const int Bound = 100_000;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_answer_larger_than_the_bound_is_given_up(bool isChunked)
    {
        await using var chain = await ChainEndpoint.StartAsync();
        var metrics = new RpcMetrics();
        using var client = new RpcClient([chain.Address], new RpcOptions { ResponseBytesMax = Bound, TriesMax = 1 }, metrics, TimeProvider.System);
        chain.AnswerNext(context => AnswerAsync(context, Bound + 1, isChunked));
        var answer = await client.GetSlotAsync(CancellationToken.None);
        Assert.Equal((RpcFault.TooLarge, 1L), (answer.Fault, metrics.RequestFaults(RpcFault.TooLarge)));

        // As large as the bound is read: it is JSON, with a blank for what is too much.
        chain.AnswerNext(context => AnswerAsync(context, Bound, isChunked));
        Assert.Equal(7UL, (await client.GetSlotAsync(CancellationToken.None)).Value);
    }

    [Fact]
    public async Task A_frame_larger_than_the_bound_ends_the_connection()
    {
        await using var chain = await ChainEndpoint.StartAsync();
        var metrics = new RpcMetrics();
        var connected = await SolanaSocket.ConnectAsync(chain.Address, new RpcOptions { FrameBytesMax = Bound }, metrics, TimeProvider.System, CancellationToken.None);
        await using var socket = connected.Value!;
        await socket.SubscribeAsync([ProgramIds.ClockSysvar], CancellationToken.None);
        Assert.NotNull(await socket.TakeAsync(CancellationToken.None));
        chain.Push(new byte[10 * Bound]);
        Assert.Null(await socket.TakeAsync(CancellationToken.None));
        Assert.Equal(1, metrics.FrameFaults(RpcFault.TooLarge));
    }

    private static async Task AnswerAsync(HttpContext context, int size, bool isChunked)
    {
        var body = Encoding.UTF8.GetBytes("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":7}".PadRight(size));
        if (!isChunked)
            context.Response.ContentLength = size;
        try
        {
            for (var at = 0; at < size; at += 10_000)
            {
                await context.Response.Body.WriteAsync(body.AsMemory(at, Math.Min(10_000, size - at)));
                await context.Response.Body.FlushAsync();
            }
        }
        catch (Exception gone) when (gone is OperationCanceledException or IOException)
        {
            // Nobody reads on.
        }
    }
}
