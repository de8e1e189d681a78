using System.Buffers;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text.Encodings.Web;
using System.Text.Json;
using QTrade.Markets.Kinds;

namespace QTrade.Markets.Files;

/// <summary>Reads and writes <c>qtrade.market/1</c>. Any bytes may come in: what cannot be used is an error, never an exception.</summary>
public static class MarketFile
{
    /// <summary>The format's name.</summary>
    public const string Format = "qtrade.market/1";

    private const int DecimalsMax = 30;
    private const long WholeMax = 1L << 53;

    internal static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Reads a market from a file's bytes; <paramref name="file"/> is what errors call it.</summary>
    public static bool TryRead(
        ReadOnlySpan<byte> bytes,
        string file,
        [NotNullWhen(true)] out Market? market,
        [NotNullWhen(false)] out MarketFileError? error)
    {
        bytes = JsonSyntax.WithoutByteOrderMark(bytes);
        market = null;
        error = JsonSyntax.Check(bytes, file);
        if (error is not null)
            return false;
        JsonFaults faults = new();
        var read = ReadMarket(new JsonObject(bytes, 0, bytes.Length, faults), faults);
        if (faults.Any)
        {
            error = faults.ToError(file, bytes);
            return false;
        }

        market = read;
        return true;
    }

    /// <summary>Reads a market from a file, with the hash of its bytes.</summary>
    public static bool TryReadFile(
        string path,
        [NotNullWhen(true)] out Market? market,
        [NotNullWhen(true)] out string? marketHash,
        [NotNullWhen(false)] out MarketFileError? error)
    {
        market = null;
        marketHash = null;
        if (!FileBytes.TryRead(path, out var bytes, out error) || !TryRead(bytes, path, out market, out error))
            return false;
        marketHash = MarketHash.Of(bytes);
        return true;
    }

