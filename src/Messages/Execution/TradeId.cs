using System.Security.Cryptography;
using System.Text;
using QTrade.Messages.Routing;

namespace QTrade.Messages.Execution;

/// <summary>Name of one route's execution: the same for everyone who holds the same route.</summary>
public readonly record struct TradeId(string Value)
{
    private const int BytesKept = 16;

    /// <summary>The first 16 bytes of SHA-256 over <c>snapshot id/route index</c>, in lower-case hex.</summary>
    public static TradeId Of(SnapshotId snapshotId, int routeIndex)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.ASCII.GetBytes($"{snapshotId}/{routeIndex}"), hash);
        return new TradeId(Convert.ToHexStringLower(hash[..BytesKept]));
    }

    public override string ToString() => Value;
}
