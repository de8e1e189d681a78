using System.Security.Cryptography;

namespace QTrade.Markets;

/// <summary>The name of a market file's bytes.</summary>
public static class MarketHash
{
    /// <summary>SHA-256 of the bytes, in lower case hex.</summary>
    public static string Of(ReadOnlySpan<byte> marketFile) => Convert.ToHexStringLower(SHA256.HashData(marketFile));
}
