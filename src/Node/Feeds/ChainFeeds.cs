using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using QTrade.Node.Configuration;
using QTrade.Solana;
using QTrade.Solana.Rpc;
using QTrade.Solana.Tapes;

namespace QTrade.Node.Feeds;

/// <summary>Opens the feed that the settings name.</summary>
internal static class ChainFeeds
{
    private static readonly char[] Separators = [' ', ',', ';', '\t', '\n'];

    /// <summary>Opens a live or recorded feed; false with one line that names the setting and repeats no address of an endpoint.</summary>
    /// <param name="options">The settings.</param>
    /// <param name="locate">Finds a file as the user wrote it.</param>
    /// <param name="time">Tells the time and waits.</param>
    /// <param name="feed">The feed.</param>
    /// <param name="notice">What to tell of a tape; null for nothing.</param>
    /// <param name="error">What is wrong.</param>
    public static bool TryOpen(
        NodeOptions options,
        Func<string, string> locate,
        TimeProvider time,
        [NotNullWhen(true)] out ChainFeed? feed,
        out string? notice,
        [NotNullWhen(false)] out string? error)
    {
        feed = null;
        notice = null;
        if (!TokenValues.TryParse(options.Solana.Values, out var values, out var fault))
        {
            error = $"qtrade.solana.values: {fault}";
            return false;
        }

        return options.Feed == FeedKind.Recorded
            ? TryOpenTape(options, values, locate, time, out feed, out error)
            : TryOpenLive(options.Solana, values, locate, time, out feed, out notice, out error);
    }

    /// <summary>Reads the endpoints of the settings.</summary>
    public static bool TryEndpoints(SolanaOptions options, out ImmutableArray<RpcEndpoint> endpoints, [NotNullWhen(false)] out string? error)
    {
        endpoints = [];
        var http = options.Rpc.Split(Separators, StringSplitOptions.RemoveEmptyEntries);
        var sockets = options.Ws.Split(Separators, StringSplitOptions.RemoveEmptyEntries);
        if (http.Length == 0)
        {
            error = "qtrade.solana.rpc is empty: name an endpoint with --rpc URL, or, where its address holds a key, in QTRADE__SOLANA__RPC or the --config file";
            return false;
        }

        if (sockets.Length > 0 && sockets.Length != http.Length)
        {
            error = $"qtrade.solana.ws names {sockets.Length} addresses where qtrade.solana.rpc names {http.Length}: write one for each, or none";
            return false;
        }

        var found = ImmutableArray.CreateBuilder<RpcEndpoint>(http.Length);
        for (var i = 0; i < http.Length; i++)
        {
            if (!RpcEndpoint.TryCreate(http[i], sockets.Length > 0 ? sockets[i] : null, out var endpoint, out var fault))
            {
                error = $"qtrade.solana.rpc or ws: address {i + 1} {fault}";
                return false;
            }

            found.Add(endpoint);
        }

        endpoints = found.DrainToImmutable();
        error = null;
        return true;
    }

    private static bool TryOpenLive(
        SolanaOptions options,
        TokenValues values,
        Func<string, string> locate,
        TimeProvider time,
        [NotNullWhen(true)] out ChainFeed? feed,
        out string? notice,
        [NotNullWhen(false)] out string? error)
    {
        feed = null;
        notice = null;
        if (!TryEndpoints(options, out var endpoints, out error)
            || !TryPools(options.Pools, out var pools, out error)
            || !TryQueries(options.Venues, out var queries, out error))
            return false;
        if (pools.IsEmpty && queries.IsEmpty)
        {
            error = "qtrade.solana.pools and qtrade.solana.venues are empty: name pools with --pools ADDRESS,... or venues to search with --venues orca-whirlpool,...";
            return false;
        }

        TapeWriter? recorder = null;
        if (options.Record.Length > 0)
        {
            var path = locate(options.Record);
            if (!TapeWriter.TryOpen(path, time, out recorder, out var fault))
            {
                error = $"--record {path}: {fault}";
                return false;
            }

            if (recorder.CutBytes > 0)
                notice = $"{path}: its last {recorder.CutBytes} bytes were torn and were cut off; the recording goes on behind them.";
        }

        var live = new LiveFeedMetrics();
        var edge = new SolanaEdge(
            new SolanaEdgeOptions
            {
                Endpoints = endpoints,
                Rpc = new RpcOptions { Commitment = options.Commitment, RequestsPerSecond = options.RequestsPerSecond },
                Queries = queries,
                Pools = pools,
            },
            live,
            time,
            recorder);
        feed = new ChainFeed(FeedNames.Of(options), parts => new SolanaFeedActor(Setup(options, values, parts, live), edge), live, edge, recorder);
        error = null;
        return true;
    }

