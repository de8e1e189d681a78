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
}
