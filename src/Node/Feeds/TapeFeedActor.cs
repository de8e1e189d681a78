using QTrade.Actors;
using QTrade.Actors.Work;
using QTrade.Markets;
using QTrade.Messages.Routing;
using QTrade.Node.Simulation;
using QTrade.Solana;
using QTrade.Solana.Feed;
using QTrade.Solana.Tapes;

namespace QTrade.Node.Feeds;

/// <summary>
/// Plays a tape through the same view as a live feed, entry by entry, so that it ends in the same states. What the pools need comes by
/// itself, since the recording feed read it. Where the journal has states of its pools already it catches up with them first, and tells what they come to. Where its cuts are the tape's own, it stops at each until that is decided: at the first new slot after so many observations.
/// </summary>
public sealed class TapeFeedActor : Actor<IFeedMessage>
{
    private const string PlayTimer = "play";
    private const string AgainTimer = "again";

    private readonly SolanaFeedSetup _setup;
    private readonly TapePlayer _player;
    private readonly ChainView _view;
    private readonly PoolPublisher _publisher;
    private readonly List<PoolChange> _changes = [];
    private readonly TapeCuts? _cuts;
    private readonly Queue<TapeEntry> _held = new();
    private readonly Dictionary<Address, PoolChange> _caughtUp = [];
    private TapeResume? _resume;
    private FeedTapeRead? _end;
    private bool _over, _reading;
    private int _observed;
    private ulong _slot;
    private bool _stopped;

    /// <param name="setup">What it works with.</param>
    /// <param name="player">Its tape.</param>
    public TapeFeedActor(SolanaFeedSetup setup, TapePlayer player)
    {
        _setup = setup;
        _player = player;
        _view = new ChainView(setup.Assembly, setup.PoolsMax, setup.Live.Refusals);
        _resume = setup.Stood.IsEmpty ? null : new TapeResume(setup.Stood);
        _cuts = setup.Cuts is { } cuts ? new TapeCuts(cuts.Options.Tape, cuts.Router, cuts.Options.Cuts) : null;
        _publisher = new PoolPublisher(setup.Pools, setup.Registry, setup.Subscribers, setup.Values, setup.Metrics, setup.Live);
    }

