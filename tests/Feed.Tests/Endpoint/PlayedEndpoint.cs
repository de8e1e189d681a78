using System.Buffers.Binary;
using System.Collections.Immutable;
using QTrade.Node.Feeds;
using QTrade.Node.Simulation;
using QTrade.Solana;
using QTrade.Solana.Feed;
using QTrade.Solana.Rpc;

namespace QTrade.Feed.Tests.Endpoint;

/// <summary>An endpoint in virtual time: a chain with a slot every 400 ms, and a connection and requests that go as a spec says. Used inside the simulation only.</summary>
public sealed class PlayedEndpoint : ISolanaEdge
{
    public const string Name = "http://endpoint:1";

    public static readonly TimeSpan SlotTime = TimeSpan.FromMilliseconds(400);

    private readonly TimeProvider _time;
    private readonly Dictionary<Address, ChainAccount> _accounts = [];
    private readonly HashSet<Address> _subscribed = [];
    private readonly Queue<FeedBatch> _batches = new();
    private TaskCompletionSource<IFeedMessage>? _taker;
    private long _connection;
    private long _ends;
    private bool _stands;
    private readonly Queue<Address> _asked = new();
    private int _searching;

    public PlayedEndpoint(TimeProvider time)
    {
        _time = time;
        time.CreateTimer(_ => NextSlot(), null, SlotTime, SlotTime);
    }

    /// <summary>The slot of the chain.</summary>
    public ulong Slot { get; private set; } = 1_000;

    /// <summary>How many slots the node that answers reads is ahead of the one that tells.</summary>
    public ulong ReadsAhead { get; set; }

    /// <summary>Whether nothing is told of the slots that pass.</summary>
    public bool Stalls { get; set; }

    /// <summary>The slot that is told whatever the chain's is; null for the chain's.</summary>
    public ulong? Repeats { get; set; }

    /// <summary>How long a connection stands.</summary>
    public TimeSpan Stands { get; set; } = TimeSpan.MaxValue;

    /// <summary>How long a search takes.</summary>
    public TimeSpan SearchTakes { get; set; }

    /// <summary>How many searches from now on fail, and find nothing.</summary>
    public int SearchesFail { get; set; }

    /// <summary>Whether a search that fails breaks.</summary>
    public bool SearchesBreak { get; set; }

    /// <inheritdoc/>
    public ImmutableArray<Address> Pools { get; set; } = [];

    /// <summary>What a search finds.</summary>
    public ImmutableArray<Address> Found { get; set; } = [];

    /// <summary>Accounts whose subscriptions are not answered.</summary>
    public HashSet<Address> Unanswered { get; } = [];

    /// <summary>How many subscriptions are answered in each slot; null for all of them at once.</summary>
    public int? AnswersPerSlot { get; set; }

    /// <summary>When a connection was asked for.</summary>
    public List<DateTimeOffset> Connects { get; } = [];

    /// <summary>When connections ended.</summary>
    public List<DateTimeOffset> Ends { get; } = [];

    /// <summary>When searches began and ended.</summary>
    public List<(DateTimeOffset Began, DateTimeOffset Ended)> Searches { get; } = [];

    public int SearchesAtOnceMax { get; private set; }

    /// <summary>How often a subscription was asked for, by account.</summary>
    public Dictionary<Address, int> Subscriptions { get; } = [];

    /// <summary>What subscriptions were ended, in order.</summary>
    public List<Address> Unsubscriptions { get; } = [];

    public void Put(params (Address Address, ChainAccount Account)[] accounts)
    {
        foreach (var (address, account) in accounts)
        {
            _accounts[address] = account;
            if (_subscribed.Contains(address))
                Tell([Update(address, Slot, AccountPosition.Notification)], []);
        }
    }

    /// <summary>Subscriptions to an account are answered from now on, and one that was asked for is.</summary>
    public void Answer(Address account)
    {
        Unanswered.Remove(account);
        Accept(account);
    }

    /// <summary>A subscription that was asked for before any was ended was accepted, and that is told only now.</summary>
    public void AnswerLate(Address account) => Tell([], [new StandingSubscription(account, 0)]);

    public Task<IFeedMessage> ConnectAsync(CancellationToken cancellationToken)
    {
        Connects.Add(_time.GetUtcNow());
        _subscribed.Clear();
        _batches.Clear();
        _stands = true;
        _ends = 0;
        return Task.FromResult<IFeedMessage>(new FeedConnected(++_connection, Name, Slot));
    }

