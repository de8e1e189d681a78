using QTrade.Actors;
using QTrade.Node.Simulation;
using QTrade.Solana.Tapes;

namespace QTrade.Node.Feeds;

/// <summary>A feed of a chain's accounts, live or recorded, before its node starts; ended after it.</summary>
public sealed class ChainFeed : IAsyncDisposable
{
    private readonly IAsyncDisposable? _edge;
    private readonly IDisposable? _tape;
    private readonly TapeWriter? _recorder;

    /// <param name="name">What it follows, in short.</param>
    /// <param name="create">Makes the feed's actor; called again after a restart.</param>
    /// <param name="metrics">What the feed shows of itself.</param>
    /// <param name="edge">Ended first; null for none.</param>
    /// <param name="tape">The tape that is played or recorded; ended last.</param>
    public ChainFeed(string name, Func<FeedParts, Actor<IFeedMessage>> create, LiveFeedMetrics metrics, IAsyncDisposable? edge, IDisposable? tape)
    {
        Name = name;
        Create = create;
        Metrics = metrics;
        _edge = edge;
        _tape = tape;
        _recorder = tape as TapeWriter;
    }

    /// <summary>What it follows, in short: two nodes that say the same follow the same.</summary>
    public string Name { get; }

    /// <summary>Makes the feed's actor.</summary>
    public Func<FeedParts, Actor<IFeedMessage>> Create { get; }

    /// <summary>What the feed shows of itself.</summary>
    public LiveFeedMetrics Metrics { get; }

    /// <summary>How the feed is, now.</summary>
    public FeedStatus Status => FeedStatus.Of(Metrics, _recorder);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_edge is not null)
            await _edge.DisposeAsync().ConfigureAwait(false);
        _tape?.Dispose();
    }
}
