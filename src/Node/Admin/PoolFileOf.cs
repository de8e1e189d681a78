using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using QTrade.Markets;
using QTrade.Markets.Files;
using QTrade.Node.Actors;

namespace QTrade.Node.Admin;

/// <summary>Pools to add, as a market file writes them: one pool's object, or a whole market file with the tokens it needs.</summary>
internal static class PoolFileOf
{
    private const int DepthMax = 16;

    /// <summary>Reads the pools and the tokens that they may name.</summary>
    /// <param name="text">The file's text.</param>
    /// <param name="name">What errors call it.</param>
    /// <param name="units">What the node's market counts in.</param>
    /// <param name="known">The node's tokens.</param>
    /// <param name="market">The pools, with their tokens.</param>
    /// <param name="error">One line that says what is wrong and where.</param>
    public static bool TryRead(
        string text,
        string name,
        AmountUnit units,
        MarketShown known,
        [NotNullWhen(true)] out Market? market,
        [NotNullWhen(false)] out string? error)
    {
        market = null;
        error = null;
        if (!TryIsMarket(text, name, out var isMarket, out error))
            return false;
        var bytes = Encoding.UTF8.GetBytes(isMarket ? text : Around(text, units, known));
        if (!MarketFile.TryRead(bytes, name, out market, out var fault))
            error = fault.ToString();
        else if (market.Units != units)
            error = $"{name}: field units: the node's market counts in {units} units, this file in {market.Units}";
        else if (market.Pools.IsEmpty)
            error = $"{name}: field pools: holds no pool";
        return error is null;
    }

    private static bool TryIsMarket(string text, string name, out bool isMarket, [NotNullWhen(false)] out string? error)
    {
        isMarket = false;
        try
        {
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = DepthMax });
            error = document.RootElement.ValueKind == JsonValueKind.Object ? null : $"{name}: a pool is a JSON object as in a market file";
            isMarket = error is null && document.RootElement.TryGetProperty("format", out _);
        }
        catch (JsonException broken)
        {
            error = $"{name}:{broken.LineNumber + 1}: not JSON (byte {broken.BytePositionInLine + 1} of the line)";
        }

        return error is null;
    }

    /// <summary>A market file around one pool. What is put before it is on its first line, so that errors name the pool's own lines.</summary>
    private static string Around(string pool, AmountUnit units, MarketShown known)
    {
        var around = new Market { Name = "pool add", Units = units, Tokens = known.Tokens, Pools = [] };
        var empty = Encoding.UTF8.GetString(MarketFile.Write(around)).TrimEnd();
        var at = empty.LastIndexOf("[]", StringComparison.Ordinal) + 1;
        return empty[..at] + pool + empty[at..];
    }
}
