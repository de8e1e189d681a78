using System.Buffers;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace QTrade.Markets.Files;

/// <summary>Reads and writes <c>qtrade.result/1</c>. Reading judges the shape and that numbers are finite; whether the answer is right is for verification.</summary>
public static class ResultFile
{
    /// <summary>The format's name.</summary>
    public const string Format = "qtrade.result/1";

    private static readonly (ResultStatus Status, string Name)[] StatusNames =
    [
        (ResultStatus.Optimal, "optimal"),
        (ResultStatus.NoArbitrage, "noArbitrage"),
        (ResultStatus.Inaccurate, "inaccurate"),
        (ResultStatus.Budget, "budget"),
        (ResultStatus.Invalid, "invalid"),
    ];

    /// <summary>The status as the format names it.</summary>
    public static string NameOf(ResultStatus status)
    {
        foreach (var (known, name) in StatusNames)
        {
            if (known == status)
                return name;
        }

        throw new ArgumentOutOfRangeException(nameof(status), status, "no such status");
    }

    /// <summary>Reads a result from a file's bytes; <paramref name="file"/> is what errors call it.</summary>
    public static bool TryRead(
        ReadOnlySpan<byte> bytes,
        string file,
        [NotNullWhen(true)] out MarketResult? result,
        [NotNullWhen(false)] out MarketFileError? error)
    {
        bytes = JsonSyntax.WithoutByteOrderMark(bytes);
        result = null;
        error = JsonSyntax.Check(bytes, file);
        if (error is not null)
            return false;
        JsonFaults faults = new();
        var read = ReadResult(new JsonObject(bytes, 0, bytes.Length, faults));
        if (faults.Any)
        {
            error = faults.ToError(file, bytes);
            return false;
        }

        result = read;
        return true;
    }

    /// <summary>Reads a result from a file.</summary>
    public static bool TryReadFile(
        string path,
        [NotNullWhen(true)] out MarketResult? result,
        [NotNullWhen(false)] out MarketFileError? error)
    {
        result = null;
        return FileBytes.TryRead(path, out var bytes, out error) && TryRead(bytes, path, out result, out error);
    }

    /// <summary>The result as a file's bytes. Every number reads back to the same bits.</summary>
    /// <exception cref="ArgumentException">A number is not finite, or a JSON text is none.</exception>
    public static byte[] Write(MarketResult result)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, MarketFile.WriterOptions))
            WriteResult(result, json);
        buffer.Write("\n"u8);
        return buffer.WrittenSpan.ToArray();
    }

    private static MarketResult ReadResult(JsonObject fields)
    {
        if (fields.Text("format") is var format && format != Format)
            fields.Fault("format", $"is '{JsonSyntax.Printable(format)}', and only '{Format}' is read here");
        var result = new MarketResult
        {
            Market = fields.Text("market"),
            MarketHash = fields.Text("marketHash"),
            Solver = fields.Text("solver"),
            Status = ReadStatus(fields),
            Profit = fields.Number("profit"),
            UpperBound = fields.Number("upperBound"),
            Gap = fields.Number("gap"),
            Prices = fields.Numbers("prices"),
            NetFlow = fields.Numbers("netFlow"),
            Trades = ReadTrades(fields),
            Iterations = (int)(fields.WholeNumber("iterations", 0, int.MaxValue) ?? Missing(fields, "iterations")),
            ElapsedMs = fields.Has("elapsedMs") ? fields.Number("elapsedMs") : null,
            UnlimitedBound = fields.Has("unlimitedBound") ? fields.Number("unlimitedBound") : null,
            Explanation = fields.Raw("explanation"),
            Search = fields.Raw("search"),
        };
        if (fields.Has("search") && !fields.Faulty)
            SearchText.Read(fields.Object("search"));
        fields.RefuseRest();
        return result;
    }

    private static int Missing(JsonObject fields, string name)
    {
        if (!fields.Faulty)
            fields.Fault(name, "is missing");
        return 0;
    }

    private static ResultStatus ReadStatus(JsonObject fields)
    {
        var text = fields.Text("status");
        foreach (var (status, name) in StatusNames)
        {
            if (name == text)
                return status;
        }

        fields.Fault("status", $"must be one of {string.Join(", ", StatusNames.Select(known => known.Name))}");
        return ResultStatus.Invalid;
    }

    private static ImmutableArray<PoolTrade> ReadTrades(JsonObject result)
    {
        var elements = result.Elements("trades");
        var trades = ImmutableArray.CreateBuilder<PoolTrade>(elements.Count);
        for (var i = 0; i < elements.Count && !result.Faulty; i++)
        {
            var fields = result.ObjectAt(elements[i], $"trades[{i}].");
            var pool = fields.Text("pool");
            trades.Add(new PoolTrade(
                new PoolId(pool),
                fields.Numbers("tender"),
                fields.Numbers("receive"),
                fields.Number("marginalPriceBefore"),
                fields.Number("marginalPriceAfter")));
            fields.RefuseRest();
        }

        return trades.DrainToImmutable();
    }

    private static void WriteResult(MarketResult result, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("format", Format);
        json.WriteString("market", result.Market);
        json.WriteString("marketHash", result.MarketHash);
        json.WriteString("solver", result.Solver);
        json.WriteString("status", NameOf(result.Status));
        json.WriteNumber("profit", result.Profit);
        json.WriteNumber("upperBound", result.UpperBound);
        json.WriteNumber("gap", result.Gap);
        WriteNumbers("prices", result.Prices, json);
        WriteNumbers("netFlow", result.NetFlow, json);
        json.WriteStartArray("trades");
        foreach (var trade in result.Trades)
            WriteTrade(trade, json);
        json.WriteEndArray();
        json.WriteNumber("iterations", result.Iterations);
        if (result.ElapsedMs is { } elapsed)
            json.WriteNumber("elapsedMs", elapsed);
        if (result.UnlimitedBound is { } unlimited)
            json.WriteNumber("unlimitedBound", unlimited);
        WriteRaw("explanation", result.Explanation, json);
        WriteRaw("search", result.Search, json);
        json.WriteEndObject();
    }

    private static void WriteTrade(PoolTrade trade, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("pool", trade.Pool.Value);
        WriteNumbers("tender", trade.Tender, json);
        WriteNumbers("receive", trade.Receive, json);
        json.WriteNumber("marginalPriceBefore", trade.MarginalPriceBefore);
        json.WriteNumber("marginalPriceAfter", trade.MarginalPriceAfter);
        json.WriteEndObject();
    }

    private static void WriteNumbers(string name, ImmutableArray<double> numbers, Utf8JsonWriter json)
    {
        json.WriteStartArray(name);
        foreach (var number in numbers)
            json.WriteNumberValue(number);
        json.WriteEndArray();
    }

    private static void WriteRaw(string name, string? text, Utf8JsonWriter json)
    {
        if (text is null)
            return;
        json.WritePropertyName(name);
        json.WriteRawValue(text);
    }
}
