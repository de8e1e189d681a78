using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using QTrade.Node.Admin;
using QTrade.Node.Tests.Verbs;
using QTrade.Node.Verbs;
using QTrade.Web.Admin;

namespace QTrade.Node.Tests.Admin;

/// <summary>Who may ask an admin port, where it listens, and that nothing that is sent to it harms the node.</summary>
public sealed class AdminServerSpecs(AdminNode node) : IClassFixture<AdminNode>
{
    private const string Secret = "0123456789abcdef-secret";
    private const string Valid = """{"id":"1","node":null,"command":"cluster show","arguments":{},"user":"u"}""";

    [Theory]
    [InlineData("", HttpStatusCode.BadRequest)]
    [InlineData("{", HttpStatusCode.BadRequest)]
    [InlineData("null", HttpStatusCode.BadRequest)]
    [InlineData("[]", HttpStatusCode.BadRequest)]
    [InlineData("{}", HttpStatusCode.BadRequest)]
    [InlineData("\u0000\u0001", HttpStatusCode.BadRequest)]
    [InlineData("""{"id":"1","command":"why","arguments":{"a":{"b":{"c":{}}}},"user":"u"}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"id":"1","command":"why","arguments":{"a":null},"user":"u"}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"id":"1","command":"why","arguments":null,"user":"u"}""", HttpStatusCode.BadRequest)]
    [InlineData(Valid, HttpStatusCode.OK)]
    public async Task What_is_no_request_is_refused_and_the_node_answers_on(string body, HttpStatusCode expected)
    {
        using HttpResponseMessage answer = await PostAsync(body);

        Assert.Equal(expected, answer.StatusCode);
        await AnswersAsync();
    }

    [Fact]
    public async Task A_request_that_is_too_large_is_refused_without_being_read()
    {
        using HttpResponseMessage answer = await PostAsync(new string('x', AdminProtocol.RequestBytesMax + 1));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("larger than", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await AnswersAsync();
    }

    [Fact]
    public async Task Those_who_send_slowly_or_nothing_hold_nobody_up()
    {
        using var slow = new TcpClient();
        await slow.ConnectAsync(node.EndPoint);
        await slow.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"POST {AdminProtocol.RequestPath} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{{"));
        using var silent = new TcpClient();
        await silent.ConnectAsync(node.EndPoint);
        using var noise = new TcpClient();
        await noise.ConnectAsync(node.EndPoint);
        await noise.GetStream().WriteAsync(new byte[] { 0x16, 0x03, 0x01, 0xff, 0xff, 0x0a, 0x0a });

