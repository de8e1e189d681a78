using System.Collections.Immutable;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using QTrade.Actors.Journal;
using QTrade.Actors.Scheduling;
using QTrade.Broker;
using QTrade.Broker.InProcess;
using QTrade.Messages;
using QTrade.Messages.Cluster;
using QTrade.Messages.Routing;
using QTrade.Node.Admin;
using QTrade.Node.Cluster;
using QTrade.Node.Configuration;
using QTrade.Node.Tests.Simulation;
using QTrade.Web.Admin;

namespace QTrade.Node.Tests.Cluster;

/// <summary>Nodes of one cluster on threads, each with an admin port of its own, over a broker and a journal in this process.</summary>
internal sealed class AdminCluster : IAsyncDisposable
{
    // Only a spec that fails waits that long.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(20);

    private readonly InProcessBroker _broker = new();
    private readonly InProcessTransport _orders;
    private readonly Dictionary<string, Member> _members = [];
    private long _incarnation;

    public AdminCluster() => _orders = new InProcessTransport(_broker, "orders");

    public InMemoryJournal Journal { get; } = new(TimeProvider.System);

    /// <summary>Every role of its own: whatever is asked, another node has it.</summary>
    public static async Task<AdminCluster> OfThreeAsync(AdminToken? token = null)
    {
        var cluster = new AdminCluster();
        await cluster.StartAsync("n1", NodeRoles.Feed | NodeRoles.Pools, token);
        await cluster.StartAsync("n2", NodeRoles.Pools | NodeRoles.Router, token);
        await cluster.StartAsync("n3", NodeRoles.Optimizer | NodeRoles.Executor, token);
        await cluster.TradesAsync();
        return cluster;
    }

    public async Task StartAsync(string name, NodeRoles roles, AdminToken? token = null, string? address = null)
    {
        var transport = new InProcessTransport(_broker, name);
        var admin = new NodeAdmin(name, "0", static () => { }) { Token = token };
        var (server, refusal) = await AdminServer.StartAsync(new AdminServerOptions { Port = 0, Token = token }, admin);
        Assert.Null(refusal);
        var node = TradingNode.Start(new TradingNodeSetup
        {
            Options = new NodeOptions
            {
                Router = new RouterOptions { MinInterval = TimeSpan.FromMilliseconds(20), CheckInterval = TimeSpan.FromMilliseconds(50) },
                Simulation = new Node.Configuration.SimulationOptions { Rate = 50 },
                Solver = new SolverOptions { WorkerThreads = 1 },
            },
            Market = SampleMarkets.Mixed,
            Scheduler = new ThreadPoolScheduler(TimeProvider.System),
            Journal = Journal,
            Cluster = new ClusterLink
            {
                Transport = transport,
                Roles = roles,
                Incarnation = ++_incarnation,
                Version = "0",
                AdminAddress = address ?? server!.EndPoint.ToString(),
            },
        });
        admin.Attach(node);
        _members.Add(name, new Member(transport, admin, server!, node, token));
    }

    /// <summary>Waits until somebody executed something.</summary>
    public async Task TradesAsync()
    {
        foreach (var (name, member) in _members)
        {
            if (member.Node.Setup.Cluster!.Roles.HasFlag(NodeRoles.Executor))
                await UntilAsync(() => member.Node.Status.Executed > 0, $"{name} to execute");
        }
    }

    public TradingNode NodeOf(string name) => _members[name].Node;

    public string HostOf(string name) => _members[name].Server.EndPoint.ToString();

    /// <summary>What a node says to all, or whoever executes is told.</summary>
    public Task<PublishEnding> SayAsync(Hop hop, IMessage message) => _orders.PublishAsync(hop, message);

    /// <summary>Has a hop that nobody consumes filled with what nobody reads.</summary>
    public async Task FillAsync(Hop hop)
    {
        while (await SayAsync(hop, new SlotObserved(1)) == PublishEnding.Confirmed)
        {
        }
    }

    public async Task<AdminAnswer> AskAsync(string node, string command, params (string Name, string Value)[] arguments) =>
        await AskAsync(node, null, command, arguments);

    public async Task<AdminAnswer> AskAsync(string node, string? meant, string command, params (string Name, string Value)[] arguments)
    {
        using var client = new AdminClient(HostOf(node), _members[node].Token, Patience);
        return await client.AskAsync(
            new AdminRequest("1", meant, command, arguments.ToImmutableSortedDictionary(argument => argument.Name, argument => argument.Value), "somebody"),
            CancellationToken.None);
    }

    /// <summary>Asks again until the answer shows something.</summary>
    public async Task<AdminAnswer> AskUntilAsync(Func<AdminAnswer, bool> isSo, string node, string command, params (string Name, string Value)[] arguments)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            var answer = await AskAsync(node, command, arguments);
            if (isSo(answer))
                return answer;
            if (patience.IsCancellationRequested)
                throw new TimeoutException($"{node}, {command}: {answer.Status} {answer.Message} {answer.Result?.ToJsonString()}");
            await Task.Delay(LookEvery);
        }
    }

    /// <summary>A request as bytes, answered as bytes.</summary>
    public async Task<JsonElement> PostAsync(string node, string body)
    {
        using var http = new HttpClient();
        using var content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        using var answer = await http.PostAsync(new Uri($"http://{HostOf(node)}{AdminProtocol.RequestPath}"), content);
        using var document = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return document.RootElement.Clone();
    }

    public static async Task UntilAsync(Func<bool> isSo, string what)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!isSo())
        {
            if (patience.IsCancellationRequested)
                throw new TimeoutException($"waited for {what}");
            await Task.Delay(LookEvery);
        }
    }

    /// <summary>Its admin port is gone; what it does goes on.</summary>
    public async Task DeafenAsync(string name) => await _members[name].EndServerAsync();

    /// <summary>The broker is gone for a node, and nobody hears it any more.</summary>
    public async Task CutAsync(string name) => await _members[name].Transport.DisposeAsync();

    /// <summary>A node drains and leaves.</summary>
    public async Task StopAsync(string name)
    {
        _members.Remove(name, out var member);
        await member!.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var member in _members.Values)
            await member.DisposeAsync();
        await _orders.DisposeAsync();
    }

    private sealed record Member(InProcessTransport Transport, NodeAdmin Admin, AdminServer Server, TradingNode Node, AdminToken? Token) : IAsyncDisposable
    {
        private bool _isDeaf;

        public async Task EndServerAsync()
        {
            if (!_isDeaf)
                await Server.DisposeAsync();
            _isDeaf = true;
        }

        public async ValueTask DisposeAsync()
        {
            await EndServerAsync();
            await Node.StopAsync();
            Node.Dispose();
            await Transport.DisposeAsync();
            Admin.Dispose();
        }
    }
}
