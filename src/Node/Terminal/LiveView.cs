using Spectre.Console;
using Spectre.Console.Rendering;

namespace QTrade.Node.Terminal;

/// <summary>A table that is drawn anew in place, for a person at a terminal.</summary>
internal sealed class LiveView(IAnsiConsole console) : IStatusView
{
    /// <summary>Rates are taken over this time, so that they can be read.</summary>
    private static readonly TimeSpan RateSpan = TimeSpan.FromSeconds(2);

    public Task WatchAsync(IAsyncEnumerable<NodeStatus> statuses) =>
        console.Live(new Text("starting")).AutoClear(false).StartAsync(async context =>
        {
            var earlier = new Queue<NodeStatus>();
            await foreach (NodeStatus status in statuses.ConfigureAwait(false))
            {
                while (earlier.Count > 1 && status.Uptime - earlier.Peek().Uptime > RateSpan)
                    earlier.Dequeue();
                context.UpdateTarget(Draw(status, earlier.Count > 0 ? earlier.Peek() : null));
                earlier.Enqueue(status);
            }
        });

    internal static IRenderable Draw(NodeStatus now, NodeStatus? before)
    {
        Grid rows = new Grid().AddColumn(new GridColumn().NoWrap()).AddColumn();
        foreach ((string label, string text) in StatusText.Rows(now, before))
            rows.AddRow(new Text(label, new Style(Color.Grey)), new Text(text, StyleOf(label, now)));
        return rows;
    }

    /// <summary>What a person must not overlook is red.</summary>
    private static Style StyleOf(string label, NodeStatus now)
    {
        bool alarming = label switch
        {
            "ledger" => now.Snapshots.Difference != 0,
            "" => now.Routes.Difference != 0,
            "trading" => now.TradingState != Messages.Execution.TradingState.Active,
            "journal" => now.Journal.Losses.Count > 0 || now.Journal.EventsUnreadable > 0,
            _ => false,
        };
        return alarming ? new Style(Color.Red, decoration: Decoration.Bold) : Style.Plain;
    }
}