    /// <inheritdoc/>
    public override void Handle(IFeedMessage message, Effects effects)
    {
        switch (message)
        {
            case StartFeed:
                _publisher.Trust(_resume is null ? 0 : ulong.MaxValue, effects);
                _setup.Live.Connected(_player.Name);
                Begin(effects);
                break;
            case StopFeed:
                _stopped = true;
                effects.CancelTimer(PlayTimer);
                effects.CancelTimer(AgainTimer);
                break;
            case TapeCutOver over when !_stopped:
                if (_cuts?.Take(over) == true)
                    GoOn(effects);
                break;
            case FeedTick:
                if (_cuts is { Waits: true })
                    _cuts.Tell(effects);
                break;
            case FeedPlay when !_stopped:
                Read(effects);
                break;
            case FeedTapeRead read when !_stopped:
                Play(read, effects);
                break;
            case PoolRegistered registered:
                _publisher.Registered(registered, Self, effects);
                // A cut may have waited for it.
                if (_cuts is { Waits: false } && !_stopped)
                    GoOn(effects);
                break;
            case FeedPlay or FeedTapeRead or TapeCutOver or SettleOnChain:
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(message), message.GetType().Name, "not a message of the feed");
        }
    }

    private void Read(Effects effects)
    {
        if (_reading)
            return;
        _reading = true;
        effects.RunAsync<FeedTapeRead, IFeedMessage>(_player.ReadAsync, Self, read => read, Broken);
    }

    private static FeedTapeRead Broken(WorkFailure failure) => new([], true, 0, failure.Reason);

    private void Begin(Effects effects)
    {
        if (_cuts is null)
        {
            Read(effects);
            return;
        }

        _cuts.Tell(effects);
        effects.ScheduleRepeatedly(AgainTimer, TapeCuts.AgainAfter, Self, FeedTick.Instance);
    }

    private void Play(FeedTapeRead read, Effects effects)
    {
        foreach (var entry in read.Entries)
            _held.Enqueue(entry);
        _reading = false;
        _end = read.Ended ? read : null;
        GoOn(effects);
    }

    /// <summary>Plays what was read, up to a cut that is to be decided first.</summary>
    private void GoOn(Effects effects)
    {
        while (_held.TryPeek(out var entry))
        {
            if (_cuts is { Waits: true } or { Ended: true } || (IsCutBefore(entry) && !TryCut(effects)))
                return;
            _held.Dequeue();
            Play(entry, effects);
        }

        _setup.Live.Show(_view.Counts, _view.Seen, TimeSpan.Zero);
        if (_over)
            return;
        if (_end is not { } read)
        {
            Read(effects);
            return;
        }

        if (_cuts is not null && _observed > 0 && _publisher.IsRegistering)
            return;
        _over = true;
        GoOnAtItsTime(effects);
        if (_cuts is not null && _observed > 0)
            TryCut(effects);
        _setup.Live.TapeEnded(
            read.Fault is { } fault ? $"tape: {fault}"
            : read.TornBytes > 0 ? $"tape: its last {read.TornBytes} bytes are torn and were left out"
            : null);
    }

    /// <summary>Before an entry of a new slot, where enough was observed since the last cut.</summary>
    private bool IsCutBefore(in TapeEntry next) =>
        _cuts is not null && _observed >= _setup.Cuts!.Value.Options.CutEvery && (next.Kind != TapeEntryKind.Account || next.Update!.At.Slot > _view.Seen);

    /// <summary>
    /// Lays a cut once no configuration is under way: what is refused is in none, and what is accepted is told first. Whether it may be played on at once: it was decided before.
    /// </summary>
    private bool TryCut(Effects effects)
    {
        if (_publisher.IsRegistering)
            return false;
        _observed = 0;
        // Of no pool as well: the numbers follow from the tape alone.
        _cuts!.Lay(_slot, _publisher.Standing);
        if (_cuts.Waits)
            _cuts.Tell(effects);
        return !_cuts.Waits;
    }

    /// <summary>What was played before is caught up with: what its pools came to is told, and everything is vouched for from here on.</summary>
    private void GoOnAtItsTime(Effects effects)
    {
        if (_resume is null)
            return;
        _resume = null;
        foreach (var change in _caughtUp.Values)
        {
            if (change.State is null)
                _publisher.Distrust(new PoolId(change.Address.ToString()), effects);
            else
                _publisher.Publish(change, Self, effects);
        }

        _caughtUp.Clear();
        ShowSlot(effects);
        _publisher.Trust(0, effects);
    }

    private void Play(in TapeEntry entry, Effects effects)
    {
        _resume?.Take(entry);
        if (_resume is { IsOver: true })
            GoOnAtItsTime(effects);
        switch (entry.Kind)
        {
            case TapeEntryKind.Account:
                _view.Take(entry.Update!);
                break;
            case TapeEntryKind.Follow:
                _view.Follow(entry.Pool);
                break;
            case TapeEntryKind.Lost:
                _view.Lose();
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(entry), entry.Kind, "not a kind of entry");
        }

        _changes.Clear();
        _view.Settle(_changes);
        foreach (var change in _changes)
        {
            if (_resume is not null)
            {
                _caughtUp[change.Address] = change;
                continue;
            }

            _publisher.Publish(change, Self, effects);
            _observed += change.State is null ? 0 : 1;
        }

        if (_resume is null)
            ShowSlot(effects);
    }

    private void ShowSlot(Effects effects)
    {
        if (_view.Seen <= _slot)
            return;
        _slot = _view.Seen;
        _setup.Subscribers.Publish(new SlotObserved(_slot), effects);
    }
}
