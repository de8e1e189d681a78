using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using QTrade.Web.Admin;

namespace QTrade.Node.Tests.Admin;

public sealed class AdminClientSpecs
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(50);

    [Fact]
    public async Task A_listener_that_never_answers_is_told_in_one_line_to_who_asks_and_to_who_watches()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        string host = silent.LocalEndpoint.ToString()!;
        using var client = new AdminClient(host, null, Patience);
        var request = new AdminRequest("1", null, "why", ImmutableSortedDictionary<string, string>.Empty, "me");

        AdminAnswer asked = await client.AskAsync(request, CancellationToken.None);
        var watched = new List<AdminAnswer>();
        await foreach (AdminAnswer answer in client.WatchAsync(request, CancellationToken.None))
            watched.Add(answer);

        Assert.All(watched.Prepend(asked), answer =>
        {
            Assert.Equal(AdminStatus.Failed, answer.Status);
            Assert.StartsWith($"{host} did not answer within", answer.Message, StringComparison.Ordinal);
        });
        Assert.Single(watched);
    }
}
