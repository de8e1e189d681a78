using System.Collections.Immutable;
using QTrade.Actors;
using QTrade.Markets;
using QTrade.Messages;
using QTrade.Messages.Pools;
using QTrade.Messages.Registry;
using QTrade.Messages.Routing;
using QTrade.Node.Actors;
using QTrade.Node.Simulation;
using QTrade.Solana;
using QTrade.Solana.Feed;

namespace QTrade.Node.Feeds;

/// <summary>
/// Tells the node what became of a feed's pools: tokens and configurations to the registry, states to the pools, and what is trusted to router
/// and executor. A pool has one configuration under way at most; states that come meanwhile conflate and follow it. Owned by one actor.
/// </summary>
/// <param name="pools">Who takes observations of pools.</param>
/// <param name="registry">Who takes tokens and configurations.</param>
/// <param name="subscribers">Who trades.</param>
/// <param name="values">What tokens are worth.</param>
/// <param name="metrics">Counts observations.</param>
/// <param name="live">Counts refusals.</param>
internal sealed class PoolPublisher(
    ActorRef<IPoolMessage> pools,
    ActorRef<IRegistryMessage> registry,
    MarketSubscribers subscribers,
    TokenValues values,
    FeedMetrics metrics,
    LiveFeedMetrics live)
{
    private readonly Dictionary<Address, Entry> _entries = [];
    private readonly Dictionary<PoolId, Entry> _byId = [];
    private readonly HashSet<Address> _tokens = [];

    /// <summary>Whether a configuration is under way.</summary>
    public bool IsRegistering => _byId.Values.Any(entry => entry.IsRegistering);

    /// <summary>The pools that may be traded, each where its newest state that was told stands; by ordinal order of the ids.</summary>
    public ImmutableArray<PoolPosition> Standing =>
        [.. _byId.Values.Where(entry => entry.Stands).OrderBy(entry => entry.Id).Select(entry => new PoolPosition(entry.Id, entry.At))];

    /// <summary>Nothing older than a slot is traded.</summary>
    public void Trust(ulong slot, Effects effects) => subscribers.Publish(new TrustFrom(null, slot), effects);

    /// <summary>Tells a change of a pool.</summary>
    public void Publish(PoolChange change, ActorRef<IFeedMessage> self, Effects effects)
    {
        if (change.State is null)
        {
            if (_entries.TryGetValue(change.Address, out var stopped))
                Distrust(stopped, effects);
            return;
        }

        if (!_entries.TryGetValue(change.Address, out var entry))
        {
            entry = new Entry(new PoolId(change.Address.ToString()));
            _entries.Add(change.Address, entry);
            _byId.Add(entry.Id, entry);
        }

        var pool = change.State.ToPool();
        entry.Next = new ObserveReserves(entry.Id, pool.Curve.State, PositionOf(change)) { Venue = pool.Venue };
        if (entry.IsRegistering)
        {
            entry.NextPool = pool;
            return;
        }

        Tell(entry, pool, change.State, self, effects);
    }

    /// <summary>A pool that an earlier feed may have told is not traded.</summary>
    public void Distrust(PoolId pool, Effects effects) => subscribers.Publish(new TrustFrom(pool, ulong.MaxValue), effects);

    /// <summary>A configuration is in force, or was refused.</summary>
    public void Registered(PoolRegistered registered, ActorRef<IFeedMessage> self, Effects effects)
    {
        if (!_byId.TryGetValue(registered.Pool, out var entry) || !entry.IsRegistering)
            return;
        entry.IsRegistering = false;
        entry.Stands &= registered.Rejection is null;
        // One that a person retired is not told again with every change: it is observed, which counts once a person takes it up again.
        if (registered.Rejection is { Code: not ReasonCode.RetiredPool } rejection)
        {
            live.PoolRejected();
            live.Failed($"pool {registered.Pool}: {rejection.Code} {rejection.Detail}");
            entry.Configured = null;
        }

        if (entry.NextPool is { } pool)
            Tell(entry, pool, null, self, effects);
        else if (registered.Rejection is null)
            Observe(entry, effects);
    }

    private void Tell(Entry entry, Pool pool, SolanaPool? tokens, ActorRef<IFeedMessage> self, Effects effects)
    {
        entry.NextPool = null;
        if (entry.Configured is { } configured && SameShape(configured, pool))
        {
            Observe(entry, effects);
            return;
        }

        if (tokens is not null)
        {
            Register(tokens.Mint0, tokens.Decimals0, effects);
            Register(tokens.Mint1, tokens.Decimals1, effects);
        }

        entry.Configured = pool with { Venue = null };
        entry.IsRegistering = true;
        effects.Send<IRegistryMessage>(registry, new ChangePool(new ConfigurePool(entry.Configured), self));
    }

    private void Observe(Entry entry, Effects effects)
    {
        if (entry.Next is not { } next)
            return;
        entry.Next = null;
        (entry.Stands, entry.At) = (true, next.At);
        if (!entry.IsTrusted)
        {
            entry.IsTrusted = true;
            subscribers.Publish(new TrustFrom(entry.Id, next.At.NewestSlot), effects);
        }

        metrics.Observed();
        effects.Send<IPoolMessage>(pools, next);
    }

    private void Distrust(Entry entry, Effects effects)
    {
        entry.Next = null;
        entry.NextPool = null;
        entry.Stands = false;
        if (!entry.IsTrusted)
            return;
        entry.IsTrusted = false;
        subscribers.Publish(new TrustFrom(entry.Id, ulong.MaxValue), effects);
    }

    private void Register(Address mint, int? decimals, Effects effects)
    {
        if (!_tokens.Add(mint))
            return;
        var id = mint.ToString();
        effects.Send<IRegistryMessage>(
            registry,
            new ChangeToken(new RegisterToken(new Token
            {
                Id = new TokenId(id),
                Mint = id,
                Decimals = decimals,
                Value = values.OfBaseUnit(mint, decimals),
            })));
    }

    private static bool SameShape(Pool configured, Pool pool) =>
        configured.Curve.State.Length == pool.Curve.State.Length
        && configured.Equals(pool with { Venue = null, Curve = pool.Curve.WithState(configured.Curve.State) });

    private static PositionVector PositionOf(PoolChange change)
    {
        Span<ChainPosition> at = stackalloc ChainPosition[change.At.Length];
        for (var i = 0; i < at.Length; i++)
            at[i] = new ChainPosition(change.At[i].Slot, change.At[i].WriteVersion);
        return new PositionVector(at);
    }

    private sealed class Entry(PoolId id)
    {
        public PoolId Id => id;

        /// <summary>The configuration that was told last.</summary>
        public Pool? Configured { get; set; }

        public bool IsRegistering { get; set; }

        public bool IsTrusted { get; set; }

        /// <summary>Whether it has a state that may be traded.</summary>
        public bool Stands { get; set; }

        /// <summary>Where its newest state is.</summary>
        public PositionVector At { get; set; }

        public ObserveReserves? Next { get; set; }

        /// <summary>The pool of <see cref="Next"/> where it came while a configuration was under way.</summary>
        public Pool? NextPool { get; set; }
    }
}
