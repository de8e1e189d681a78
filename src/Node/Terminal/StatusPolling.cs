using System.Runtime.CompilerServices;

namespace QTrade.Node.Terminal;

/// <summary>A node's status, asked for again and again.</summary>
internal static class StatusPolling
{
    /// <summary>One status at once and one per interval; after the stop a last one.</summary>
    public static async IAsyncEnumerable<NodeStatus> PollAsync(
        Func<NodeStatus> status, TimeSpan interval, TimeProvider time, [EnumeratorCancellation] CancellationToken stop)
    {
        yield return status();
        using var timer = new PeriodicTimer(interval, time);
        while (await NextAsync(timer, stop).ConfigureAwait(false))
            yield return status();
        yield return status();
    }

    private static async Task<bool> NextAsync(PeriodicTimer timer, CancellationToken stop)
    {
        try
        {
            return await timer.WaitForNextTickAsync(stop).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