        await AnswersAsync();
    }

    [Theory]
    [InlineData("Origin", "http://example.com", HttpStatusCode.Forbidden)]
    [InlineData("Host", "example.com", HttpStatusCode.Forbidden)]
    [InlineData("Content-Type", "text/plain", HttpStatusCode.UnsupportedMediaType)]
    public async Task Web_pages_cannot_use_it(string header, string value, HttpStatusCode expected)
    {
        using HttpResponseMessage answer = await PostAsync(Valid, (header, value));

        Assert.Equal(expected, answer.StatusCode);
    }

    [Theory]
    [InlineData(AdminProtocol.LivePath, HttpStatusCode.OK)]
    [InlineData(AdminProtocol.ReadyPath, HttpStatusCode.OK)]
    [InlineData("/", HttpStatusCode.NotFound)]
    [InlineData(AdminProtocol.RequestPath, HttpStatusCode.NotFound)]
    public async Task Health_is_told_by_get(string path, HttpStatusCode expected)
    {
        using var http = new HttpClient();
        using HttpResponseMessage answer = await http.GetAsync(new Uri($"http://{node.EndPoint}{path}"));

        Assert.Equal(expected, answer.StatusCode);
    }

    [Fact]
    public async Task A_node_that_still_starts_is_live_not_ready_and_says_so()
    {
        (AdminServer? server, _) = await AdminServer.StartAsync(new AdminServerOptions { Port = 0 }, new NodeAdmin("n", "0", () => { }));
        await using (server)
        {
            using var http = new HttpClient();
            using HttpResponseMessage ready = await http.GetAsync(new Uri($"http://{server!.EndPoint}{AdminProtocol.ReadyPath}"));
            using var program = new ProgramRun();
            ProgramAnswer asked = await program.RunAsync("pbm", "--host", server.EndPoint.ToString(), "why");

            Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
            Assert.Equal(ExitCode.Failed, asked.ExitCode);
            Assert.Contains("the node starts", asked.ErrorLine, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("", "127.0.0.1", "127.0.0.1:9110")]
    [InlineData("", "10.0.0.11", "10.0.0.11:9110")]
    [InlineData("node-1:9000", "0.0.0.0", "node-1:9000")]
    [InlineData("", "0.0.0.0", null)]
    [InlineData("", "::", null)]
    public void What_a_node_announces_is_no_address_that_means_any(string advertise, string listens, string? expected) =>
        Assert.Equal(
            expected ?? $"{Environment.MachineName}:9110",
            NodeAdminPort.AddressOf(new Node.Configuration.ClusterOptions { Advertise = advertise }, new IPEndPoint(IPAddress.Parse(listens), 9110)));

    [Fact]
    public async Task Beyond_loopback_it_does_not_listen_without_a_token()
    {
        (AdminServer? server, string? refusal) = await AdminServer.StartAsync(
            new AdminServerOptions { Address = IPAddress.Any, Port = 0 }, new NodeAdmin("n", "0", () => { }));

        Assert.Null(server);
        Assert.Contains(AdminProtocol.TokenVariable, refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_a_token_only_those_who_show_it_are_answered()
    {
        Assert.True(AdminToken.TryRead(null, Secret, out AdminToken? token, out _));
        var admin = new NodeAdmin("n", "0", () => { });
        admin.Attach(node.Node);
        (AdminServer? server, _) = await AdminServer.StartAsync(new AdminServerOptions { Port = 0, Token = token }, admin);
        await using (server)
        {
            using var program = new ProgramRun();
            string[] asked = ["pbm", "--host", server!.EndPoint.ToString(), "executor", "list"];
            ProgramAnswer without = await program.RunAsync(asked);
            program.Variables[AdminProtocol.TokenVariable] = Secret + "x";
            ProgramAnswer wrong = await program.RunAsync(asked);
            program.Variables[AdminProtocol.TokenVariable] = Secret;
            ProgramAnswer right = await program.RunAsync(asked);
            program.Variables.Clear();
            ProgramAnswer byFile = await program.RunAsync([.. asked, "--token-file", program.Write("token", Secret + "\n")]);

            Assert.Equal((ExitCode.BadInput, ExitCode.BadInput, ExitCode.Done, ExitCode.Done), (without.ExitCode, wrong.ExitCode, right.ExitCode, byFile.ExitCode));
            Assert.Contains("a token is needed", without.ErrorLine, StringComparison.Ordinal);
            Assert.DoesNotContain(Secret, wrong.Error + wrong.Out, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("short")]
    [InlineData("0123456789abcdef with spaces")]
    public void A_token_that_can_be_guessed_or_is_none_is_refused_unseen(string secret)
    {
        Assert.False(AdminToken.TryRead(null, secret, out _, out string? error));
        Assert.DoesNotContain(secret, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_that_is_taken_moves_where_nobody_chose_it_and_fails_where_somebody_did()
    {
        var admin = new NodeAdmin("n", "0", () => { });
        int taken = node.EndPoint.Port;
        (AdminServer? moved, _) = await AdminServer.StartAsync(new AdminServerOptions { Port = taken }, admin);
        (AdminServer? none, string? refusal) = await AdminServer.StartAsync(new AdminServerOptions { Port = taken, PortIsFixed = true }, admin);
        await using (moved)
        {
            Assert.True(moved!.Moved);
            Assert.InRange(moved.EndPoint.Port, taken + 1, taken + AdminServer.PortsTried);
            Assert.Null(none);
            Assert.Contains($"{taken} is taken", refusal, StringComparison.Ordinal);
        }
    }

    private async Task AnswersAsync() => Assert.Equal(ExitCode.Done, (await node.PbmAsync("cluster", "show")).ExitCode);

    private async Task<HttpResponseMessage> PostAsync(string body, (string Name, string Value)? header = null)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"http://{node.EndPoint}{AdminProtocol.RequestPath}")
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        // The server says no before the body is on its way.
        request.Headers.ExpectContinue = body.Length > AdminProtocol.RequestBytesMax;
        if (header is { Name: "Content-Type" } type)
            request.Content.Headers.ContentType = new MediaTypeHeaderValue(type.Value);
        else if (header is { } other)
            request.Headers.TryAddWithoutValidation(other.Name, other.Value);
        return await http.SendAsync(request);
    }
}
