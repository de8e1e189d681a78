using Microsoft.AspNetCore.Http;
using QTrade.Feed.Tests.Endpoint;
using QTrade.Node.Configuration;
using QTrade.Node.Doctor;

namespace QTrade.Feed.Tests;

/// <summary>The doctor's look at the endpoints of a chain.</summary>
public sealed class DoctorSpecs
{
    private const string Secret = "0123456789abcdef";

    [Fact]
    public async Task An_endpoint_that_answers_and_takes_subscriptions_is_good()
    {
        await using var chain = await ChainEndpoint.StartAsync();
        var finding = Assert.Single(await LookAsync(chain.Address.Http.ToString(), chain.Address.Socket.ToString()));
        Assert.Equal(Health.Good, finding.Health);
        Assert.Contains($"slot {chain.Slot:N0} in ", finding.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_endpoint_at_fault_is_named_without_its_token()
    {
        await using var chain = await ChainEndpoint.StartAsync();
        await using var deaf = await ChainEndpoint.StartAsync();
        deaf.RefusesSockets = true;
        chain.AnswerNext(context =>
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return context.Response.WriteAsync(Secret);
        });
        var (http, socket) = (chain.Address.Http + Secret, chain.Address.Socket + Secret);
        var findings = await LookAsync($"{http} http://127.0.0.1:1/{Secret} {deaf.Address.Http}{Secret}", $"{socket} ws://127.0.0.1:1/{Secret} {deaf.Address.Socket}{Secret}");
        Assert.Equal(3, findings.Count);
        Assert.All(findings, finding =>
        {
            Assert.Equal(Health.Bad, finding.Health);
            Assert.NotEmpty(finding.Advice);
            Assert.DoesNotContain(Secret, finding.Text + finding.Advice, StringComparison.Ordinal);
        });
        Assert.Contains("HTTP 401", findings[0].Text, StringComparison.Ordinal);
        Assert.Contains("Unreachable", findings[1].Text, StringComparison.Ordinal);
        Assert.Contains("but no connection for subscriptions", findings[2].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_endpoint_that_no_feed_needs_is_only_doubtful_and_without_one_there_is_nothing_to_look_at()
    {
        Assert.Empty(await EndpointCheck.LookAsync(new NodeOptions(), TimeProvider.System, CancellationToken.None));
        var idle = new NodeOptions { Solana = new SolanaOptions { Rpc = "http://127.0.0.1:1" } };
        Assert.Equal(Health.Doubtful, Assert.Single(await EndpointCheck.LookAsync(idle, TimeProvider.System, CancellationToken.None)).Health);
        Assert.Contains("qtrade.solana.rpc is empty", Assert.Single(await LookAsync("", "")).Text, StringComparison.Ordinal);
    }

    private static Task<IReadOnlyList<Finding>> LookAsync(string rpc, string ws) => EndpointCheck.LookAsync(
        new NodeOptions { Feed = FeedKind.Solana, Solana = new SolanaOptions { Rpc = rpc, Ws = ws } }, TimeProvider.System, CancellationToken.None);
}
