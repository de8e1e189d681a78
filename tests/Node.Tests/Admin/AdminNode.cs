using System.Net;
using QTrade.Actors.Journal;
using QTrade.Actors.Scheduling;
using QTrade.Node.Admin;
using QTrade.Node.Tests.EndToEnd;
using QTrade.Node.Tests.Simulation;
using QTrade.Node.Tests.Verbs;
using QTrade.Web.Admin;

namespace QTrade.Node.Tests.Admin;

/// <summary>A real node on threads with its admin port on a free port, and <c>qtrade pbm</c> to ask it.</summary>
public sealed class AdminNode : IAsyncLifetime, IDisposable
{
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(60);

    private readonly ProgramRun _program = new();
    private TradingNode? _node;
    private NodeAdmin? _admin;
    private AdminServer _server = null!;

    public InMemoryJournal Journal { get; } = new(TimeProvider.System);

    public bool Left { get; private set; }

    public bool Ended { get; private set; }

    public IPEndPoint EndPoint => _server.EndPoint;

    public TradingNode Node => _node!;

    public async Task InitializeAsync()
    {
        _node = TradingNode.Start(new TradingNodeSetup
        {
            Options = NodeOptionsOf.Calm(rate: 50, minInterval: TimeSpan.FromMilliseconds(20)),
            Market = SampleMarkets.Mixed,
            Scheduler = new ThreadPoolScheduler(TimeProvider.System),
            Journal = Journal,
        });
        var admin = new NodeAdmin("here", "0", () => (Left, Ended) = (true, _admin!.IsEnded));
        _admin = admin;
        admin.Attach(_node);
        (AdminServer? server, string? refusal) = await AdminServer.StartAsync(new AdminServerOptions { Port = 0 }, admin);
        Assert.Null(refusal);
        _server = server!;
        Assert.True(SpinWait.SpinUntil(() => admin.NotReady is null, StartPatience), admin.NotReady);
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        await _node!.StopAsync();
    }

    public void Dispose()
    {
        _node?.Dispose();
        _program.Dispose();
    }

    internal string Write(string name, string text) => _program.Write(name, text);

    internal Task<ProgramAnswer> PbmAsync(params string[] arguments) => _program.RunAsync(["pbm", "--host", EndPoint.ToString(), .. arguments]);
}
