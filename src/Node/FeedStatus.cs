using System.Collections.Immutable;
using QTrade.Node.Feeds;
using QTrade.Solana;
using QTrade.Solana.Feed;
using QTrade.Solana.Rpc;
using QTrade.Solana.Tapes;

namespace QTrade.Node;

/// <summary>How a feed of a chain's accounts is.</summary>
public sealed record FeedStatus
{
    /// <summary>Where it is connected, scheme, host and port; null where it is not.</summary>
    public string? Endpoint { get; init; }

    /// <summary>Connections that stood; each but the first was a reconnect.</summary>
    public long Connects { get; init; }

    /// <summary>Connections that ended or could not be made.</summary>
    public long Disconnects { get; init; }

    /// <summary>Connections given up because the chain's clock stood still on them.</summary>
    public long Silences { get; init; }

    /// <summary>How often the endpoint refused a subscription.</summary>
    public long SubscriptionsRefused { get; init; }

    /// <summary>How often one of them was asked for again.</summary>
    public long SubscriptionsRetried { get; init; }

    /// <summary>How far the chain's time, as shown, is behind ours.</summary>
    public TimeSpan Lag { get; init; }

    /// <summary>What was taken, dropped and healed, and how the pools stand.</summary>
    public ChainViewCounts Counts { get; init; }

    /// <summary>Why pools are refused: each reason with the pools that are now, and how often one began to be.</summary>
    public ImmutableArray<(PoolRefusal Refusal, long Now, long Ever)> Refusals { get; init; } = [];

    /// <summary>WebSocket frames read.</summary>
    public long Frames { get; init; }

    /// <summary>Requests sent.</summary>
    public long Requests { get; init; }

    /// <summary>How often the socket waited for the feed.</summary>
    public long Pauses { get; init; }

    /// <summary>Faults of requests and frames, by name.</summary>
    public ImmutableArray<(RpcFault Fault, long Count)> Faults { get; init; } = [];

    /// <summary>Entries on the tape that is recorded; null where none is.</summary>
    public long? Recorded { get; init; }

    /// <summary>Entries that the tape lost.</summary>
    public long RecordingLost { get; init; }

    /// <summary>Whether the tape that is played has ended.</summary>
    public bool TapeEnded { get; init; }

    /// <summary>The last failure in one line; null before the first.</summary>
    public string? LastFault { get; init; }

    internal static FeedStatus Of(LiveFeedMetrics live, TapeWriter? recorder) => new()
    {
        Endpoint = live.Endpoint,
        Connects = live.Connects,
        Disconnects = live.Disconnects,
        Silences = live.Silences,
        SubscriptionsRefused = live.SubscriptionsRefused,
        SubscriptionsRetried = live.SubscriptionsRetried,
        Lag = live.Lag,
        Counts = live.Counts,
        Refusals = live.Refusals.Given,
        Frames = live.Rpc.Frames,
        Requests = live.Rpc.Requests,
        Pauses = live.Rpc.Pauses,
        Faults = live.Rpc.Faults,
        Recorded = recorder?.Entries,
        RecordingLost = recorder?.Lost ?? 0,
        TapeEnded = live.TapeHasEnded,
        LastFault = recorder?.Fault is { } fault ? $"recording: {fault}" : live.LastFault,
    };
}
