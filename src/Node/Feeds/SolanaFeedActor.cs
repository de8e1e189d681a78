using QTrade.Actors;
using QTrade.Messages.Routing;
using QTrade.Node.Simulation;
using QTrade.Solana;
using QTrade.Solana.Feed;
using QTrade.Solana.Rpc;

namespace QTrade.Node.Feeds;

/// <summary>
/// Follows pools on a live chain. For every account that a pool needs it subscribes first and reads then, so that nothing between the two is
/// missed; after a connection was lost it does so for all of them before it vouches for anything. A connection whose clock stands still or
/// jumps is given up; what a lost notification left behind is found by reading all accounts again in turn.
/// </summary>
public sealed partial class SolanaFeedActor : Actor<IFeedMessage>
{
    /// <summary>Reads under way at once.</summary>
    public const int ReadsMax = 4;

    /// <summary>Subscriptions that were asked for again and are not answered.</summary>
    public const int RetriesMax = 100;

    private const string LookTimer = "look";
    private const string ReconnectTimer = "reconnect";
    private const string DiscoverTimer = "discover";

    private readonly SolanaFeedSetup _setup;
    private readonly ISolanaEdge _edge;
    private readonly ChainView _view;
    private readonly PoolPublisher _publisher;
    private readonly List<PoolChange> _changes = [];
    private readonly HashSet<Address> _standing = [];
    private readonly AccountReads _reads = new(ReadsMax);
    private readonly AccountAudit _audit;
    private readonly HashSet<Address> _unsettled = [];
    private readonly OpenSubscriptions _open;
    private readonly SubscriptionRequests _requests = new();
    private long? _connection;
    private string? _dropped;
    private ulong _minContextSlot;
    private int _failures;
    private bool _stopped;
    private long _gaps;
    private ulong _slot;
    private ulong _told;
    private DateTimeOffset _heardAt;
    private DateTimeOffset _begunAt;
    private bool _isSearchDue = true;
    private int _searchFailures;

    /// <param name="setup">What it works with.</param>
    /// <param name="edge">Its input and output.</param>
    public SolanaFeedActor(SolanaFeedSetup setup, ISolanaEdge edge)
    {
        _setup = setup;
        _edge = edge;
        _audit = new AccountAudit(setup.AuditInterval);
        _open = new OpenSubscriptions(setup.AnswerWithin, setup.PauseAfter);
        _view = new ChainView(setup.Assembly, setup.PoolsMax, setup.Live.Refusals);
        _publisher = new PoolPublisher(setup.Pools, setup.Registry, setup.Subscribers, setup.Values, setup.Metrics, setup.Live);
    }

