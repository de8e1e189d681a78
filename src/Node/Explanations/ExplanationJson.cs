using System.Buffers;
using System.Text;
using System.Text.Json;
using QTrade.Markets;

namespace QTrade.Node.Explanations;

/// <summary>An explanation as the <c>explanation</c> object of a result file.</summary>
internal static class ExplanationJson
{
    public static string Write(ResultExplanation explanation)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteStartArray("pools");
            foreach (TradeExplanation trade in explanation.Trades)
                WriteTrade(json, trade);
            json.WriteEndArray();
            json.WriteStartArray("tokens");
            foreach (TokenExplanation token in explanation.Tokens)
                WriteToken(json, token);
            json.WriteEndArray();
            json.WriteStartArray("leftOut");
            foreach (IdlePoolExplanation idle in explanation.IdlePools)
                WriteIdle(json, idle);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }

    private static void WriteTrade(Utf8JsonWriter json, TradeExplanation trade)
    {
        json.WriteStartObject();
        json.WriteString("pool", trade.Pool.Value);
        json.WriteNumber("marginalPriceBefore", trade.MarginalPriceBefore);
        json.WriteNumber("marginalPriceAfter", trade.MarginalPriceAfter);
        json.WriteStartObject("feePaid");
        foreach (TokenAmount fee in trade.FeePaid)
            json.WriteNumber(fee.Token.Value, fee.Amount);
        json.WriteEndObject();
        json.WriteNumber("feeValue", trade.FeeValue);
        if (trade.PriceImpact is { } impact)
            json.WriteNumber("priceImpact", impact);
        json.WriteNumber("profitShare", trade.ProfitShare);
        json.WriteStartArray("atBound");
        foreach (TokenId token in trade.AtBound)
            json.WriteStringValue(token.Value);
        json.WriteEndArray();
        json.WriteNumber("cost", trade.Cost);
        json.WriteEndObject();
    }

    private static void WriteToken(Utf8JsonWriter json, TokenExplanation token)
    {
        json.WriteStartObject();
        json.WriteString("token", token.Token.Value);
        json.WriteNumber("dualPrice", token.DualPrice);
        json.WriteNumber("marketValue", token.MarketValue);
        json.WriteNumber("netFlow", token.NetFlow);
        json.WriteBoolean("binds", token.Binds);
        json.WriteEndObject();
    }

    private static void WriteIdle(Utf8JsonWriter json, IdlePoolExplanation idle)
    {
        json.WriteStartObject();
        json.WriteString("pool", idle.Pool.Value);
        if (idle is { TokenIn: { } tokenIn, TokenOut: { } tokenOut, Distance: { } distance })
        {
            json.WriteString("tokenIn", tokenIn.Value);
            json.WriteString("tokenOut", tokenOut.Value);
            json.WriteNumber("distance", distance);
        }

        json.WriteEndObject();
    }
}
