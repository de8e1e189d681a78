using QTrade.Actors.Journal;
using QTrade.Actors.Scheduling;
using QTrade.Broker.InProcess;
using QTrade.Feed.Tests.Endpoint;
using QTrade.Messages.Cluster;
using QTrade.Messages.Execution;
using QTrade.Messages.Pools;
using QTrade.Messages.Routing;
using QTrade.Node.Configuration;
using QTrade.Solana.Tests.Accounts;
using SolverOptions = QTrade.Node.Configuration.SolverOptions;

namespace QTrade.Feed.Tests.Cluster;

/// <summary>Nodes on threads that follow an endpoint's chain as one, over a broker in their process.</summary>
public sealed class SolanaClusterSpecs : IAsyncLifetime
{
    // At once, and not when either end gives up a connection that nobody reads.
    private static readonly TimeSpan Leaves = TimeSpan.FromSeconds(10);

    private static readonly OwnPool Cheap = OwnPools.AmmV4(45_890_814_872_617, 3_656_849_666_245);

    private readonly List<ChainNode> _nodes = [];
    private ChainEndpoint _chain = null!;
    private IJournal _journal = null!;

    public async Task InitializeAsync()
    {
        _chain = await ChainEndpoint.StartAsync();
        _journal = Books.Empty(TimeProvider.System);
        Set(Cheap);
        Set(Dear(0));
        var broker = new InProcessBroker();
        for (var node = 1; node <= 3; node++)
            _nodes.Add(new ChainNode($"n{node}", Options(), new ThreadPoolScheduler(TimeProvider.System), _journal, broker));
    }

    [Fact]
    public async Task What_happened_while_nobody_followed_is_read_by_the_node_that_takes_the_feed_over()
    {
        await UntilAsync(() => Stands(0) && Books.Of<TradeEnded>(_journal).Any(ended => ended.Outcome.Ending == Ending.Executed), "the first state and a trade");
        Set(Dear(1));
        await UntilAsync(() => Stands(1), "a state that was told");

        await Feeding().KillAsync();
        Set(Dear(2));
        await UntilAsync(() => Stands(2), "the state that nobody was told of");
        var decided = Books.Of<Decided>(_journal).Count();
        Set(Dear(3));
        await UntilAsync(() => Stands(3), "a state that the next feed was told");

        // Of both pools, of which one never moved: it is vouched for again.
        await UntilAsync(() => Books.Of<Decided>(_journal).Skip(decided).Any(after => after.Result.Profit > 0), "a decision of the next feed's pools");
        Assert.Equal([1, 2], Books.Of<FeedStarted>(_journal).Select(started => started.Term));
        Assert.Equal(2, Books.Newest(_journal).Count);
    }

    [Fact]
    public async Task A_feed_that_is_cut_from_the_journal_leaves_its_endpoint_and_comes_back_when_it_is_its_turn()
    {
        await UntilAsync(() => Stands(0), "the first state");
        var first = Feeding();
        first.Journal.IsCut = true;
        await UntilAsync(() => !first.IsFeeding && _nodes.Any(node => node.IsFeeding), "another feed");
        Set(Dear(1));
        await UntilAsync(() => Stands(1), "a state that the second feed was told");
        await UntilAsync(() => _chain.Connections == 1, "the first feed's connection to end", Leaves);

        first.Journal.IsCut = false;
        foreach (var other in _nodes.Where(node => node != first))
            await other.KillAsync();
        await UntilAsync(() => first.IsFeeding, "the first feed again");
        Set(Dear(2));
        await UntilAsync(() => Stands(2), "a state that it was told");
        Assert.Equal(2, Books.Newest(_journal).Count);
    }

    public async Task DisposeAsync()
    {
        foreach (var node in _nodes)
            await node.KillAsync();
        await _chain.DisposeAsync();
    }

    private static OwnPool Dear(int move) =>
        OwnPools.Cpmm(45_890_814_872_617, 3_766_555_156_232 + (10_000_000_000UL * (ulong)move), [1_000, 2_000, 3_000, 4_000, 0, 0]);

    private ChainNode Feeding() => Assert.Single(_nodes, node => node.IsFeeding);

    private void Set(OwnPool pool) => _chain.Set([.. pool.Accounts.Select(account => (account.Address, new ChainAccount(account.Owner, 1, account.Data)))]);

    /// <summary>Whether that is the newest state of the pool that moves.</summary>
    private bool Stands(int move)
    {
        var pool = Dear(move).Assembled().ToPool();
        return Books.Of<ReservesChanged>(_journal).LastOrDefault(changed => changed.PoolId == pool.Id)?.Reserves.SequenceEqual(pool.Curve.State) ?? false;
    }

    private NodeOptions Options() => new()
    {
        Feed = FeedKind.Solana,
        Solana = new SolanaOptions
        {
            Rpc = _chain.Address.Http.ToString(),
            Ws = _chain.Address.Socket.ToString(),
            Pools = $"{Cheap.Address},{Dear(0).Address}",
            Values = $"{OwnPools.Mint1}=1",
            RequestsPerSecond = 1_000,
        },
        // A busy machine may take many slots for one decision.
        Queue = new QueueOptions { ExpirySlots = 1_000 },
        Router = new RouterOptions { CheckInterval = TimeSpan.FromSeconds(1) },
        Solver = new SolverOptions { WorkerThreads = 1 },
    };

    // The chain lives on meanwhile.
    private Task UntilAsync(Func<bool> condition, string what, TimeSpan? patience = null) => _chain.LiveUntilAsync(
        condition,
        () => $"{what}; {string.Join("; ", _nodes.Select(node => $"{node.Name} feeds {node.IsFeeding}, {node.Node.Status.LastFault}, {node.Node.Status.Feed?.LastFault}"))}",
        patience: patience);
}
