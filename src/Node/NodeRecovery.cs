using System.Collections.Immutable;
using QTrade.Actors.EventSourcing;
using QTrade.Actors.Journal;
using QTrade.Markets;
using QTrade.Messages;
using QTrade.Messages.Cluster;
using QTrade.Messages.Execution;
using QTrade.Messages.Pools;
using QTrade.Messages.Registry;
using QTrade.Messages.Routing;
using QTrade.Node.Actors;
using QTrade.Trading.Cluster;
using QTrade.Trading.Execution;
using QTrade.Trading.Pools;
using QTrade.Trading.Registry;
using QTrade.Trading.Routing;

namespace QTrade.Node;

/// <summary>What one ordered scan of the journal recovered of a node.</summary>
public sealed record NodeRecovery
{
    /// <summary>Nothing was read: each actor reads its own events when it starts.</summary>
    public static NodeRecovery None { get; } = new()
    {
        Entities = RecoveredEntities.None,
        Unreadable = UnreadableEvents.None,
        Time = TimeSpan.Zero,
        Pools = [],
        Operated = [],
        UnfinishedTrades = [],
        Router = RouterState.Initial,
        Slot = 0,
    };

    /// <summary>Every entity, for the actors to take over.</summary>
    public required RecoveredEntities Entities { get; init; }

    /// <summary>Stored events that could not be used.</summary>
    public required UnreadableEvents Unreadable { get; init; }

    /// <summary>How long the scan took.</summary>
    public required TimeSpan Time { get; init; }

    /// <summary>Pools that the journal knows the configuration of.</summary>
    public required ImmutableArray<PoolId> Pools { get; init; }

    /// <summary>Pools that a person added, changed or retired, as that left them.</summary>
    public required ImmutableArray<PoolConfigurationState> Operated { get; init; }

    /// <summary>Trades with an intent and no outcome.</summary>
    public required ImmutableArray<TradeIntent> UnfinishedTrades { get; init; }

    /// <summary>The router as the last run left it.</summary>
    public required RouterState Router { get; init; }

    /// <summary>Newest slot of any pool's state, 0 where there is none.</summary>
    public required ulong Slot { get; init; }

    /// <summary>Reads the journal's end once, in its order, and what lies behind it by entity. Nothing else may write to it meanwhile.</summary>
    /// <param name="journal">The journal.</param>
    /// <param name="limits">The executor's limits where the journal sets none.</param>
    /// <param name="time">Measures how long it takes.</param>
    /// <param name="eventsMax">Events at the journal's end that are read in its order.</param>
    /// <param name="detour">What an event read by its entity costs, in events read in order; 0: no more than the end is ever read in order.</param>
    public static NodeRecovery Read(
        IJournal journal,
        RiskLimits limits,
        TimeProvider time,
        int eventsMax = RecoveryScan.DefaultEventsMax,
        int detour = RecoveryScan.DefaultDetour)
    {
        var started = time.GetTimestamp();
        var entities = Scan(limits, eventsMax, detour).Run(journal);
        var pools = ImmutableArray.CreateBuilder<PoolId>();
        var operated = ImmutableArray.CreateBuilder<PoolConfigurationState>();
        var unfinished = ImmutableArray.CreateBuilder<TradeIntent>();
        var slots = ImmutableDictionary.CreateBuilder<PoolId, ulong>();
        ulong slot = 0;
        foreach (var id in entities.PersistenceIds)
        {
            switch (entities.Peek(id)!.State)
            {
                case PoolConfigurationState { Pool: { } pool } configuration:
                    pools.Add(pool.Id);
                    if (configuration.By is not null)
                        operated.Add(configuration);
                    break;
                case PoolState { Newest: { } newest }:
                    slots[newest.PoolId] = newest.At.NewestSlot;
                    slot = Math.Max(slot, newest.At.NewestSlot);
                    break;
                case TradeState { Intent: { } intent, Outcome: null }:
                    unfinished.Add(intent);
                    break;
            }
        }

        var router = entities.Peek(PersistenceIds.Router)?.State as RouterState ?? RouterState.Initial;
        if (entities.Before > 0)
            AddOlder(unfinished, router, entities, journal);
        return new NodeRecovery
        {
            Entities = entities,
            Unreadable = UnreadableEvents.Of(entities),
            Time = time.GetElapsedTime(started),
            Pools = pools.DrainToImmutable(),
            Operated = operated.DrainToImmutable(),
            UnfinishedTrades = unfinished.DrainToImmutable(),
            Router = router,
            Slot = slot,
            Slots = slots.ToImmutable(),
        };
    }

    /// <summary>The newest slot of the state of each pool that was ever observed.</summary>
    public ImmutableDictionary<PoolId, ulong> Slots { get; init; } = ImmutableDictionary<PoolId, ulong>.Empty;

