using System.Text.RegularExpressions;
using QTrade.Broker;
using QTrade.Broker.RabbitMq;
using QTrade.Shared.Broker;
using QTrade.Web.Admin;

namespace QTrade.Lighthouse.Tests;

/// <summary>The program on a real broker.</summary>
public sealed partial class RabbitSpecs
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    [RabbitFact]
    public async Task A_node_that_announces_itself_on_the_broker_is_shown()
    {
        using var server = RabbitServerProcess.Start();
        using var stop = new CancellationTokenSource();
        using var output = new FirstLine();
        using var error = new StringWriter();
        var variables = new Dictionary<string, string> { ["QTRADE__LIGHTHOUSE__BROKER"] = server.Uri.ToString() };
        Task<int> running = new LighthouseProgram(output, TextWriter.Synchronized(error), variables, AppContext.BaseDirectory, TimeProvider.System).RunAsync(["--port", "0"], stop.Token);
        string line = await output.Written.WaitAsync(Patience);
        using var client = new AdminClient(Address().Match(line).Groups[1].Value, null, Patience);

        var node = new RabbitTransport(new RabbitTransportOptions { Broker = server.Uri, Cluster = "qtrade", Node = "node-1" }, TimeProvider.System, _ => { });
        await using (node)
        {
            // What is said before the Lighthouse listens is not heard: a node says it again and again.
            AdminAnswer shown;
            var number = 0L;
            using var patience = new CancellationTokenSource(Patience);
            do
            {
                await node.PublishAsync(Hop.Nodes, Beacon.Node("node-1", "10.0.0.1:9110", ++number), cancellationToken: patience.Token);
                shown = await client.AskAsync(AnnouncementRequest.Of(Beacon.Node("node-1", "10.0.0.1:9110")) with { Command = "cluster show" }, patience.Token);
            }
            while (shown.Result!.AsArray().Count == 0);

            Assert.Equal("node-1", (string)shown.Result![0]!["node"]!);
        }

        await stop.CancelAsync();
        Assert.Equal(0, await running.WaitAsync(Patience));
        Assert.DoesNotContain(server.Uri.UserInfo, line + error, StringComparison.Ordinal);
    }

    private sealed class FirstLine : StringWriter
    {
        private readonly TaskCompletionSource<string> _written = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<string> Written => _written.Task;

        public override Task WriteLineAsync(string? value)
        {
            _written.TrySetResult(value ?? string.Empty);
            return Task.CompletedTask;
        }
    }

    [GeneratedRegex(@"announce themselves to (127\.0\.0\.1:\d+)")]
    private static partial Regex Address();
}
