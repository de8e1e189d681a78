using System.Collections.Immutable;
using System.Globalization;
using QTrade.Markets;
using QTrade.Messages;
using QTrade.Messages.Pools;
using QTrade.Shared.Network;
using QTrade.Web.Admin;

namespace QTrade.Cluster.Tests;

/// <summary>
/// A cluster that faults strike: one node in this process that the chain lives in, which nothing strikes, and so many processes that each do all the
/// rest and reach broker and database through a proxy of their own.
/// </summary>
internal sealed class FaultCluster : IAsyncDisposable
{
    private readonly int _seed;
    private readonly SortedDictionary<string, Member> _members = new(StringComparer.Ordinal);
    private readonly BooksReader _reader;
    private WireTap? _wire;

    /// <param name="nodes">Nodes, the chain's among them.</param>
    /// <param name="seed">Of the chain.</param>
    public FaultCluster(int nodes, int seed)
    {
        _seed = seed;
        Servers = new ClusterServers();
        _reader = new BooksReader(Servers);
        Chain = new ChainNode(Servers, seed);
        for (int number = 1; number < nodes; number++)
            _members.Add($"n{number}", new Member(Servers));
        foreach (string name in _members.Keys) Start(name);
    }

    public ClusterServers Servers { get; }

    public ChainNode Chain { get; }

    public ClusterBooks Books => _reader.Books;

    /// <summary>Who spoke as the router in each epoch, since it settled for the first time.</summary>
    public ImmutableSortedDictionary<long, ImmutableSortedSet<string>> Routers =>
        _wire?.Routers ?? ImmutableSortedDictionary<long, ImmutableSortedSet<string>>.Empty;

    public ImmutableArray<string> Names => [.. _members.Keys];

    public NodeProcess this[string node] => _members[node].Process!;

    public CuttingProxy BrokerOf(string node) => _members[node].Broker;

    public CuttingProxy DatabaseOf(string node) => _members[node].Database;

    /// <summary>The pools that hashing gives a node while all are there.</summary>
    public ImmutableArray<PoolId> PoolsOf(string node) => [.. ClusterMarket.ShardsOf(node, Names).SelectMany(shard => ClusterMarket.PoolsByShard[shard])];

    public void Start(string node)
    {
        Member member = _members[node];
        member.Process?.Dispose();
        member.Process = new NodeProcess(
            node,
            "pools,router,optimizer,executor",
            new NodeAddresses(
                RabbitAt(member.Broker.Port),
                Servers.Postgres.Connection.Replace($"Port={Servers.Postgres.Port}", $"Port={member.Database.Port}", StringComparison.Ordinal),
                Servers.Postgres.Password,
                Servers.Postgres.Folder),
            _seed,
            "router.check-interval=1s",
            "solver.worker-threads=1");
    }

    /// <summary>Waits until the books show something.</summary>
    public Task UntilAsync(Func<ClusterBooks, bool> isSo, string what) => _reader.UntilAsync(isSo, () => $"{what}; {Describe()}");

    /// <summary>Waits until so many more snapshots were handed out and decided.</summary>
    public Task DecidedAsync(int more)
    {
        int enough = Books.Decided + more;
        return UntilAsync(books => books.Decided >= enough, $"{more} more decisions");
    }

    /// <summary>Where a node's admin port is, once it has announced itself.</summary>
    public async Task<string> AdminOfAsync(string node)
    {
        await UntilAsync(_ => Chain.Transport.Admins.ContainsKey(node), $"{node} to announce itself");
        return Chain.Transport.Admins[node];
    }

    /// <summary>Has a person order something at a node.</summary>
    public async Task<AdminAnswer> OrderAsync(string node, string command, string reason)
    {
        using var client = new AdminClient(await AdminOfAsync(node), null, TimeSpan.FromSeconds(20));
        return await client.AskAsync(
            new AdminRequest("1", null, command, ImmutableSortedDictionary<string, string>.Empty.Add("reason", reason), "somebody"), CancellationToken.None);
    }

    /// <summary>Waits until a node shows a trading state.</summary>
    public Task StateAsync(string node, string state) =>
        this[node].UntilAsync(status => string.Equals(status.GetProperty("tradingState").GetString(), state, StringComparison.OrdinalIgnoreCase));

    /// <summary>What the chain has shown of pools by now.</summary>
    public Dictionary<PoolId, PositionVector> Shown => Chain.Transport.Shown.ToDictionary(pool => pool.Key, pool => pool.Value.At);

