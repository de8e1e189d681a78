using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using QTrade.Node.Configuration;

namespace QTrade.Node.Feeds;

/// <summary>
/// Short names of what a node's feed follows, which nodes of a cluster tell each other: whoever takes the feed over is to follow the same. The kind of feed, and of those that may act as one a
/// digest of what they follow.
/// </summary>
internal static class FeedNames
{
    private const int DigestLength = 8;

    /// <summary>Of a node that does not act as the feed: its kind alone.</summary>
    public static string Of(FeedKind kind) => kind.ToString().ToLowerInvariant();

    /// <summary>A live chain.</summary>
    public static string Of(SolanaOptions options) => Of(
        FeedKind.Solana,
        string.Create(CultureInfo.InvariantCulture, $"{Sorted(options.Pools)};{Sorted(options.Venues)};{options.PoolsMax};{Sorted(options.Values)};{options.Commitment}"));

    /// <summary>A recording, by how it begins.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static string OfTape(string path, NodeOptions options) => Of(FeedKind.Recorded, TapeNames.Of(path, Sorted(options.Solana.Values), options.Drive));

    /// <summary>Whether two nodes of these names do not belong in one cluster. One that says nothing is an older program's.</summary>
    public static bool Differ(string one, string other)
    {
        if (one.Length == 0 || other.Length == 0)
            return false;
        string[] first = one.Split(' '), second = other.Split(' ');
        return first[0] != second[0] || (first.Length > 1 && second.Length > 1 && first[1] != second[1]);
    }

    private static string Of(FeedKind kind, string follows) =>
        $"{Of(kind)} {Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(follows)))[..DigestLength]}";

    private static string Sorted(string list) =>
        string.Join(',', list.Split([' ', ',', ';', '\t', '\n'], StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal));
}
