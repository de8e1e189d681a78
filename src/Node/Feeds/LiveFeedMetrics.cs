using QTrade.Solana.Feed;
using QTrade.Solana.Rpc;

namespace QTrade.Node.Feeds;

/// <summary>What a feed of a chain's accounts is and did. Written by the feed, read from any thread.</summary>
public sealed class LiveFeedMetrics
{
    private long _connects, _disconnects, _silences, _subscriptionsRefused, _subscriptionsRetried, _poolsRejected;
    private bool _tapeEnded;
    private string? _endpoint, _lastFault;
    private Box _counts = new(default, 0, default);

    /// <summary>What requests and frames came to.</summary>
    public RpcMetrics Rpc { get; } = new();

    /// <summary>Pools that are refused, by reason.</summary>
    public PoolRefusals Refusals { get; } = new();

    /// <summary>Where the feed is connected; null where it is not.</summary>
    public string? Endpoint => Volatile.Read(ref _endpoint);

    /// <summary>Connections that stood.</summary>
    public long Connects => Volatile.Read(ref _connects);

    /// <summary>Connections that ended or could not be made.</summary>
    public long Disconnects => Volatile.Read(ref _disconnects);

    /// <summary>Connections that were given up because the chain's clock stood still on them.</summary>
    public long Silences => Volatile.Read(ref _silences);

    /// <summary>How often the endpoint refused a subscription; its pools are not traded until it stands.</summary>
    public long SubscriptionsRefused => Volatile.Read(ref _subscriptionsRefused);

    /// <summary>How often a subscription that was refused, or not answered in time, was asked for again.</summary>
    public long SubscriptionsRetried => Volatile.Read(ref _subscriptionsRetried);

    /// <summary>Pools whose configuration the registry refused.</summary>
    public long PoolsRejected => Volatile.Read(ref _poolsRejected);

    /// <summary>The last failure in one line; null before the first.</summary>
    public string? LastFault => Volatile.Read(ref _lastFault);

    /// <summary>What the view did and how the pools stand.</summary>
    public ChainViewCounts Counts => Volatile.Read(ref _counts).Counts;

    /// <summary>Newest slot seen.</summary>
    public ulong Slot => Volatile.Read(ref _counts).Slot;

    /// <summary>The chain's time as shown against our clock, when it was last looked at; zero before.</summary>
    public TimeSpan Lag => Volatile.Read(ref _counts).Lag;

    /// <summary>Whether the tape that is played has ended.</summary>
    public bool TapeHasEnded => Volatile.Read(ref _tapeEnded);

    internal void TapeEnded(string? fault)
    {
        if (fault is not null)
            Failed(fault);
        Volatile.Write(ref _tapeEnded, true);
    }

    internal void Connected(string endpoint)
    {
        Interlocked.Increment(ref _connects);
        Volatile.Write(ref _tapeEnded, false);
        Volatile.Write(ref _endpoint, endpoint);
    }

    internal void Disconnected(string fault)
    {
        Interlocked.Increment(ref _disconnects);
        Volatile.Write(ref _endpoint, null);
        Failed(fault);
    }

    internal void Failed(string fault) => Volatile.Write(ref _lastFault, fault);

    internal void FellSilent() => Interlocked.Increment(ref _silences);

    internal void SubscriptionRefused(int count) => Interlocked.Add(ref _subscriptionsRefused, count);

    internal void SubscriptionRetried(int count) => Interlocked.Add(ref _subscriptionsRetried, count);

    internal void PoolRejected() => Interlocked.Increment(ref _poolsRejected);

    internal void Show(in ChainViewCounts counts, ulong slot, TimeSpan lag) => Volatile.Write(ref _counts, new Box(counts, slot, lag));

    private sealed record Box(ChainViewCounts Counts, ulong Slot, TimeSpan Lag);
}
