using System.Collections.Immutable;

namespace QTrade.Solana.Rpc;

/// <summary>What requests and frames came to. Written by clients, read from any thread.</summary>
public sealed class RpcMetrics
{
    private static readonly int Kinds = Enum.GetValues<RpcFault>().Length;

    private readonly long[] _requestFaults = new long[Kinds];
    private readonly long[] _frameFaults = new long[Kinds];
    private long _requests, _frames, _bytes, _pauses, _unknownSubscriptions, _throttled;

    /// <summary>Requests that were sent.</summary>
    public long Requests => Volatile.Read(ref _requests);

    /// <summary>WebSocket frames that were read.</summary>
    public long Frames => Volatile.Read(ref _frames);

    /// <summary>Their bytes.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>How often reading from the socket waited because the buffer was full.</summary>
    public long Pauses => Volatile.Read(ref _pauses);

    /// <summary>How often a request waited for its turn, by our own limit or an endpoint's.</summary>
    public long Throttled => Volatile.Read(ref _throttled);

    /// <summary>Notifications of subscriptions that nobody has; they are dropped.</summary>
    public long UnknownSubscriptions => Volatile.Read(ref _unknownSubscriptions);

    /// <summary>Requests that failed so.</summary>
    public long RequestFaults(RpcFault fault) => Volatile.Read(ref _requestFaults[(int)fault]);

    /// <summary>Frames and connections that failed so.</summary>
    public long FrameFaults(RpcFault fault) => Volatile.Read(ref _frameFaults[(int)fault]);

    /// <summary>Every fault that happened, of both kinds together.</summary>
    public ImmutableArray<(RpcFault Fault, long Count)> Faults =>
        [.. Enumerable.Range(1, Kinds - 1).Select(kind => ((RpcFault)kind, RequestFaults((RpcFault)kind) + FrameFaults((RpcFault)kind))).Where(entry => entry.Item2 > 0)];

    internal void Requested() => Interlocked.Increment(ref _requests);

    internal void RequestFailed(RpcFault fault) => Interlocked.Increment(ref _requestFaults[(int)fault]);

    internal void FrameFailed(RpcFault fault) => Interlocked.Increment(ref _frameFaults[(int)fault]);

    internal void FrameRead(int bytes)
    {
        Interlocked.Increment(ref _frames);
        Interlocked.Add(ref _bytes, bytes);
    }

    internal void Paused() => Interlocked.Increment(ref _pauses);

    internal void Waited() => Interlocked.Increment(ref _throttled);

    internal void UnknownSubscription() => Interlocked.Increment(ref _unknownSubscriptions);
}
