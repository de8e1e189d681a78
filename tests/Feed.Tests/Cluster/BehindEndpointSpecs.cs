using QTrade.Actors.Journal;
using QTrade.Actors.Scheduling;
using QTrade.Broker.InProcess;
using QTrade.Feed.Tests.Endpoint;
using QTrade.Markets;
using QTrade.Messages.Cluster;
using QTrade.Messages.Routing;
using QTrade.Node.Configuration;
using QTrade.Solana.Tests.Accounts;
using SolverOptions = QTrade.Node.Configuration.SolverOptions;

namespace QTrade.Feed.Tests.Cluster;

/// <summary>Nodes on threads, each with an endpoint of its own, of which the one that takes the feed over is behind.</summary>
public sealed class BehindEndpointSpecs : IAsyncLifetime
{
    private const ulong Ahead = 300;
    private const ulong Watched = 60;

    // A clock that jumps further is a lost connection.
    private const ulong Stride = 10;

    private static readonly OwnPool[] Pools =
    [
        OwnPools.AmmV4(45_890_814_872_617, 3_656_849_666_245),
        OwnPools.Cpmm(45_890_814_872_617, 3_766_555_156_232, [1_000, 2_000, 3_000, 4_000, 0, 0]),
    ];

    private static readonly OwnPool[] Swapped =
    [
        OwnPools.AmmV4(45_890_814_872_618, 3_656_849_666_244),
        OwnPools.Cpmm(45_890_814_872_618, 3_766_555_156_231, [1_000, 2_000, 3_000, 4_000, 0, 0]),
    ];

    private readonly List<ChainNode> _nodes = [];
    private ChainEndpoint _ahead = null!, _behind = null!;
    private IJournal _journal = null!;

    public async Task InitializeAsync()
    {
        (_ahead, _behind) = (await ChainEndpoint.StartAsync(), await ChainEndpoint.StartAsync());
        _ahead.NextSlot(Ahead);
        _journal = Books.Empty(TimeProvider.System);
        Set(_ahead, Pools);
        Set(_behind, Pools);
    }

    private static void Set(ChainEndpoint chain, OwnPool[] pools) =>
        chain.Set([.. pools.SelectMany(pool => pool.Accounts).DistinctBy(account => account.Address).Select(account => (account.Address, new ChainAccount(account.Owner, 1, account.Data)))]);

    [Fact]
    public async Task States_that_the_feed_before_had_from_an_endpoint_ahead_are_traded_once_the_next_has_seen_their_slot()
    {
        var broker = new InProcessBroker();
        var first = Start("n1", _ahead, broker, NodeRoles.Feed | NodeRoles.Pools);
        await _ahead.LiveUntilAsync(() => Books.Newest(_journal).Count == Pools.Length, () => "the states of the first feed");
        await first.KillAsync();

        var second = Start("n2", _behind, broker, ChainNode.All & ~NodeRoles.Executor);
        await _behind.LiveUntilAsync(() => second.Node.Status.Feed is not null && Books.Of<FeedStarted>(_journal).Count() == 2, () => "the second feed to begin");
        var until = _behind.Slot + Watched;
        await _behind.LiveUntilAsync(() => _behind.Slot >= until, () => "time to trade");
        Assert.True(_behind.Slot < Books.Slot(_journal), "it is behind no more");
        Assert.Empty(Books.Of<Decided>(_journal));

        // What it read now would be of before what stands.
        Assert.Equal(0, second.Node.Status.Feed!.Counts.Complete);

        await _behind.LiveUntilAsync(() => Books.Of<Decided>(_journal).Any(decided => decided.Result.Profit > 0), () => "a decision once it has seen the slot", Stride);
        Assert.True(_behind.Slot >= Books.Of<QTrade.Messages.Pools.ReservesChanged>(_journal).Min(changed => changed.At.NewestSlot), "it was traded too soon");
        Assert.Equal([1, 2], Books.Of<FeedStarted>(_journal).Select(started => started.Term));

        // Accounts that seldom change are not left at a position before the journal's, beside which no change would be newer.
        var before = Books.Newest(_journal);
        Set(_behind, Swapped);
        await _behind.LiveUntilAsync(() => Pools.All(pool => Books.Newest(_journal)[new PoolId(pool.Address.ToString())] != before[new PoolId(pool.Address.ToString())]), () => "the states after a swap");
    }

    public async Task DisposeAsync()
    {
        foreach (var node in _nodes)
            await node.KillAsync();
        await _ahead.DisposeAsync();
        await _behind.DisposeAsync();
    }

    private ChainNode Start(string name, ChainEndpoint chain, InProcessBroker broker, NodeRoles roles)
    {
        var node = new ChainNode(
            name,
            new NodeOptions
            {
                Feed = FeedKind.Solana,
                Solana = new SolanaOptions
                {
                    Rpc = chain.Address.Http.ToString(),
                    Ws = chain.Address.Socket.ToString(),
                    Pools = string.Join(',', Pools.Select(pool => pool.Address)),
                    Values = $"{OwnPools.Mint1}=1",
                    RequestsPerSecond = 1_000,
                },
                Queue = new QueueOptions { ExpirySlots = 1_000 },
                Router = new RouterOptions { CheckInterval = TimeSpan.FromSeconds(1) },
                Solver = new SolverOptions { WorkerThreads = 1 },
            },
            new ThreadPoolScheduler(TimeProvider.System),
            _journal,
            broker,
            roles);
        _nodes.Add(node);
        return node;
    }
}
