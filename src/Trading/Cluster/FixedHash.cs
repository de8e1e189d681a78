using System.Text;

namespace QTrade.Trading.Cluster;

/// <summary>
/// A hash that is the same on every machine and in every version: FNV-1a over the UTF-8 bytes (Fowler, Noll, Vo), then the finaliser of SplitMix64
/// (Steele, Lea, Flood 2014) so that every bit of the text moves every bit of the hash.
/// </summary>
internal static class FixedHash
{
    private const ulong OffsetBasis = 14695981039346656037;
    private const ulong Prime = 1099511628211;

    // Names are short; a longer one pays for an array.
    private const int StackBytesMax = 256;

    public static ulong Of(string text)
    {
        var size = Encoding.UTF8.GetMaxByteCount(text.Length);
        Span<byte> bytes = size <= StackBytesMax ? stackalloc byte[StackBytesMax] : new byte[size];
        var hash = OffsetBasis;
        foreach (var part in bytes[..Encoding.UTF8.GetBytes(text, bytes)])
            hash = (hash ^ part) * Prime;
        return Mix(hash);
    }

    public static ulong Mix(ulong hash)
    {
        hash = (hash ^ (hash >> 30)) * 0xbf58476d1ce4e5b9;
        hash = (hash ^ (hash >> 27)) * 0x94d049bb133111eb;
        return hash ^ (hash >> 31);
    }
}