    /// <summary>The last state of a pool, null where it was never observed.</summary>
    public ReservesChanged? NewestOf(PoolId id) => Entities.Peek(PersistenceIds.Pool(id))?.State is PoolState state ? state.Newest : null;

    /// <summary>A market as its file has it, with the pools that persons added or changed and without those that they retired.</summary>
    public Market Operate(Market market)
    {
        if (Operated.IsEmpty)
            return market;
        var operated = Operated.Select(configuration => configuration.Pool!.Id).ToHashSet();
        var tokens = market.Tokens.ToDictionary(token => token.Id);
        var pools = market.Pools.Where(pool => !operated.Contains(pool.Id)).ToList();
        foreach (var pool in Operated.Where(configuration => !configuration.Retired).Select(configuration => configuration.Pool!))
        {
            foreach (var id in pool.Tokens.Where(id => !tokens.ContainsKey(id)))
                tokens.Add(id, TokenOf(id) ?? new Token { Id = id, Value = 0 });
            pools.Add(pool);
        }

        return market with { Tokens = [.. tokens.Values], Pools = [.. pools] };
    }

    /// <summary>One line for a person.</summary>
    public string Describe() => Entities.Events == 0
        ? "The journal is new."
        : $"Recovered {Entities.Events:N0} events in {Time.TotalSeconds:0.00} s: {Pools.Length:N0} pools up to slot {Slot}, router epoch {Router.Epoch}"
            + $", {Router.Snapshots.HandedOut:N0} snapshots of which {Router.Open.Count:N0} are open, {UnfinishedTrades.Length:N0} trades unfinished.";

    private Token? TokenOf(TokenId id) => Entities.Peek(PersistenceIds.Token(id))?.State is TokenState state ? state.Token : null;

    /// <summary>Every unfinished trade is a route of an open solution: those with no event in the journal's end are looked up one by one.</summary>
    private static void AddOlder(
        ImmutableArray<TradeIntent>.Builder unfinished, RouterState router, RecoveredEntities entities, IJournal journal)
    {
        foreach (var solution in router.Open.Values)
        {
            foreach (var route in solution.Remaining)
            {
                var id = PersistenceIds.Trade(TradeId.Of(solution.SnapshotId, route.Index));
                if (entities.Peek(id) is null && TradeOf(journal, id) is { Intent: { } intent, Outcome: null })
                    unfinished.Add(intent);
            }
        }
    }

    private static TradeState TradeOf(IJournal journal, string persistenceId)
    {
        var state = TradeState.New;
        foreach (var stored in journal.Read(persistenceId, 0))
        {
            if (WireCodec<ITradeEvent>.Instance.TryDecode(stored.Data, out var change, out _))
                state = TradeRules.Apply(state, change);
        }

        return state;
    }

    private static RecoveryScan Scan(RiskLimits limits, int eventsMax, int detour) => new RecoveryScan(eventsMax, detour)
        .Add<IPoolEvent, PoolState>(
            "pool/", _ => PoolState.Unseen, PoolObservation.Apply, WireCodec<IPoolEvent>.Instance, PoolStateCodec.Instance)
        .Add<IPoolConfigurationEvent, PoolConfigurationState>(
            "config/", _ => PoolConfigurationState.Unknown, PoolRegistry.Apply, WireCodec<IPoolConfigurationEvent>.Instance, StateCodecs.PoolConfiguration)
        .Add<ITokenEvent, TokenState>("token/", _ => TokenState.Unknown, TokenRegistry.Apply, WireCodec<ITokenEvent>.Instance)
        .Add<ITradeEvent, TradeState>(
            "trade/", _ => TradeState.New, TradeRules.Apply, WireCodec<ITradeEvent>.Instance, isOver: trade => trade.Outcome is not null)
        .Add<IRouterEvent, RouterState>(
            PersistenceIds.Router, _ => RouterState.Initial, RouterJournal.Apply, WireCodec<IRouterEvent>.Instance, StateCodecs.Router)
        .Add<IExecutorEvent, ExecutorState>(
            PersistenceIds.Executor, _ => ExecutorState.Initial(limits), ExecutorRules.Apply, WireCodec<IExecutorEvent>.Instance,
            StateCodecs.Executor(limits))
        .Add<IRiskEvent, RiskState>(PersistenceIds.Risk, _ => RiskState.Initial, RiskRules.Apply, WireCodec<IRiskEvent>.Instance, StateCodecs.Risk)
        .Add<IFeedEvent, FeedTerm>(PersistenceIds.Feed, _ => FeedTerms.None, FeedTerms.Apply, WireCodec<IFeedEvent>.Instance);
}
