using System.Buffers;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;

namespace QTrade.Markets.Files;

/// <summary>The <c>search</c> object of <c>qtrade.result/1</c>: nodes, unlimitedPrices, leaves of forcedIn, forcedOut, prices, bound.</summary>
public static class SearchText
{
    /// <summary>Reads the object; <paramref name="fault"/> is one line that names the field.</summary>
    public static bool TryRead(string text, [NotNullWhen(true)] out MarketSearch? search, [NotNullWhen(false)] out string? fault)
    {
        search = null;
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        if (JsonSyntax.Check(bytes, "search") is { } error)
        {
            fault = error.Message;
            return false;
        }

        JsonFaults faults = new();
        MarketSearch read = Read(new JsonObject(bytes, 0, bytes.Length, faults, null, "search."));
        fault = faults.Any ? $"field {faults.Field}: {faults.Message}" : null;
        search = faults.Any ? null : read;
        return fault is null;
    }

    /// <summary>The object as JSON text. Every number reads back to the same bits.</summary>
    /// <exception cref="ArgumentException">A number is not finite.</exception>
    public static string Write(MarketSearch search)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, MarketFile.WriterOptions))
        {
            json.WriteStartObject();
            json.WriteNumber("nodes", search.Nodes);
            if (!search.UnlimitedPrices.IsDefaultOrEmpty)
                WriteNumbers("unlimitedPrices", search.UnlimitedPrices, json);
            json.WriteStartArray("leaves");
            foreach (var leaf in search.Leaves)
                WriteLeaf(leaf, json);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    internal static MarketSearch Read(JsonObject fields)
    {
        var nodes = (int)(fields.WholeNumber("nodes", 0, int.MaxValue) ?? 0);
        var unlimited = fields.Numbers("unlimitedPrices", []);
        var elements = fields.Elements("leaves");
        var leaves = ImmutableArray.CreateBuilder<MarketSearchLeaf>(elements.Count);
        for (var i = 0; i < elements.Count && !fields.Faulty; i++)
        {
            var leaf = fields.ObjectAt(elements[i], $"search.leaves[{i}].");
            leaves.Add(new MarketSearchLeaf(Pools(leaf, "forcedIn"), Pools(leaf, "forcedOut"), leaf.Numbers("prices"), leaf.Number("bound")));
            leaf.RefuseRest();
        }

        fields.RefuseRest();
        return new MarketSearch(nodes, unlimited, leaves.DrainToImmutable());
    }

    private static ImmutableArray<PoolId> Pools(JsonObject leaf, string name) => [.. leaf.Texts(name).Select(id => new PoolId(id))];

    private static void WriteLeaf(MarketSearchLeaf leaf, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        WritePools("forcedIn", leaf.ForcedIn, json);
        WritePools("forcedOut", leaf.ForcedOut, json);
        WriteNumbers("prices", leaf.Prices, json);
        json.WriteNumber("bound", leaf.Bound);
        json.WriteEndObject();
    }

    private static void WritePools(string name, ImmutableArray<PoolId> pools, Utf8JsonWriter json)
    {
        json.WriteStartArray(name);
        foreach (var pool in pools)
            json.WriteStringValue(pool.Value);
        json.WriteEndArray();
    }

    private static void WriteNumbers(string name, ImmutableArray<double> numbers, Utf8JsonWriter json)
    {
        json.WriteStartArray(name);
        foreach (var number in numbers)
            json.WriteNumberValue(number);
        json.WriteEndArray();
    }
}
