using QTrade.Actors;
using QTrade.Actors.Work;
using QTrade.Messages.Routing;
using QTrade.Node.Simulation;
using QTrade.Solana.Feed;
using QTrade.Solana.Tapes;

namespace QTrade.Node.Feeds;

/// <summary>
/// Plays a tape through the same view as a live feed, entry by entry, so that it ends in the same states. What the pools need comes by
/// itself, since the recording feed read it.
/// </summary>
public sealed class TapeFeedActor : Actor<IFeedMessage>
{
    private const string PlayTimer = "play";

    private readonly SolanaFeedSetup _setup;
    private readonly TapePlayer _player;
    private readonly ChainView _view;
    private readonly PoolPublisher _publisher;
    private readonly List<PoolChange> _changes = [];
    private ulong _slot;
    private bool _stopped;

    /// <param name="setup">What it works with.</param>
    /// <param name="player">Its tape.</param>
    public TapeFeedActor(SolanaFeedSetup setup, TapePlayer player)
    {
        _setup = setup;
        _player = player;
        _view = new ChainView(setup.Assembly, setup.PoolsMax, setup.Live.Refusals);
        _publisher = new PoolPublisher(setup.Pools, setup.Registry, setup.Subscribers, setup.Values, setup.Metrics, setup.Live);
    }

    /// <inheritdoc/>
    public override void Handle(IFeedMessage message, Effects effects)
    {
        switch (message)
        {
            case StartFeed:
                _publisher.Trust(0, effects);
                _setup.Live.Connected(_player.Name);
                Read(effects);
                break;
            case StopFeed:
                _stopped = true;
                effects.CancelTimer(PlayTimer);
                break;
            case FeedPlay when !_stopped:
                Read(effects);
                break;
            case FeedTapeRead read when !_stopped:
                Play(read, effects);
                break;
            case PoolRegistered registered:
                _publisher.Registered(registered, Self, effects);
                break;
            case FeedPlay or FeedTapeRead or SettleOnChain:
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(message), message.GetType().Name, "not a message of the feed");
        }
    }

    private void Read(Effects effects) =>
        effects.RunAsync<FeedTapeRead, IFeedMessage>(_player.ReadAsync, Self, read => read, Broken);

    private static FeedTapeRead Broken(WorkFailure failure) => new([], true, 0, failure.Reason);

    private void Play(FeedTapeRead read, Effects effects)
    {
        foreach (var entry in read.Entries)
            Play(entry, effects);
        _setup.Live.Show(_view.Counts, _view.Seen, TimeSpan.Zero);
        if (!read.Ended)
        {
            Read(effects);
            return;
        }

        _setup.Live.TapeEnded(
            read.Fault is { } fault ? $"tape: {fault}"
            : read.TornBytes > 0 ? $"tape: its last {read.TornBytes} bytes are torn and were left out"
            : null);
    }

    private void Play(in TapeEntry entry, Effects effects)
    {
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
            _publisher.Publish(change, Self, effects);
        if (_view.Seen <= _slot)
            return;
        _slot = _view.Seen;
        _setup.Subscribers.Publish(new SlotObserved(_slot), effects);
    }
}
