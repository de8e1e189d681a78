using QTrade.Solana.Rpc;

namespace QTrade.Solana.Tests;

public sealed class EndpointTurnSpecs
{
    private static readonly TimeSpan Noon = TimeSpan.FromHours(12);
    private static readonly RpcOptions Bounds = new() { PauseMin = TimeSpan.FromMilliseconds(100), PauseMax = TimeSpan.FromSeconds(60), RequestsPerSecond = 10 };

    [Fact]
    public void What_an_endpoint_asks_for_is_waited_for_up_to_the_longest_pause()
    {
        Assert.Equal(TimeSpan.FromSeconds(7), Pause(TimeSpan.FromSeconds(7), jitter: 0));
        Assert.Equal(TimeSpan.FromSeconds(10.5), Pause(TimeSpan.FromSeconds(7), jitter: 1));
        Assert.Equal(Bounds.PauseMax, Pause(TimeSpan.FromDays(365), jitter: 1));
        Assert.Equal(Bounds.PauseMax, Pause(TimeSpan.FromDays(1_000_000), jitter: 1));
    }

    [Fact]
    public void A_pause_of_nothing_or_of_the_past_is_the_endpoints_own()
    {
        Assert.Equal(Bounds.PauseMin, Pause(null, jitter: 0));
        Assert.Equal(Bounds.PauseMin, Pause(TimeSpan.Zero, jitter: 0));
        Assert.Equal(Bounds.PauseMin, Pause(TimeSpan.FromDays(-1), jitter: 0));
    }

    [Fact]
    public void Pauses_double_up_to_the_longest_and_an_answer_ends_them()
    {
        var turn = new EndpointTurn(Bounds, () => 0);
        var doubled = 100.0;
        for (var failures = 0; failures < 40; failures++, doubled *= 2)
        {
            turn.Failed(Noon, null);
            Assert.Equal(Math.Min(doubled, 60_000), turn.Wait(Noon).TotalMilliseconds);
        }

        turn.Succeeded();
        turn.Failed(Noon, null);
        Assert.Equal(Bounds.PauseMin, turn.Wait(Noon));
    }

    [Fact]
    public void No_more_requests_go_out_than_the_rate_allows()
    {
        var turn = new EndpointTurn(Bounds, () => 0);
        for (var sent = 0; sent < 10; sent++)
        {
            Assert.Equal(TimeSpan.Zero, turn.Wait(Noon));
            turn.Take();
        }

        Assert.Equal(TimeSpan.FromMilliseconds(100), turn.Wait(Noon));
        Assert.Equal(TimeSpan.Zero, turn.Wait(Noon + TimeSpan.FromMilliseconds(100)));
    }

    private static TimeSpan Pause(TimeSpan? asked, double jitter)
    {
        var turn = new EndpointTurn(Bounds, () => jitter);
        turn.Failed(Noon, asked);
        return turn.Wait(Noon);
    }
}