    /// <summary>The market as a file's bytes. Every number reads back to the same bits.</summary>
    public static byte[] Write(Market market)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, WriterOptions))
            WriteMarket(market, json);
        buffer.Write("\n"u8);
        return buffer.WrittenSpan.ToArray();
    }

    private static Market ReadMarket(JsonObject fields, JsonFaults faults)
    {
        if (fields.Text("format") is var format && format != Format)
            fields.Fault("format", $"is '{JsonSyntax.Printable(format)}', and only '{Format}' is read here");
        var tokens = ReadTokens(fields);
        var market = new Market
        {
            Name = fields.Text("name"),
            Source = fields.TextOrNull("source"),
            Slot = fields.WholeNumber("slot", 0, WholeMax),
            Units = ReadUnits(fields),
            Tokens = tokens,
            Pools = ReadPools(fields, tokens, faults),
            Limits = ReadLimits(fields),
        };
        fields.RefuseRest();
        return market;
    }

    private static AmountUnit ReadUnits(JsonObject fields)
    {
        switch (fields.TextOrNull("units"))
        {
            case null or "whole":
                return AmountUnit.Whole;
            case "base":
                return AmountUnit.Base;
            default:
                fields.Fault("units", "must be 'whole' or 'base'");
                return AmountUnit.Whole;
        }
    }

    private static ImmutableArray<Token> ReadTokens(JsonObject market)
    {
        var elements = market.Elements("tokens");
        var tokens = ImmutableArray.CreateBuilder<Token>(elements.Count);
        HashSet<TokenId> seen = [];
        for (var i = 0; i < elements.Count && !market.Faulty; i++)
        {
            var fields = market.ObjectAt(elements[i], $"tokens[{i}].");
            var token = new Token
            {
                Id = new TokenId(ReadId(fields)),
                Value = ReadAmount(fields, "value", fields.Number("value")),
                Holding = ReadAmount(fields, "holding", fields.Number("holding", 0)),
                Mint = fields.TextOrNull("mint"),
                Symbol = fields.TextOrNull("symbol"),
                Decimals = (int?)fields.WholeNumber("decimals", 0, DecimalsMax),
            };
            if (!seen.Add(token.Id))
                fields.Fault("id", $"'{token.Id}' is another token's id too");
            fields.RefuseRest();
            tokens.Add(token);
        }

        return tokens.DrainToImmutable();
    }

    private static double ReadAmount(JsonObject fields, string name, double value)
    {
        if (PoolRules.NotNegative(name, value) is { } fault)
            fields.Fault(fault.Field, fault.Message);
        return WithoutSign(value);
    }

    private static ImmutableArray<Pool> ReadPools(JsonObject market, ImmutableArray<Token> tokens, JsonFaults faults)
    {
        var elements = market.Elements("pools");
        var pools = ImmutableArray.CreateBuilder<Pool>(elements.Count);
        HashSet<PoolId> seen = [];
        HashSet<TokenId> known = [.. tokens.Select(token => token.Id)];
        for (var i = 0; i < elements.Count && !faults.Any; i++)
        {
            var anonymous = market.ObjectAt(elements[i], $"pools[{i}].");
            var id = ReadId(anonymous);
            if (faults.Any)
                break;
            var fields = anonymous.OfPool(id);
            if (!seen.Add(new PoolId(id)))
                fields.Fault("id", "is another pool's id too");
            if (ReadPool(fields, id, known) is { } pool)
                pools.Add(pool);
        }

        return pools.DrainToImmutable();
    }

    private static Pool? ReadPool(JsonObject fields, string id, HashSet<TokenId> known)
    {
        var kindName = fields.Text("kind");
        if (!PoolKinds.TryGet(kindName, out var kind))
        {
            fields.Fault("kind", $"'{JsonSyntax.Printable(kindName)}' is not a kind of pool; the kinds are {PoolKinds.Names}");
            return null;
        }

        var tokens = fields.Texts("tokens");
        for (var i = 0; i < tokens.Length; i++)
        {
            if (!known.Contains(new TokenId(tokens[i])))
                fields.Fault($"tokens[{i}]", $"'{JsonSyntax.Printable(tokens[i])}' is not a token of this market");
        }

        var pool = new Pool
        {
            Id = new PoolId(id),
            Dex = fields.TextOrNull("dex"),
            Tokens = [.. tokens.Select(token => new TokenId(token))],
            Fee = WithoutSign(fields.Number("fee")),
            FeeOut = WithoutSign(fields.Number("feeOut", 0)),
            TokenFees = ReadTokenFees(fields, "tokenFees", tokens.Length),
            TokenFeesOut = ReadTokenFees(fields, "tokenFeesOut", tokens.Length),
            MaxTender = ReadBounds(fields, tokens.Length),
            Curve = kind.Read(fields, tokens.Length),
        };
        if (!fields.Faulty && PoolRules.Check(pool) is { } fault)
            fields.Fault(fault.Field, fault.Message);
        fields.RefuseRest();
        return fields.Faulty ? null : pool with { Curve = WithoutSigns(pool.Curve) };
    }

    private static ImmutableArray<double> ReadTokenFees(JsonObject fields, string name, int tokens)
    {
        if (!fields.Has(name))
            return [];
        var fees = fields.Numbers(name);
        if (fees.Length != tokens)
            fields.Fault(name, $"must hold {tokens} numbers, not {fees.Length}");
        return [.. fees.Select(WithoutSign)];
    }

    private static ImmutableArray<double> ReadBounds(JsonObject fields, int tokens)
    {
        var bounds = fields.NumbersOrNulls("maxTender", double.PositiveInfinity);
        if (fields.Has("maxTender") && bounds.Length != tokens)
            fields.Fault("maxTender", $"must hold {tokens} numbers, not {bounds.Length}");
        return bounds;
    }

    private static MarketLimits? ReadLimits(JsonObject market)
    {
        if (!market.Has("limits"))
            return null;
        var fields = market.Object("limits");
        var limits = new MarketLimits(
            (int?)fields.WholeNumber("maxPools", 0, int.MaxValue),
            ReadAmount(fields, "costPerPool", fields.Number("costPerPool", 0)));
        fields.RefuseRest();
        return limits;
    }

    private static string ReadId(JsonObject fields)
    {
        var id = fields.Text("id");
        if (id.Length == 0)
            fields.Fault("id", "must not be empty");
        foreach (var c in id)
        {
            if (char.IsControl(c))
                fields.Fault("id", "must not hold control characters");
        }

        return id;
    }

    /// <summary>0 for the number -0, which is not negative and must not act so.</summary>
    private static double WithoutSign(double value) => value + 0.0;

    private static PoolCurve WithoutSigns(PoolCurve curve)
    {
        var state = curve.State;
        foreach (var value in state)
        {
            if (value == 0 && double.IsNegative(value))
                return curve.WithState([.. state.Select(WithoutSign)]);
        }

        return curve;
    }

    private static void WriteMarket(Market market, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("format", Format);
        json.WriteString("name", market.Name);
        if (market.Source is not null)
            json.WriteString("source", market.Source);
        if (market.Slot is { } slot)
            json.WriteNumber("slot", slot);
        json.WriteString("units", market.Units == AmountUnit.Base ? "base" : "whole");
        json.WriteStartArray("tokens");
        foreach (var token in market.Tokens)
            WriteToken(token, json);
        json.WriteEndArray();
        json.WriteStartArray("pools");
        foreach (var pool in market.Pools)
            WritePool(pool, json);
        json.WriteEndArray();
        if (market.Limits is { } limits)
            WriteLimits(limits, json);
        json.WriteEndObject();
    }

    private static void WriteToken(Token token, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("id", token.Id.Value);
        if (token.Mint is not null)
            json.WriteString("mint", token.Mint);
        if (token.Symbol is not null)
            json.WriteString("symbol", token.Symbol);
        if (token.Decimals is { } decimals)
            json.WriteNumber("decimals", decimals);
        json.WriteNumber("value", token.Value);
        if (token.Holding != 0)
            json.WriteNumber("holding", token.Holding);
        json.WriteEndObject();
    }

    private static void WritePool(Pool pool, Utf8JsonWriter json)
    {
        if (!PoolKinds.TryGet(pool.Curve.Kind, out var kind))
            throw new ArgumentException($"'{pool.Curve.Kind}' is not a registered kind of pool", nameof(pool));
        json.WriteStartObject();
        json.WriteString("id", pool.Id.Value);
        if (pool.Dex is not null)
            json.WriteString("dex", pool.Dex);
        json.WriteString("kind", kind.Name);
        json.WriteStartArray("tokens");
        foreach (var token in pool.Tokens)
            json.WriteStringValue(token.Value);
        json.WriteEndArray();
        json.WriteNumber("fee", pool.Fee);
        if (pool.FeeOut != 0)
            json.WriteNumber("feeOut", pool.FeeOut);
        WriteTokenFees("tokenFees", pool.TokenFees, json);
        WriteTokenFees("tokenFeesOut", pool.TokenFeesOut, json);
        if (!pool.MaxTender.IsDefaultOrEmpty)
            WriteBounds(pool.MaxTender, json);
        kind.Write(pool.Curve, json);
        json.WriteEndObject();
    }

    private static void WriteTokenFees(string name, ImmutableArray<double> fees, Utf8JsonWriter json)
    {
        if (fees.IsEmpty)
            return;
        json.WriteStartArray(name);
        foreach (var fee in fees)
            json.WriteNumberValue(fee);
        json.WriteEndArray();
    }

    private static void WriteBounds(ImmutableArray<double> bounds, Utf8JsonWriter json)
    {
        json.WriteStartArray("maxTender");
        foreach (var bound in bounds)
        {
            if (double.IsPositiveInfinity(bound))
                json.WriteNullValue();
            else
                json.WriteNumberValue(bound);
        }

        json.WriteEndArray();
    }

    private static void WriteLimits(MarketLimits limits, Utf8JsonWriter json)
    {
        json.WriteStartObject("limits");
        if (limits.MaxPools is { } maxPools)
            json.WriteNumber("maxPools", maxPools);
        json.WriteNumber("costPerPool", limits.CostPerPool);
        json.WriteEndObject();
    }
}
