using Microsoft.AspNetCore.Http;
using QTrade.Feed.Tests.Endpoint;
using QTrade.Solana.Rpc;

namespace QTrade.Feed.Tests;

/// <summary>Whom a request is taken to, and when.</summary>
public sealed class RpcClientSpecs
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    [Theory]
    [InlineData(1)]
    [InlineData(60 * 24 * 365)]
    public async Task A_clock_that_is_set_back_holds_no_request_up(int minutes)
    {
        await using var chain = await ChainEndpoint.StartAsync();
        var time = new SetBackTime();
        var metrics = new RpcMetrics();
        using var client = new RpcClient([chain.Address], new RpcOptions(), metrics, time);
        Assert.True((await client.GetSlotAsync(CancellationToken.None)).Ok);

        time.Shown -= TimeSpan.FromMinutes(minutes);
        Assert.True((await client.GetSlotAsync(CancellationToken.None).WaitAsync(Patience)).Ok);
        Assert.Equal(0, metrics.Throttled);
    }

    [Theory]
    [InlineData(-32010)]
    [InlineData(-32601)]
    public async Task What_one_endpoint_refuses_is_taken_to_the_next(int code)
    {
        await using var refusing = await ChainEndpoint.StartAsync();
        await using var chain = await ChainEndpoint.StartAsync();
        chain.Set(PairVenue.Accounts(1, 10, 20));
        using var client = new RpcClient([refusing.Address, chain.Address], new RpcOptions(), new RpcMetrics(), TimeProvider.System);
        Refuse(refusing, code);
        var found = await client.FindAccountsAsync(new ProgramQuery(PairVenue.Program, null, []), CancellationToken.None);
        Assert.Equal(PairVenue.Pool(1), Assert.Single(found.Value));
        Refuse(refusing, code);
        Assert.Equal(chain.Slot, (await client.GetSlotAsync(CancellationToken.None)).Value);

        // It is asked first all the same: what it refuses is one method, and it failed in nothing.
        Assert.True((await client.GetSlotAsync(CancellationToken.None)).Ok);
        Assert.Equal((2, 1), (refusing.Requests["getSlot"], chain.Requests["getSlot"]));
    }

    [Fact]
    public async Task What_all_refuse_is_refused_once_each_was_asked_once()
    {
        await using var one = await ChainEndpoint.StartAsync();
        await using var other = await ChainEndpoint.StartAsync();
        var metrics = new RpcMetrics();
        using var client = new RpcClient([one.Address, other.Address], new RpcOptions(), metrics, TimeProvider.System);
        Refuse(one, -32601);
        Refuse(other, -32601);
        Assert.Equal(RpcFault.Refused, (await client.GetSlotAsync(CancellationToken.None)).Fault);
        Assert.Equal((1, 1, 2L), (one.Requests["getSlot"], other.Requests["getSlot"], metrics.RequestFaults(RpcFault.Refused)));
    }

    /// <summary>What is refused is answered: it does not wait for an endpoint that may be dead.</summary>
    [Fact]
    public async Task What_one_refuses_is_refused_where_the_other_fails_or_pauses()
    {
        await using var refusing = await ChainEndpoint.StartAsync();
        Assert.True(RpcEndpoint.TryCreate("http://127.0.0.1:9", null, out var dead, out _));
        var metrics = new RpcMetrics();
        using var client = new RpcClient([refusing.Address, dead], new RpcOptions(), metrics, new SetBackTime());
        for (var asked = 1; asked <= 2; asked++)
        {
            Refuse(refusing, -32601);
            Assert.Equal(RpcFault.Refused, (await client.GetSlotAsync(CancellationToken.None).WaitAsync(Patience)).Fault);
            Assert.Equal((asked, 1L, 0L), (refusing.Requests["getSlot"], metrics.RequestFaults(RpcFault.Unreachable), metrics.Throttled));
        }
    }

    private static void Refuse(ChainEndpoint chain, int code) =>
        chain.AnswerNext(context => context.Response.WriteAsync($$$"""{"jsonrpc":"2.0","id":1,"error":{"code":{{{code}}},"message":"no"}}"""));
}
