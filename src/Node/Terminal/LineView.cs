namespace QTrade.Node.Terminal;

/// <summary>One line every few seconds, for an output that is no terminal; the first result is told as soon as it is there.</summary>
internal sealed class LineView(TextWriter output, TimeSpan interval) : IStatusView
{
    public async Task WatchAsync(IAsyncEnumerable<NodeStatus> statuses)
    {
        NodeStatus? written = null;
        bool resultTold = false;
        await foreach (NodeStatus status in statuses.ConfigureAwait(false))
        {
            if (!resultTold && status.LastDecision is { } first)
            {
                await output.WriteLineAsync(StatusText.FirstResult(status, first)).ConfigureAwait(false);
                resultTold = true;
            }

            if (status.Uptime - (written?.Uptime ?? TimeSpan.Zero) < interval)
                continue;
            await output.WriteLineAsync(StatusText.Line(status, written)).ConfigureAwait(false);
            await output.FlushAsync().ConfigureAwait(false);
            written = status;
        }
    }
}
