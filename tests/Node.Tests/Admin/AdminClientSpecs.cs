using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using QTrade.Node.Tests.Verbs;
using QTrade.Node.Verbs;
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

    [Fact]
    public async Task A_number_that_is_not_finite_arrives_as_a_text_in_JSON_that_anybody_reads()
    {
        (AdminServer? server, _) = await AdminServer.StartAsync(new AdminServerOptions { Port = 0 }, new Boundless());
        await using (server)
        {
            using var program = new ProgramRun();
            foreach (string command in new[] { "why", "pool watch" })
            {
                ProgramAnswer answer = await program.RunAsync(["pbm", "--host", server!.EndPoint.ToString(), .. command.Split(' '), "--json"]);
                Assert.Equal((ExitCode.Done, ""), (answer.ExitCode, answer.Error));
                using JsonDocument document = JsonDocument.Parse(answer.Out);
                Assert.Equal("""["NaN","Infinity","-Infinity",1.5]""", document.RootElement.GetProperty("result").GetProperty("numbers").GetRawText());
            }
        }
    }

    /// <summary>Answers in numbers that have no end.</summary>
    private sealed class Boundless : IAdminPort
    {
        public string NodeName => "n";

        public string? NotReady => null;

        public Task<AdminAnswer> AnswerAsync(AdminRequest request, CancellationToken cancellationToken) => Task.FromResult(
            new AdminAnswer(request.Id, "n", AdminStatus.Done, null, new JsonObject { ["numbers"] = new JsonArray(double.NaN, double.PositiveInfinity, double.NegativeInfinity, 1.5) }));

        public async IAsyncEnumerable<AdminAnswer> StreamAsync(AdminRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            yield return await AnswerAsync(request, cancellationToken);
        }
    }
}