    /// <inheritdoc/>
    public override void Handle(IFeedMessage message, Effects effects)
    {
        switch (message)
        {
            case StartFeed:
                Start(effects);
                break;
            case StopFeed:
                Stop(effects);
                break;
            case FeedConnected connected when !_stopped:
                Begin(connected, effects);
                break;
            case FeedUnconnected unconnected when !_stopped:
                Lose(unconnected.Reason, effects);
                break;
            case FeedBatch { Batch: { } batch } taken when taken.Connection == _connection:
                Take(batch, effects);
                Take(taken.Connection, effects);
                break;
            case FeedBatch { Batch: null } ended when ended.Connection == _connection:
                Lose(ended.Fault ?? _dropped ?? "the connection ended", effects);
                break;
            case FeedAccountsRead read when read.Connection == _connection:
                Take(read, effects);
                break;
            case FeedSent { Fault: { } fault } unsent when unsent.Connection == _connection:
                // What was not asked for is told by nobody: the next connection asks for all of it.
                _setup.Live.Failed(fault);
                Drop(unsent.Connection, fault, effects);
                break;
            case FeedSent sent when sent.Connection == _connection:
                _requests.Sent();
                Send(effects);
                break;
            case FeedPoolsFound found:
                Follow(found, effects);
                break;
            case FeedLook:
                Look(effects);
                break;
            case FeedReconnect when !_stopped:
                Connect(effects);
                break;
            case FeedDiscover when !_stopped:
                _isSearchDue = true;
                Discover(effects);
                break;
            case PoolRegistered registered:
                _publisher.Registered(registered, Self, effects);
                break;
            case FeedBatch or FeedAccountsRead or FeedConnected or FeedUnconnected or FeedSent or FeedReconnect or FeedDiscover or SettleOnChain or TapeCutOver:
                // Of a connection that ended, or of a paper fill, which moves no chain.
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(message), message.GetType().Name, "not a message of the feed");
        }
    }

    /// <inheritdoc/>
    public override void OnStop(Effects effects) => _edge.Leave(_connection);

    private static IFeedMessage Same(IFeedMessage message) => message;

    private void Start(Effects effects)
    {
        _publisher.Trust(ulong.MaxValue, effects);
        foreach (var pool in _setup.Stood.Keys.Order())
            _publisher.Distrust(pool, effects);
        foreach (var pool in _edge.Pools)
            _view.Follow(pool);
        effects.ScheduleRepeatedly<IFeedMessage>(LookTimer, _setup.LookInterval, Self, new FeedLook());
        Connect(effects);
    }

    private void Stop(Effects effects)
    {
        _stopped = true;
        effects.CancelTimer(LookTimer);
        effects.CancelTimer(ReconnectTimer);
        effects.CancelTimer(DiscoverTimer);
        if (_connection is { } connection)
        {
            effects.RunAsync<IFeedMessage, IFeedMessage>(
                _ => _edge.EndAsync(connection), Self, Same, failure => new FeedBatch(connection, null, failure.Reason));
        }
    }

    private void Take(SocketBatch batch, Effects effects)
    {
        // One that stands briefly, or stands and tells nothing, is a failure too.
        if (effects.Now - _begunAt >= _setup.RetryMax)
            _failures = 0;
        foreach (var update in batch.Updates)
            _view.Take(update);

        // What it told before is the measure: reads may be further on than the connection is, and the same slot again tells nothing.
        var told = _told;
        Settle(batch);
        if (_told > told || !batch.Subscribed.IsEmpty)
            _heardAt = effects.Now;
        Accept(batch.Subscribed, effects.Now);
        foreach (var account in batch.Unreadable)
            Unsettle(account);
        if (!batch.Refused.IsEmpty)
            Refuse(batch, effects.Now);
        Send(effects);
        GoOn(effects);
    }

    /// <summary>
    /// Searches where it is time to, and a connection stands, without which nothing that is found can be followed: where none does the next one begins with it. The next search begins an interval
    /// after this one has ended, or a shorter pause after one with a fault, however many connections are made meanwhile: it is the most that is asked of an endpoint.
    /// </summary>
    private void Discover(Effects effects)
    {
        if (!_isSearchDue || _connection is null)
            return;
        _isSearchDue = false;
        effects.RunAsync<IFeedMessage, IFeedMessage>(
            _edge.DiscoverAsync, Self, Same, failure => new FeedPoolsFound([], $"search for pools: {failure.Reason}"));
    }

    private void Follow(FeedPoolsFound found, Effects effects)
    {
        var pause = _setup.DiscoverInterval;
        if (found.Fault is { } fault)
        {
            _setup.Live.Failed(fault);
            pause = _setup.SearchPauseAfter(_searchFailures++);
        }
        else
        {
            _searchFailures = 0;
        }

        foreach (var pool in found.Pools)
            _view.Follow(pool);
        if (!_stopped)
            effects.Schedule<IFeedMessage>(DiscoverTimer, pause, Self, new FeedDiscover());
        GoOn(effects);
    }

    private void GoOn(Effects effects)
    {
        Publish(effects);
        if (_connection is not { } connection)
            return;
        Want(_view.TakeWanted(), _view.TakeUnwanted(), effects);
        Read(effects);
        if (_view.Counts.Gaps == _gaps)
            return;
        // Notifications are missing: what they told is not known, so nothing is.
        _gaps = _view.Counts.Gaps;
        Drop(connection, $"notifications are missing: the clock jumped by more than {ChainView.SkippedMax} slots", effects);
    }

    private void Publish(Effects effects)
    {
        _changes.Clear();
        _view.Settle(_changes);
        foreach (var change in _changes)
            _publisher.Publish(change, Self, effects);
        if (_view.Seen > _slot)
        {
            _slot = _view.Seen;
            _setup.Subscribers.Publish(new SlotObserved(_slot), effects);
        }

        var clock = _view.Clock;
        _setup.Live.Show(_view.Counts, _view.Seen, clock.UnixTime <= 0 ? TimeSpan.Zero : LagOf(clock, effects.Now));
    }

    private static TimeSpan LagOf(ChainClock clock, DateTimeOffset now)
    {
        var seconds = now.ToUnixTimeSeconds() - clock.UnixTime;
        return TimeSpan.FromSeconds(Math.Clamp(seconds, -86_400, 86_400));
    }

    private void Look(Effects effects)
    {
        if (_connection is not { } connection)
            return;
        _reads.AskAgain();
        // Where the clock was set back all count from there.
        _begunAt = _begunAt > effects.Now ? effects.Now : _begunAt;
        _heardAt = _heardAt > effects.Now ? effects.Now : _heardAt;
        _audit.CountFrom(effects.Now);
        if (effects.Now - _heardAt > _setup.Silence)
        {
            _setup.Live.FellSilent();
            _heardAt = effects.Now;
            Drop(connection, $"no new slot was told within {_setup.Silence.TotalSeconds:0.###} s (qtrade.solana.silence)", effects);
            return;
        }

        if (_audit.IsDue(effects.Now) && !_reads.Any)
            Audit(effects.Now);
        Read(effects);
        var again = _open.TakeDue(effects.Now, RetriesMax, out var unanswered);
        _setup.Live.SubscriptionRetried(again.Length);
        if (unanswered is { } account)
            _setup.Live.Failed($"{_setup.Live.Endpoint}: subscription of {account} not answered in time, asked for again; name another endpoint in qtrade.solana.rpc if it stays so");
        foreach (var due in again)
            _requests.Subscribe(due);
        Send(effects);
    }
}