    public Task<IFeedMessage> TakeAsync(long connection, CancellationToken cancellationToken)
    {
        if (_batches.TryDequeue(out var batch))
            return Task.FromResult<IFeedMessage>(batch);
        _taker = new TaskCompletionSource<IFeedMessage>();
        return _taker.Task;
    }

    public Task<IFeedMessage> SendAsync(
        long connection, ImmutableArray<Address> subscribe, ImmutableArray<Address> unsubscribe, CancellationToken cancellationToken)
    {
        _ends += unsubscribe.IsEmpty ? 0 : 1;
        foreach (var account in unsubscribe)
        {
            Unsubscriptions.Add(account);
            _subscribed.Remove(account);
        }

        foreach (var account in subscribe)
        {
            Subscriptions[account] = Subscriptions.GetValueOrDefault(account) + 1;
            if (Unanswered.Contains(account))
                continue;
            if (AnswersPerSlot is null || account == ProgramIds.ClockSysvar)
                Accept(account);
            else
                _asked.Enqueue(account);
        }

        return Task.FromResult<IFeedMessage>(new FeedSent(connection));
    }

    public async Task<IFeedMessage> ReadAsync(long connection, ImmutableArray<Address> accounts, ulong minContextSlot, CancellationToken cancellationToken)
    {
        var slot = Slot + ReadsAhead;
        await Task.Delay(SlotTime / 4, _time, cancellationToken);
        return slot < minContextSlot
            ? new FeedAccountsRead(connection, accounts, null, "behind")
            : new FeedAccountsRead(connection, accounts, new RpcAccounts(slot, [.. accounts.Select(address => Update(address, slot, AccountPosition.Read))]), null);
    }

    public async Task<IFeedMessage> DiscoverAsync(CancellationToken cancellationToken)
    {
        var began = _time.GetUtcNow();
        SearchesAtOnceMax = Math.Max(SearchesAtOnceMax, ++_searching);
        await Task.Delay(SearchTakes, _time, cancellationToken);
        _searching--;
        Searches.Add((began, _time.GetUtcNow()));
        if (SearchesFail > 0)
        {
            SearchesFail--;
            return SearchesBreak ? throw new InvalidOperationException("broken") : new FeedPoolsFound([], "search failed");
        }

        return new FeedPoolsFound(Found, null);
    }

    public Task<IFeedMessage> EndAsync(long connection) => DropAsync(connection);

    public Task<IFeedMessage> DropAsync(long connection)
    {
        if (connection == _connection)
            End();
        return Task.FromResult<IFeedMessage>(new FeedSent(connection));
    }

    public void Leave(long? connection)
    {
    }

    private void NextSlot()
    {
        Slot++;
        if (!_stands)
            return;
        for (var answers = AnswersPerSlot; answers > 0 && _asked.TryDequeue(out var asked); answers--)
            Accept(asked);
        if (_time.GetUtcNow() - Connects[^1] >= Stands)
            End();
        else if (!Stalls && _subscribed.Contains(ProgramIds.ClockSysvar))
            Tell([Update(ProgramIds.ClockSysvar, Repeats ?? Slot, AccountPosition.Notification)], []);
    }

    private void Accept(Address account)
    {
        _subscribed.Add(account);
        Tell([], [new StandingSubscription(account, _ends)]);
    }

    private void End()
    {
        if (!_stands)
            return;
        _stands = false;
        Ends.Add(_time.GetUtcNow());
        Pass(new FeedBatch(_connection, null));
    }

    private void Tell(ImmutableArray<AccountUpdate> updates, ImmutableArray<StandingSubscription> subscribed)
    {
        if (_stands)
            Pass(new FeedBatch(_connection, new SocketBatch(updates, subscribed, [], [])));
    }

    private void Pass(FeedBatch batch)
    {
        if (Interlocked.Exchange(ref _taker, null) is { } taker)
            taker.SetResult(batch);
        else
            _batches.Enqueue(batch);
    }

    private AccountUpdate Update(Address address, ulong slot, ulong version)
    {
        var at = new AccountPosition(slot, version);
        if (address == ProgramIds.ClockSysvar)
        {
            var clock = new byte[40];
            BinaryPrimitives.WriteUInt64LittleEndian(clock, slot);
            BinaryPrimitives.WriteInt64LittleEndian(clock.AsSpan(32), 1_700_000_000 + (long)slot);
            return new AccountUpdate(address, at, default, 1, clock);
        }

        return _accounts.TryGetValue(address, out var account) ? new AccountUpdate(address, at, account.Owner, account.Lamports, account.Data) : AccountUpdate.Absent(address, at);
    }
}
