using QTrade.Feed.Tests.Endpoint;

namespace QTrade.Feed.Tests.Cluster;

/// <summary>A chain that lives on while something is waited for.</summary>
internal static class LivingChain
{
    // Only a spec that fails waits that long.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>Goes from slot to slot, so many on, until the condition holds.</summary>
    /// <param name="chain">The chain.</param>
    /// <param name="condition">What is waited for.</param>
    /// <param name="what">The same in words, where it does not come.</param>
    /// <param name="stride">Slots.</param>
    /// <param name="patience">How long at most; a minute where null.</param>
    public static async Task LiveUntilAsync(this ChainEndpoint chain, Func<bool> condition, Func<string> what, ulong stride = 1, TimeSpan? patience = null)
    {
        using var limit = new CancellationTokenSource(patience ?? Patience);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!condition())
        {
            chain.NextSlot(stride);
            try
            {
                await timer.WaitForNextTickAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                Assert.Fail($"not within {(patience ?? Patience).TotalSeconds} s: {what()}");
            }
        }
    }
}
