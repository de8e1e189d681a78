using System.Collections.Immutable;
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
public sealed class SolanaFeedActor : Actor<IFeedMessage>
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
    private readonly Queue<Address> _toRead = new();
    private readonly HashSet<Address> _standing = [];
    private readonly HashSet<Address> _queued = [];
    private readonly List<Address> _failed = [];
    private readonly HashSet<Address> _unsettled = [];
    private readonly OpenSubscriptions _open;
    private readonly HashSet<Address> _toSubscribe = [];
    private readonly HashSet<Address> _toUnsubscribe = [];
    private bool _sending;
    private long _ends;
    private ImmutableArray<Address> _audited = [];
    private int _auditNext;
    private DateTimeOffset _auditedAt;
    private long? _connection;
    private string? _dropped;
    private ulong _minContextSlot;
    private int _reads;
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
                _sending = false;
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

    private void Connect(Effects effects) =>
        effects.RunAsync<IFeedMessage, IFeedMessage>(_edge.ConnectAsync, Self, Same, failure => new FeedUnconnected($"connect: {failure.Reason}"));

    /// <summary>Gives a connection up. One that cannot be closed, or be taken from, is at its end too.</summary>
    private void Drop(long connection, string reason, Effects effects)
    {
        _dropped ??= $"{_setup.Live.Endpoint}: {reason}";
        effects.RunAsync<IFeedMessage, IFeedMessage>(
            _ => _edge.DropAsync(connection), Self, Same, failure => new FeedBatch(connection, null, failure.Reason));
    }

    private void Take(long connection, Effects effects) =>
        effects.RunAsync<IFeedMessage, IFeedMessage>(
            stop => _edge.TakeAsync(connection, stop), Self, Same, failure => new FeedBatch(connection, null, failure.Reason));

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

    private void Begin(FeedConnected connected, Effects effects)
    {
        _setup.Live.Connected(connected.Endpoint);
        effects.CancelTimer(ReconnectTimer);
        var connection = connected.Connection;
        _connection = connection;
        _dropped = null;
        _reads = 0;
        _minContextSlot = Math.Max(connected.Slot, _view.Seen);

        // A journal so far ahead is another chain's.
        var stood = _setup.Stood.Values.DefaultIfEmpty().Max();
        if (stood > _minContextSlot && stood - _minContextSlot <= ChainView.AheadMax)
            _minContextSlot = stood;
        _gaps = _view.Counts.Gaps;
        _heardAt = effects.Now;
        _begunAt = effects.Now;
        _auditedAt = effects.Now;
        _toRead.Clear();
        _queued.Clear();
        _failed.Clear();
        _unsettled.Clear();
        _told = 0;
        _open.Clear();
        _toSubscribe.Clear();
        _toUnsubscribe.Clear();
        _sending = false;
        _ends = 0;
        _standing.Clear();
        _view.TakeWanted();
        _view.TakeUnwanted();
        _publisher.Trust(_minContextSlot, effects);
        Take(connection, effects);
        Want([.. _view.Needed], [], effects);
        Discover(effects);
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

    private void Accept(ImmutableArray<StandingSubscription> subscribed, DateTimeOffset now)
    {
        foreach (var (account, ends) in subscribed)
        {
            if (!_open.Accept(account, now, ends))
                continue;
            // One that stopped being needed while it was asked for could not be ended before.
            if (_view.Needs(account))
                Unsettle(account);
            else
                _toUnsubscribe.Add(account);
        }
    }

    /// <summary>An account that is not subscribed to is not read either, so that its pools stay incomplete.</summary>
    private void Refuse(SocketBatch batch, DateTimeOffset now)
    {
        _setup.Live.SubscriptionRefused(batch.Refused.Length);
        _setup.Live.Failed(
            $"{_setup.Live.Endpoint}: subscription of {batch.Refused[0]} refused: {batch.Refusal}; follow fewer pools (qtrade.solana.pools-max) or name an endpoint that allows more in qtrade.solana.rpc");

        // One that stands by an earlier request is as good as accepted.
        foreach (var account in batch.Refused.Where(_open.Waits))
            _open.Refuse(account, now);
    }

    /// <summary>
    /// The connection told a new slot: what was put aside until then is read as of that slot or later. What was read before could be older than
    /// what is told, and so could the node be that answers now: behind one address there may be several.
    /// </summary>
    private void Settle(SocketBatch batch)
    {
        var told = _told;
        foreach (var update in batch.Updates)
        {
            // One that the view refused as too far ahead tells nothing.
            if (update.At.Slot <= _view.Seen)
                told = Math.Max(told, update.At.Slot);
        }

        if (told == _told)
            return;
        _told = told;
        foreach (var account in _unsettled.Where(_view.Needs))
        {
            _standing.Add(account);
            _view.Doubt(account, told);
            Ask(account);
        }

        _unsettled.Clear();
    }

    /// <summary>
    /// What an account came to is told from now on only, or was told and cannot be read, in a slot that is not known: it is the next one that
    /// this connection tells at the latest. Which that is neither reads nor an earlier connection tell, and a node that is asked for it sooner refuses.
    /// </summary>
    private void Unsettle(Address account)
    {
        _view.Doubt(account, _told + 1);
        _unsettled.Add(account);
    }

    private void Take(FeedAccountsRead read, Effects effects)
    {
        _reads--;
        if (read.Answer is { } answer)
        {
            foreach (var update in answer.Accounts)
                _view.Take(update);
        }
        else
        {
            _setup.Live.Failed(read.Fault ?? "read of accounts");
            _failed.AddRange(read.Asked);
        }

        GoOn(effects);
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

    private void Want(ImmutableArray<WantedAccount> wanted, ImmutableArray<Address> unwanted, Effects effects)
    {
        if (wanted.IsEmpty && unwanted.IsEmpty)
            return;
        foreach (var account in unwanted)
        {
            _open.Remove(account);
            _standing.Remove(account);
            _toSubscribe.Remove(account);
            _toUnsubscribe.Add(account);
        }

        foreach (var account in wanted)
        {
            if (account.Subscribe)
                Subscribe(account.Address, effects.Now);
            else
                Ask(account.Address);
        }

        Read(effects);
        Send(effects);
    }

    private void Subscribe(Address account, DateTimeOffset now)
    {
        // What is to be ended is so before what is asked for.
        _open.Ask(account, now, _ends + (_toUnsubscribe.Count > 0 ? 1 : 0));
        _toSubscribe.Add(account);
    }

    /// <summary>One at a time: an end that overtook what it is to end, or was overtaken by what follows it, would leave an account that nobody tells.</summary>
    private void Send(Effects effects)
    {
        if (_sending || _connection is not { } connection || (_toSubscribe.Count == 0 && _toUnsubscribe.Count == 0))
            return;
        _sending = true;
        ImmutableArray<Address> subscribe = [.. _toSubscribe], unsubscribe = [.. _toUnsubscribe];
        _toSubscribe.Clear();
        _toUnsubscribe.Clear();
        _ends += unsubscribe.IsEmpty ? 0 : 1;
        effects.RunAsync<IFeedMessage, IFeedMessage>(
            stop => _edge.SendAsync(connection, subscribe, unsubscribe, stop), Self, Same, failure => new FeedSent(connection, failure.Reason));
    }

    /// <summary>An account waits once at most, however often it is asked for, and again where a read of it is under way, which may be too early.</summary>
    private void Ask(Address account)
    {
        if (_queued.Add(account))
            _toRead.Enqueue(account);
    }

    private void Read(Effects effects)
    {
        while (_reads < ReadsMax && _toRead.Count > 0 && _connection is { } connection)
        {
            var batch = ImmutableArray.CreateBuilder<Address>();
            var minContextSlot = _minContextSlot;
            while (batch.Count < RpcClient.AccountsMax && _toRead.TryDequeue(out var account))
            {
                _queued.Remove(account);
                // It is read once its slot was told.
                if (_unsettled.Contains(account))
                    continue;
                batch.Add(account);
                minContextSlot = Math.Max(minContextSlot, _view.NotBefore(account));
            }

            if (batch.Count == 0)
                return;
            var accounts = batch.DrainToImmutable();
            _reads++;
            effects.RunAsync<IFeedMessage, IFeedMessage>(
                stop => _edge.ReadAsync(connection, accounts, minContextSlot, stop),
                Self,
                Same,
                failure => new FeedAccountsRead(connection, accounts, null, $"read of accounts: {failure.Reason}"));
        }
    }

    private void Look(Effects effects)
    {
        if (_connection is not { } connection)
            return;
        foreach (var failed in _failed)
            Ask(failed);
        _failed.Clear();
        // Where the clock was set back all count from there.
        _begunAt = _begunAt > effects.Now ? effects.Now : _begunAt;
        _heardAt = _heardAt > effects.Now ? effects.Now : _heardAt;
        _auditedAt = _auditedAt > effects.Now ? effects.Now : _auditedAt;
        if (effects.Now - _heardAt > _setup.Silence)
        {
            _setup.Live.FellSilent();
            _heardAt = effects.Now;
            Drop(connection, $"no new slot was told within {_setup.Silence.TotalSeconds:0.###} s (qtrade.solana.silence)", effects);
            return;
        }

        if (effects.Now - _auditedAt >= _setup.AuditInterval && _toRead.Count == 0)
            Audit(effects.Now);
        Read(effects);
        var again = _open.TakeDue(effects.Now, RetriesMax, out var unanswered);
        _setup.Live.SubscriptionRetried(again.Length);
        if (unanswered is { } account)
            _setup.Live.Failed($"{_setup.Live.Endpoint}: subscription of {account} not answered in time, asked for again; name another endpoint in qtrade.solana.rpc if it stays so");
        _toSubscribe.UnionWith(again);
        Send(effects);
    }

    private void Audit(DateTimeOffset now)
    {
        _auditedAt = now;
        if (_auditNext >= _audited.Length)
        {
            // One that is not followed is not vouched for by a read.
            _audited = [.. _view.Needed.Where(account => !account.Subscribe || _standing.Contains(account.Address)).Select(account => account.Address)];
            _auditNext = 0;
        }

        for (var count = 0; count < RpcClient.AccountsMax && _auditNext < _audited.Length; count++)
            Ask(_audited[_auditNext++]);
    }
}
