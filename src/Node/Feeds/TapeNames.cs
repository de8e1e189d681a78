using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using QTrade.Markets;
using QTrade.Markets.Files;
using QTrade.Node.Configuration;

namespace QTrade.Node.Feeds;

/// <summary>Digests by which a tape is known: of what it plays and where it is cut. A journal holds the cuts of one.</summary>
internal static class TapeNames
{
    /// <summary>Bytes of a recording that tell it from others; it may go on behind them.</summary>
    private const int RecordingPart = 4_096;

    /// <summary>The simulated chain of a market.</summary>
    public static string Of(Market market, SimulationOptions chain, DriveOptions drive)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(MarketFile.Write(market));
        Append(hash, $"seed {chain.Seed} rate {chain.Rate} values {chain.ValueDeviation} noise {chain.NoisePerFee} {chain.NoiseFloor} cut-every {drive.CutEvery}");
        return Convert.ToHexStringLower(hash.GetCurrentHash());
    }

    /// <summary>A recording, by how it begins.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static string Of(string recording, string values, DriveOptions drive)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var file = new FileStream(recording, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var part = new byte[RecordingPart];
        hash.AppendData(part, 0, file.ReadAtLeast(part, part.Length, throwOnEndOfStream: false));
        Append(hash, $"values {values} cut-every {drive.CutEvery}");
        return Convert.ToHexStringLower(hash.GetCurrentHash());
    }

    private static void Append(IncrementalHash hash, FormattableString text) => hash.AppendData(Encoding.UTF8.GetBytes(text.ToString(CultureInfo.InvariantCulture)));
}