    /// <summary>Waits until every shard of these pools has answered something that the chain showed after a moment.</summary>
    public Task AnsweredAsync(ImmutableArray<PoolId> pools, Dictionary<PoolId, PositionVector> since)
    {
        ImmutableArray<ImmutableArray<PoolId>> shards = [.. pools.GroupBy(QTrade.Trading.Cluster.Shards.Of).Select(shard => shard.ToImmutableArray())];
        return UntilAsync(
            books => shards.All(shard => shard.Any(pool => books.Pools.TryGetValue(pool, out ReservesChanged? last)
                && (!since.TryGetValue(pool, out PositionVector before) || last.At.CompareTo(before) == PositionOrder.Newer))),
            "every shard of the node to be answered");
    }

    /// <summary>Waits until a trade was executed that was not yet.</summary>
    public async Task ExecutedAsync()
    {
        await UntilAsync(_ => true, "the journal");
        int before = Books.Executed;
        await UntilAsync(books => books.Executed > before, "an executed trade");
    }

    /// <summary>The node that hands out snapshots now.</summary>
    public async Task<string> RoutingAsync()
    {
        Dictionary<string, long> before = Names.ToDictionary(name => name, name => this[name].HandedOut);
        return await await Task.WhenAny(Names.Select(async name =>
        {
            await this[name].UntilAsync(_ => this[name].HandedOut > before[name]);
            return name;
        }));
    }

    /// <summary>Waits until another router has begun.</summary>
    /// <returns>Its epoch.</returns>
    public async Task<long> EpochAfterAsync()
    {
        long before = Books.Epochs.LastOrDefault();
        await UntilAsync(books => books.Epochs.LastOrDefault() > before, "another router");
        return Books.Epochs[^1];
    }

    /// <summary>
    /// Holds the chain, waits until everything that was begun has ended and every pool's durable state is the chain's, bit for bit, and lets the chain
    /// live on. The books hold everything to the laws that they know.
    /// </summary>
    public async Task SettleAsync()
    {
        Chain.Transport.Hold();
        Dictionary<PoolId, ObserveReserves> shown = Chain.Transport.Shown;
        await _reader.UntilAsync(
            books => books.Unfinished is null && Differing(books, shown).IsEmpty,
            () => $"everything to end: {Books.Unfinished ?? "it has"}, {Differing(Books, shown).Length} pools differ from the chain's: "
                + $"{string.Join(' ', Differing(Books, shown).Take(5).Select(pool => $"{pool} at {Books.Pools.GetValueOrDefault(pool)?.At} not {shown[pool].At}"))}; {Describe()}");
        Assert.Equal(Books.HandedOut, Books.Ended);
        Assert.Equal("", WireTap.Twice(Routers));
        _wire ??= await WireTap.OpenAsync(Servers.Rabbit.Uri);
        await Chain.Transport.ReleaseAsync();
    }

    /// <summary>What every node said last.</summary>
    public string Describe() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Books.HandedOut} handed out, {Books.Decided} decided, {Books.Ended} ended, {Books.Executed} executed, epochs to {Books.Epochs.LastOrDefault()}{string.Concat(_members.Select(member => $"{Environment.NewLine}{member.Key}: {member.Value.Process?.Faults}{Environment.NewLine}{member.Value.Process?.Said}"))}");

    public async ValueTask DisposeAsync()
    {
        foreach (Member member in _members.Values) member.Dispose();
        if (_wire is not null) await _wire.DisposeAsync();
        await Chain.DisposeAsync();
        _reader.Dispose();
        Servers.Dispose();
    }

    private static Uri RabbitAt(int port) => QTrade.Shared.Broker.RabbitServerProcess.UriAt(port);

    private static ImmutableArray<PoolId> Differing(ClusterBooks books, Dictionary<PoolId, ObserveReserves> shown) =>
    [
        .. shown.Where(pool => !books.Pools.TryGetValue(pool.Key, out ReservesChanged? last)
            || !last.At.Equals(pool.Value.At) || !last.Reserves.AsSpan().SequenceEqual(pool.Value.Reserves.AsSpan()) || !Equals(last.Venue, pool.Value.Venue))
            .Select(pool => pool.Key),
    ];

    private sealed class Member(ClusterServers servers) : IDisposable
    {
        public CuttingProxy Broker { get; } = new(servers.Rabbit.Port);

        public CuttingProxy Database { get; } = new(servers.Postgres.Port);

        public NodeProcess? Process { get; set; }

        public void Dispose()
        {
            Process?.Dispose();
            Broker.Dispose();
            Database.Dispose();
        }
    }
}
