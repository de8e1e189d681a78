namespace QTrade.Solana.Rpc;

/// <summary>Bounds of a client.</summary>
public sealed record RpcOptions
{
    /// <summary>How settled the state must be.</summary>
    public Commitment Commitment { get; init; } = Commitment.Processed;

    /// <summary>How long an answer may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Largest answer in bytes.</summary>
    public int ResponseBytesMax { get; init; } = 64 << 20;

    /// <summary>Largest WebSocket frame in bytes; an account of 10 MiB, the largest there is, takes 14 MiB.</summary>
    public int FrameBytesMax { get; init; } = 16 << 20;

    /// <summary>Requests per second and endpoint.</summary>
    public double RequestsPerSecond { get; init; } = 8;

    /// <summary>Tries of one request over all endpoints before it is given up.</summary>
    public int TriesMax { get; init; } = 6;

    /// <summary>First pause of an endpoint that failed; it doubles with every further failure.</summary>
    public TimeSpan PauseMin { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Longest pause, whatever the endpoint asks for.</summary>
    public TimeSpan PauseMax { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Notifications that wait for the feed; at the bound nothing more is read from the socket.</summary>
    public int BufferedMax { get; init; } = 65_536;

    /// <summary>Addresses that one search may find; more are left out and counted.</summary>
    public int AddressesMax { get; init; } = 200_000;

    /// <summary>Seed of the pauses' jitter.</summary>
    public int JitterSeed { get; init; } = Environment.ProcessId;
}
