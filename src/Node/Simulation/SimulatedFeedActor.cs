using System.Collections.Immutable;
using QTrade.Actors;
using QTrade.Markets;
using QTrade.Messages;
using QTrade.Messages.Execution;
using QTrade.Messages.Pools;
using QTrade.Messages.Registry;
using QTrade.Messages.Routing;
using QTrade.Node.Actors;
using QTrade.Node.Feeds;

namespace QTrade.Node.Simulation;

/// <summary>
/// Hosts the simulated chain: lets it live by the system's clock and tells what it shows. A feed that falls behind its clock catches
/// up by at most <see cref="CatchUpTicksMax"/> ticks at once; the chain's time, not its order of events, suffers from the rest.
/// </summary>
public sealed class SimulatedFeedActor : Actor<IFeedMessage>
{
    /// <summary>Ticks made up for at once.</summary>
    public const int CatchUpTicksMax = 20;

    // A swap of ours moves the chain unless the pool has moved away meanwhile and would give less than this share of the fill.
    private const double SlippageLimit = 0.995;

    private const string TickTimer = "tick";

    private readonly SimulatedChain _chain;
    private readonly FeedPace _pace;
    private readonly FeedMetrics _metrics;
    private readonly ActorRef<IPoolMessage> _pools;
    private readonly MarketSubscribers _subscribers;
    private readonly Dictionary<PoolId, int> _indices;
    private DateTimeOffset _startedAt;
    private DateTimeOffset _livedAt;
    private long _ticksDone;
    private long _tick;

    /// <param name="chain">The chain, resumed where the journal left it.</param>
    /// <param name="pace">How fast it lives.</param>
    /// <param name="pools">Who takes observations of pools.</param>
    /// <param name="subscribers">Who wants to know the newest slot.</param>
    /// <param name="metrics">Counts what the feed does.</param>
    public SimulatedFeedActor(
        SimulatedChain chain, FeedPace pace, ActorRef<IPoolMessage> pools, MarketSubscribers subscribers, FeedMetrics metrics)
    {
        _chain = chain;
        _pace = pace;
        _pools = pools;
        _subscribers = subscribers;
        _metrics = metrics;
        _indices = Enumerable.Range(0, chain.PoolCount).ToDictionary(pool => chain[pool].Id);
    }

    public override void Handle(IFeedMessage message, Effects effects)
    {
        switch (message)
        {
            case StartFeed:
                Start(effects);
                break;
            case FeedTick:
                Live(effects);
                break;
            case StopFeed:
                effects.CancelTimer(TickTimer);
                break;
            case SettleOnChain settle:
                Settle(settle.Legs, effects);
                break;
            case TokenOnChain known:
                _chain.Know(known.Token);
                break;
            case PoolRegistered { Rejection: null, Command: ConfigurePool configured }:
                Add(configured.Pool, effects);
                break;
            case TapeCutOver or PoolRegistered:
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(message), message.GetType().Name, "not a message of the feed");
        }
    }

    private void Start(Effects effects)
    {
        _startedAt = _livedAt = effects.Now;
        _ticksDone = 0;
        for (var pool = 0; pool < _chain.PoolCount; pool++)
            Tell(_chain.Observe(pool), effects);
        effects.ScheduleRepeatedly(TickTimer, _pace.Tick, Self, FeedTick.Instance);
    }

    private void Live(Effects effects)
    {
        var now = effects.Now;
        // Where the clock was set back the chain lives on from there: it would stand still for as long as that was.
        if (now < _livedAt)
            _startedAt -= _livedAt - now;
        _livedAt = now;
        var due = (now - _startedAt).Ticks / _pace.Tick.Ticks;
        var late = Math.Max(0, due - _ticksDone - CatchUpTicksMax);
        _metrics.TicksLost(late);
        for (_ticksDone += late; _ticksDone < due; _ticksDone++)
            Tick(effects);
    }

    private void Tick(Effects effects)
    {
        if (_pace.BeginsSlot(_tick))
            BeginSlot(effects);
        for (var swaps = _pace.SwapsIn(_tick); swaps > 0; swaps--)
        {
            if (_chain.TryNoise(out var observation))
                Tell(observation, effects);
            else
                _metrics.SwapRefused();
        }

        _tick++;
    }

    private void BeginSlot(Effects effects)
    {
        _chain.AdvanceSlot();
        _subscribers.Publish(new SlotObserved(_chain.Slot), effects);
    }

    /// <summary>What a person added lives at once.</summary>
    private void Add(Pool pool, Effects effects)
    {
        if (_chain.Add(pool) is not { } place)
            return;
        _indices[pool.Id] = place;
        Tell(_chain.Observe(place), effects);
    }

    private void Settle(ImmutableArray<SettledLeg> legs, Effects effects)
    {
        foreach (var leg in legs)
        {
            if (_indices.TryGetValue(leg.PoolId, out var pool)
                && _chain[pool].Tokens.IndexOf(leg.TokenIn) is >= 0 and var tokenIn
                && _chain[pool].Tokens.IndexOf(leg.TokenOut) is >= 0 and var tokenOut
                && _chain.TrySwap(pool, tokenIn, tokenOut, leg.Tender, leg.Receive * SlippageLimit, out var observation))
                Tell(observation, effects);
            else
                _metrics.SwapRefused();
        }
    }

    private void Tell(in ChainObservation observation, Effects effects)
    {
        _metrics.Observed();
        effects.Send<IPoolMessage>(
            _pools, new ObserveReserves(_chain[observation.Pool].Id, observation.State, new PositionVector(observation.At)) { Venue = observation.Venue });
    }
}
