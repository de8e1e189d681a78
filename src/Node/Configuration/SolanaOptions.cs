using System.ComponentModel.DataAnnotations;
using QTrade.Solana.Rpc;

namespace QTrade.Node.Configuration;

/// <summary>The chain that <c>feed = solana</c> follows, and the tape that <c>feed = recorded</c> plays.</summary>
public sealed class SolanaOptions
{
    /// <summary>HTTP addresses of endpoints, the preferred first, separated by blanks.</summary>
    [Secret]
    public string Rpc { get; init; } = string.Empty;

    /// <summary>WebSocket addresses, one for each of <see cref="Rpc"/>; empty to derive them.</summary>
    [Secret]
    public string Ws { get; init; } = string.Empty;

    /// <summary>How settled the state must be that is traded on.</summary>
    public Commitment Commitment { get; init; } = Commitment.Processed;

    /// <summary>Addresses of pools to follow in any case, separated by commas.</summary>
    public string Pools { get; init; } = string.Empty;

    /// <summary>Venues whose pools are searched for, separated by commas; empty for none.</summary>
    public string Venues { get; init; } = string.Empty;

    /// <summary>Most pools to follow.</summary>
    [Range(1, 100_000)]
    public int PoolsMax { get; init; } = 2_000;

    /// <summary>What whole tokens are worth: MINT=VALUE, separated by commas.</summary>
    public string Values { get; init; } = "EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v=1";

    /// <summary>Requests per second and endpoint.</summary>
    [Range(0.1, 10_000)]
    public double RequestsPerSecond { get; init; } = 8;

    /// <summary>How often up to a hundred accounts are read again, in turn, in case a notification was lost.</summary>
    [DurationRange("100ms", "1h")]
    public TimeSpan AuditInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How often pools are searched for.</summary>
    [DurationRange("10s", "1d")]
    public TimeSpan DiscoverInterval { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>A connection on which no slot is seen for so long is given up.</summary>
    [DurationRange("1s", "10m")]
    public TimeSpan Silence { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>File that every account update is recorded to; empty for none.</summary>
    public string Record { get; init; } = string.Empty;

    /// <summary>Tape that <c>feed = recorded</c> plays.</summary>
    public string Tape { get; init; } = string.Empty;

    /// <summary>How many times faster than recorded it is played, or max.</summary>
    public string Speed { get; init; } = "1";
}