    private static bool TryOpenTape(
        NodeOptions node,
        TokenValues values,
        Func<string, string> locate,
        TimeProvider time,
        [NotNullWhen(true)] out ChainFeed? feed,
        [NotNullWhen(false)] out string? error)
    {
        feed = null;
        var options = node.Solana;
        if (options.Tape.Length == 0)
        {
            error = "--feed recorded needs a tape: name it behind it, --feed recorded FILE";
            return false;
        }

        var speed = 0.0;
        if (options.Speed != "max"
            && (!double.TryParse(options.Speed, NumberStyles.Float, CultureInfo.InvariantCulture, out speed) || !double.IsFinite(speed) || speed <= 0))
        {
            error = $"--speed '{options.Speed}' is neither a number above 0 nor max";
            return false;
        }

        var path = locate(options.Tape);
        if (!TapeReader.TryOpen(path, out var reader, out var fault))
        {
            error = $"{path}: {fault}";
            return false;
        }

        var live = new LiveFeedMetrics();
        var tape = new OpenTape(path, reader);
        var cuts = node.Drive.Kind == DriveKind.Tape ? new TapeCutOptions(TapeNames.Of(path, options.Values, node.Drive), node.Drive.CutEvery, node.Drive.Cuts) : null;
        feed = new ChainFeed(
            FeedNames.OfTape(path, node),
            parts =>
            {
                // What a tape decides begins with its first cut.
                var setup = Setup(options, values, cuts is null ? parts : parts with { Stood = parts.Stood.Clear() }, live) with { Cuts = cuts is null ? null : (cuts, parts.Router) };
                return new TapeFeedActor(setup, new TapePlayer(Path.GetFileName(path), tape.FromBeginning(), speed, time, setup.Stood));
            },
            live,
            null,
            tape);
        error = null;
        return true;
    }

    private static SolanaFeedSetup Setup(SolanaOptions options, TokenValues values, FeedParts parts, LiveFeedMetrics live) => new()
    {
        PoolsMax = options.PoolsMax,
        Values = values,
        AuditInterval = options.AuditInterval,
        DiscoverInterval = options.DiscoverInterval,
        Silence = options.Silence,
        Pools = parts.Pools,
        Registry = parts.Registry,
        Subscribers = parts.Subscribers,
        Stood = parts.Stood,
        Metrics = parts.Metrics,
        Live = live,
    };

    private static bool TryPools(string text, out ImmutableArray<Address> pools, [NotNullWhen(false)] out string? error)
    {
        var found = ImmutableArray.CreateBuilder<Address>();
        pools = [];
        foreach (var entry in text.Split(Separators, StringSplitOptions.RemoveEmptyEntries))
        {
            if (!Address.TryParse(entry, out var pool))
            {
                error = $"qtrade.solana.pools: '{entry}' is no address: base58 of 32 bytes is needed";
                return false;
            }

            found.Add(pool);
        }

        pools = found.DrainToImmutable();
        error = null;
        return true;
    }

    private static bool TryQueries(string text, out ImmutableArray<ProgramQuery> queries, [NotNullWhen(false)] out string? error)
    {
        var found = ImmutableArray.CreateBuilder<ProgramQuery>();
        queries = [];
        foreach (var entry in text.Split(Separators, StringSplitOptions.RemoveEmptyEntries))
        {
            // Also without its hyphens.
            var venue = PoolQueries.Venues.FirstOrDefault(known => Plain(VenueNames.Of(known)) == Plain(entry));
            if (venue == Venue.None)
            {
                error = $"qtrade.solana.venues: '{entry}' is none of {string.Join(", ", PoolQueries.Venues.Select(VenueNames.Of))}";
                return false;
            }

            found.AddRange(PoolQueries.Of(venue));
        }

        queries = found.DrainToImmutable();
        error = null;
        return true;

        static string Plain(string name) => name.Replace("-", string.Empty, StringComparison.Ordinal).ToLowerInvariant();
    }
}
