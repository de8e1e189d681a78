using System.Collections.Immutable;
using System.Text.Json.Nodes;
using QTrade.Messages.Cluster;
using QTrade.Shared.Actors;
using QTrade.Web.Admin;

namespace QTrade.Lighthouse.Tests;

/// <summary>A Lighthouse on a free port and a manual clock, and whoever asks it.</summary>
internal sealed class Beacon : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Gateway _gateway;
    private readonly AdminServer _server;
    private readonly AdminClient _client;

    private Beacon(ManualClock clock, Gateway gateway, AdminServer server, AdminToken? token)
    {
        Clock = clock;
        _gateway = gateway;
        _server = server;
        _client = new AdminClient(Host, token, Patience);
    }

    public ManualClock Clock { get; }

    public string Host => _server.EndPoint.ToString();

    public static async Task<Beacon> StartAsync(AdminToken? token = null)
    {
        var clock = new ManualClock();
        var gateway = new Gateway("lighthouse", new NodeDirectory("lighthouse", clock), token);
        (AdminServer? server, string? refusal) = await AdminServer.StartAsync(new AdminServerOptions { Port = 0, Token = token }, gateway);
        Assert.Null(refusal);
        return new Beacon(clock, gateway, server!, token);
    }

    public static NodeAnnouncement Node(string name, string address, long number = 1, long incarnation = 1) =>
        new(name, incarnation, number, NodeRoles.Pools | NodeRoles.Executor, "0.1.0", new ShardSet(7), default, 0.25, address, false);

    public Task<AdminAnswer> AnnounceAsync(NodeAnnouncement announced) => _client.AskAsync(AnnouncementRequest.Of(announced), CancellationToken.None);

    public Task<AdminAnswer> AskAsync(string command, string? node = null, string? name = null) => _client.AskAsync(Request(command, node, name), CancellationToken.None);

    public IAsyncEnumerable<AdminAnswer> WatchAsync(string command, string? node, CancellationToken stop) => _client.WatchAsync(Request(command, node, null), stop);

    /// <summary>State by node's name, as <c>cluster show</c> tells it.</summary>
    public async Task<Dictionary<string, string>> StatesAsync() =>
        ((JsonArray)(await AskAsync("cluster show")).Result!).ToDictionary(row => (string)row!["node"]!, row => (string)row!["state"]!);

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
        _gateway.Dispose();
    }

    private static AdminRequest Request(string command, string? node, string? name)
    {
        var arguments = ImmutableSortedDictionary<string, string>.Empty;
        return new AdminRequest("42", node, command, name is null ? arguments : arguments.Add("name", name), "me");
    }
}
