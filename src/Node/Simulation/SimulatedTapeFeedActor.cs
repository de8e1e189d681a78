using System.Collections.Immutable;
using QTrade.Actors;
using QTrade.Messages;
using QTrade.Messages.Pools;
using QTrade.Messages.Routing;
using QTrade.Node.Feeds;

namespace QTrade.Node.Simulation;

/// <summary>
/// Plays the simulated chain as a tape: cuts lie after so many observations, whatever the time, and nothing is shown behind a cut that is not decided. Our own trades do not move it. The chain is a function of its
/// market and options alone, so a feed that begins anew plays silently up to the last cut that is over, and goes on with the same bytes.
/// </summary>
public sealed class SimulatedTapeFeedActor : Actor<IFeedMessage>
{
    private const string AgainTimer = "again";

    /// <summary>Swaps of one turn: a few milliseconds.</summary>
    internal const int SwapsPerTurn = 5_000;

    // Swaps that pools may refuse in a row: a market that is all empty is cut all the same.
    private const int RefusalsMax = 100_000;

    // What was lost on the way is told again; states too, if the cut alone did not help.
    private const int StatesAgainEvery = 8;

    private readonly SimulatedChain _chain;
    private readonly FeedPace _pace;
    private readonly TapeCutOptions _options;
    private readonly FeedParts _parts;
    private readonly ImmutableArray<int> _byId;
    private readonly ChainObservation[] _shown;
    private readonly TapeCuts _cuts;
    private long _tick;
    private int _swapsLeft;
    private long _asked;
    private int _firstAgain;
    private bool _stopped;
    private bool _isPlaying;
    private bool _isSilent;
    private bool _isInCut;
    private int _inCut;
    private int _refused;

    /// <param name="chain">The chain from its beginning.</param>
    /// <param name="pace">How many swaps fall into a slot.</param>
    /// <param name="options">Where the cuts lie.</param>
    /// <param name="parts">Who is told.</param>
    public SimulatedTapeFeedActor(SimulatedChain chain, FeedPace pace, TapeCutOptions options, FeedParts parts)
    {
        (_chain, _pace, _options, _parts) = (chain, pace, options, parts);
        _cuts = new TapeCuts(options.Tape, parts.Router, options.Cuts);
        _byId = [.. Enumerable.Range(0, chain.PoolCount).OrderBy(pool => chain[pool].Id)];
        _shown = new ChainObservation[chain.PoolCount];
    }

    public override void Handle(IFeedMessage message, Effects effects)
    {
        switch (message)
        {
            case StartFeed:
                _cuts.Tell(effects);
                effects.ScheduleRepeatedly(AgainTimer, TapeCuts.AgainAfter, Self, FeedTick.Instance);
                break;
            case FeedTick when _cuts.Waits:
                TellAgain(effects);
                break;
            case FeedTick:
                break;
            case TapeCutOver over when !_stopped:
                Take(over, effects);
                break;
            case StopFeed:
                (_stopped, _isPlaying) = (true, false);
                effects.CancelTimer(AgainTimer);
                break;
            case FeedPlay when !_stopped:
                Play(effects);
                break;
            case TapeCutOver or SettleOnChain or FeedPlay or TokenOnChain or PoolRegistered:
                // What follows from a decision must not reach a later one, nor does what persons add: every draw depends on the pools.
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(message), message.GetType().Name, "not a message of a tape's feed");
        }
    }

    private void Take(TapeCutOver over, Effects effects)
    {
        if (!_cuts.Take(over))
            return;
        _asked = 0;
        if (!_isPlaying)
            Play(effects);
    }

    private void TellAgain(Effects effects)
    {
        if (++_asked % StatesAgainEvery == 0 && _cuts.Number > 0)
            TellStates(effects);
        _cuts.Tell(effects);
    }

    /// <summary>Each time from another pool on: where there are more than may wait for the broker, all get through in the end.</summary>
    private void TellStates(Effects effects)
    {
        _firstAgain = (_firstAgain + (_byId.Length / 2)) % Math.Max(1, _byId.Length);
        for (var i = 0; i < _byId.Length; i++)
            Tell(_shown[_byId[(_firstAgain + i) % _byId.Length]], effects);
    }

    /// <summary>
    /// Goes on to the next cut that is not over, silently up to the last that is, and tells it. In turns of so many swaps: a feed that takes over plays what a day
    /// of others played, and is to be stopped or asked meanwhile.
    /// </summary>
    private void Play(Effects effects)
    {
        _isPlaying = true;
        for (var left = SwapsPerTurn; left > 0;)
        {
            if (!_isInCut && !BeginCut(effects))
            {
                _isPlaying = false;
                return;
            }

            if (!PlayCut(_isSilent ? null : effects, ref left))
                break;
            _isInCut = false;
            _cuts.Lay(_chain.Slot, [.. _byId.Select(pool => new PoolPosition(_chain[pool].Id, new PositionVector(_shown[pool].At)))]);
            if (!_cuts.Waits)
                continue;
            _cuts.Tell(effects);
            _isPlaying = false;
            return;
        }

        effects.Send<IFeedMessage>(Self, new FeedPlay());
    }

    /// <summary>False at the end of the tape.</summary>
    private bool BeginCut(Effects effects)
    {
        var wasSilent = _isSilent;
        _isSilent = _cuts.IsPast;
        if (wasSilent && !_isSilent)
            TellStates(effects);
        if (_cuts.Ended && !_isSilent)
            return false;
        (_isInCut, _inCut, _refused) = (true, 0, 0);
        return true;
    }

    /// <summary>Plays a cut, or a part of it; silently where there are no effects. The first one is the market as the chain begins.</summary>
    /// <returns>Whether all of it is played.</returns>
    private bool PlayCut(Effects? effects, ref int left)
    {
        if (_cuts.Number == 0)
        {
            for (var pool = 0; pool < _chain.PoolCount; pool++)
                Show(_chain.Observe(pool), effects);
            left -= _chain.PoolCount;
            return true;
        }

        for (; _inCut < _options.CutEvery && _refused < RefusalsMax; left--)
        {
            if (left <= 0)
                return false;
            if (!TrySwap(effects, out var observation))
            {
                _refused++;
                continue;
            }

            Show(observation, effects);
            _inCut++;
            _refused = 0;
        }

        return true;
    }

    private bool TrySwap(Effects? effects, out ChainObservation observation)
    {
        while (_swapsLeft == 0)
        {
            if (_pace.BeginsSlot(_tick))
            {
                _chain.AdvanceSlot();
                if (effects is not null)
                    _parts.Subscribers.Publish(new SlotObserved(_chain.Slot), effects);
            }

            _swapsLeft = _pace.SwapsIn(_tick++);
        }

        _swapsLeft--;
        return _chain.TryNoise(out observation);
    }

    private void Show(in ChainObservation observation, Effects? effects)
    {
        _shown[observation.Pool] = observation;
        if (effects is null)
            return;
        _parts.Metrics.Observed();
        Tell(observation, effects);
    }

    private void Tell(in ChainObservation observation, Effects effects) => effects.Send<IPoolMessage>(
        _parts.Pools, new ObserveReserves(_chain[observation.Pool].Id, observation.State, new PositionVector(observation.At)) { Venue = observation.Venue });
}
