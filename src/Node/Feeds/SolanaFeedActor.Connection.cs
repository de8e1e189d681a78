using QTrade.Actors;
using QTrade.Node.Simulation;
using QTrade.Solana.Feed;

namespace QTrade.Node.Feeds;

/// <summary>The connection: made, taken from, given up, and made again where it was lost.</summary>
public sealed partial class SolanaFeedActor
{
    private void Connect(Effects effects) =>
        effects.RunAsync<IFeedMessage, IFeedMessage>(_edge.ConnectAsync, Self, Same, failure => new FeedUnconnected($"connect: {failure.Reason}"));

    private void Begin(FeedConnected connected, Effects effects)
    {
        _setup.Live.Connected(connected.Endpoint);
        effects.CancelTimer(ReconnectTimer);
        var connection = connected.Connection;
        _connection = connection;
        _dropped = null;
        _minContextSlot = Math.Max(connected.Slot, _view.Seen);

        // A journal so far ahead is another chain's.
        var stood = _setup.Stood.Values.DefaultIfEmpty().Max();
        if (stood > _minContextSlot && stood - _minContextSlot <= ChainView.AheadMax)
            _minContextSlot = stood;
        _gaps = _view.Counts.Gaps;
        _heardAt = effects.Now;
        _begunAt = effects.Now;
        _audit.Begin(effects.Now);
        _reads.Clear();
        _unsettled.Clear();
        _told = 0;
        _open.Clear();
        _requests.Clear();
        _standing.Clear();
        _view.TakeWanted();
        _view.TakeUnwanted();
        _publisher.Trust(_minContextSlot, effects);
        Take(connection, effects);
        Want([.. _view.Needed], [], effects);
        Discover(effects);
    }

    private void Take(long connection, Effects effects) =>
        effects.RunAsync<IFeedMessage, IFeedMessage>(
            stop => _edge.TakeAsync(connection, stop), Self, Same, failure => new FeedBatch(connection, null, failure.Reason));

    /// <summary>Gives a connection up. One that cannot be closed, or be taken from, is at its end too.</summary>
    private void Drop(long connection, string reason, Effects effects)
    {
        _dropped ??= $"{_setup.Live.Endpoint}: {reason}";
        effects.RunAsync<IFeedMessage, IFeedMessage>(
            _ => _edge.DropAsync(connection), Self, Same, failure => new FeedBatch(connection, null, failure.Reason));
    }

    /// <summary>Nothing is vouched for until everything was read again on a new connection.</summary>
    private void Lose(string reason, Effects effects)
    {
        _setup.Live.Disconnected(reason);
        _connection = null;
        _view.Lose();
        _publisher.Trust(ulong.MaxValue, effects);
        Publish(effects);
        if (_stopped)
            return;
        effects.Schedule<IFeedMessage>(ReconnectTimer, _setup.PauseAfter(_failures++), Self, new FeedReconnect());
    }
}
