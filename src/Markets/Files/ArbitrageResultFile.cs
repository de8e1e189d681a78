using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;

namespace QTrade.Markets.Files;

/// <summary>
/// Writes a result in the shape of the replaced system's <c>ArbitrageResult</c>, for <c>--format arbitrage</c>. With m pools of k_i
/// tokens and n tokens: <c>deltas</c> and <c>lambdas</c> are m arrays of k_i numbers, <c>aMatrices</c> m matrices A_i of n rows and k_i
/// columns that hold 1 where the pool's token is the market's, all in the market file's order, with zeros for a pool that does not trade.
/// </summary>
public static class ArbitrageResultFile
{
    /// <summary>The result as a file's bytes.</summary>
    /// <exception cref="ArgumentException">The result names a pool that the market does not have.</exception>
    public static byte[] Write(Market market, MarketResult result)
    {
        var trades = TradesByPool(market, result);
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, MarketFile.WriterOptions))
        {
            json.WriteStartObject();
            json.WriteString("status", ResultFile.NameOf(result.Status));
            json.WriteNumber("profit", result.Profit);
            WriteAmounts("deltas", market, trades, trade => trade.Tender, json);
            WriteAmounts("lambdas", market, trades, trade => trade.Receive, json);
            WriteMatrices(market, json);
            json.WriteEndObject();
        }

        buffer.Write("\n"u8);
        return buffer.WrittenSpan.ToArray();
    }

    private static Dictionary<PoolId, PoolTrade> TradesByPool(Market market, MarketResult result)
    {
        var pools = market.Pools.Select(pool => pool.Id).ToHashSet();
        var trades = result.Trades.ToDictionary(trade => trade.Pool);
        foreach (var trade in result.Trades)
        {
            if (!pools.Contains(trade.Pool))
                throw new ArgumentException($"the market has no pool '{trade.Pool}'", nameof(result));
        }

        return trades;
    }

    private static void WriteAmounts(
        string name,
        Market market,
        Dictionary<PoolId, PoolTrade> trades,
        Func<PoolTrade, ImmutableArray<double>> side,
        Utf8JsonWriter json)
    {
        json.WriteStartArray(name);
        foreach (var pool in market.Pools)
        {
            json.WriteStartArray();
            for (var a = 0; a < pool.Tokens.Length; a++)
                json.WriteNumberValue(trades.TryGetValue(pool.Id, out var trade) ? side(trade)[a] : 0);
            json.WriteEndArray();
        }

        json.WriteEndArray();
    }

    private static void WriteMatrices(Market market, Utf8JsonWriter json)
    {
        json.WriteStartArray("aMatrices");
        foreach (var pool in market.Pools)
        {
            json.WriteStartArray();
            foreach (var token in market.Tokens)
            {
                json.WriteStartArray();
                foreach (var local in pool.Tokens)
                    json.WriteNumberValue(local == token.Id ? 1 : 0);
                json.WriteEndArray();
            }

            json.WriteEndArray();
        }

        json.WriteEndArray();
    }
}
