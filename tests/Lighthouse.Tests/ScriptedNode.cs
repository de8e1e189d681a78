using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using QTrade.Web.Admin;

namespace QTrade.Lighthouse.Tests;

/// <summary>The admin port of a node that answers what it was asked.</summary>
internal sealed class ScriptedNode : IAdminPort, IAsyncDisposable
{
    private AdminServer _server = null!;

    public required string NodeName { get; init; }

    public string? NotReady => null;

    public string Host => _server.EndPoint.ToString();

    public List<AdminRequest> Asked { get; } = [];

    public static async Task<ScriptedNode> StartAsync(string name, AdminToken? token = null)
    {
        var node = new ScriptedNode { NodeName = name };
        (AdminServer? server, string? refusal) = await AdminServer.StartAsync(new AdminServerOptions { Port = 0, Token = token }, node);
        Assert.Null(refusal);
        node._server = server!;
        return node;
    }

    public Task<AdminAnswer> AnswerAsync(AdminRequest request, CancellationToken cancellationToken)
    {
        Asked.Add(request);
        return Task.FromResult(new AdminAnswer(request.Id, NodeName, AdminStatus.Done, $"{NodeName} heard {request.Command}", new JsonObject { ["user"] = request.User }));
    }

    public async IAsyncEnumerable<AdminAnswer> StreamAsync(AdminRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (int item = 1; item <= 3; item++)
            yield return await Task.FromResult(new AdminAnswer(request.Id, NodeName, AdminStatus.Done, $"item {item}", null));
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
