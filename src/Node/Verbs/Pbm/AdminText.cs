using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using QTrade.Web.Admin;

namespace QTrade.Node.Verbs.Pbm;

/// <summary>Answers for people, as tables, and for programs, as they are.</summary>
internal static class AdminText
{
    private const int CellMax = 120;

    public static void WriteJson(AdminAnswer answer, TextWriter output) => JsonText.WriteLine(output, json =>
    {
        json.WriteStartObject();
        json.WriteString("node", answer.Node);
        json.WriteString("status", answer.Status.ToString().ToLowerInvariant());
        json.WriteString("message", answer.Message);
        json.WritePropertyName("result");
        if (answer.Result is null)
            json.WriteNullValue();
        else
            answer.Result.WriteTo(json);
        json.WriteEndObject();
    });

    public static void Write(AdminAnswer answer, TextWriter output)
    {
        if (answer.Result is JsonArray rows)
            WriteTable(rows, output);
        else if (answer.Result is JsonObject fields)
            WriteFields(fields, output);
        if (answer.Message is { } message)
            output.WriteLine(message);
    }

    /// <summary>One item of a stream on one line.</summary>
    public static void WriteItem(AdminAnswer answer, TextWriter output) => output.WriteLine(
        answer.Result is JsonObject fields
            ? string.Join("  ", Flat(fields).Select(field => Cell(field.Value)).Where(text => text.Length > 0))
            : answer.Message ?? string.Empty);

    private static void WriteFields(JsonObject fields, TextWriter output)
    {
        List<(string Name, JsonNode? Value)> flat = [.. Flat(fields).Where(field => !IsTable(field.Value))];
        int width = flat.Count == 0 ? 0 : flat.Max(field => field.Name.Length);
        foreach ((string name, JsonNode? value) in flat)
            output.WriteLine($"{name.PadRight(width)}  {Cell(value, long.MaxValue)}".TrimEnd());
        foreach ((string name, JsonNode? value) in Flat(fields).Where(field => IsTable(field.Value)))
        {
            output.WriteLine();
            output.WriteLine($"{name}:");
            WriteTable((JsonArray)value!, output);
        }
    }

    private static void WriteTable(JsonArray rows, TextWriter output)
    {
        if (rows.Count == 0)
        {
            output.WriteLine("none");
            return;
        }

        List<Dictionary<string, string>> cells = [.. rows.OfType<JsonObject>().Select(row => Flat(row).ToDictionary(field => field.Name, field => Cell(field.Value)))];
        List<string> columns = [.. cells.SelectMany(row => row.Keys).Distinct()];
        int[] widths = [.. columns.Select(column => Math.Max(column.Length, cells.Max(row => row.GetValueOrDefault(column)?.Length ?? 0)))];
        output.WriteLine(string.Join("  ", columns.Select((column, i) => column.PadRight(widths[i]))).TrimEnd());
        foreach (Dictionary<string, string> row in cells)
            output.WriteLine(string.Join("  ", columns.Select((column, i) => (row.GetValueOrDefault(column) ?? string.Empty).PadRight(widths[i]))).TrimEnd());
    }

    private static bool IsTable(JsonNode? value) => value is JsonArray { Count: > 0 } rows && rows.All(row => row is JsonObject);

    /// <summary>The fields, those of objects inside under both names.</summary>
    private static IEnumerable<(string Name, JsonNode? Value)> Flat(JsonObject fields)
    {
        foreach ((string name, JsonNode? value) in fields)
        {
            if (value is JsonObject inner)
                foreach ((string below, JsonNode? deeper) in Flat(inner))
                    yield return ($"{name}.{below}", deeper);
            else
                yield return (name, value);
        }
    }

    /// <summary>What comes from a node is shown without control characters: a terminal obeys them.</summary>
    private static string Cell(JsonNode? value, long lengthMax = CellMax)
    {
        string text = value switch
        {
            null => string.Empty,
            JsonArray { Count: 0 } => string.Empty,
            JsonArray list => string.Join(", ", list.Select(item => Cell(item, lengthMax))),
            JsonValue number when number.GetValueKind() == JsonValueKind.Number => Number(number.ToJsonString()),
            _ => value.ToString(),
        };
        text = string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));
        return text.Length > lengthMax ? text[..(int)(lengthMax - 2)] + ".." : text;
    }

    private static string Number(string number) =>
        number.AsSpan().IndexOfAny('.', 'e', 'E') < 0 ? number : double.Parse(number, CultureInfo.InvariantCulture).ToString("G8", CultureInfo.InvariantCulture);
}
