using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace QTrade.Node.Admin;

/// <summary>What several nodes of a cluster refused, as one answer in which each row names its node.</summary>
internal static class WhyOfAll
{
    /// <param name="own">The answer of the node that was asked.</param>
    /// <param name="name">That node.</param>
    /// <param name="others">The others' answers, null for those that did not answer.</param>
    /// <param name="count">How many of the last refusals are shown.</param>
    /// <returns>The answer, and the nodes that are missing in it.</returns>
    public static (JsonObject All, ImmutableArray<string> Silent) Merge(
        JsonObject own, string name, ImmutableArray<(string Node, JsonObject? Answer)> others, int count)
    {
        List<(string Node, JsonObject Answer)> answers = [(name, own), .. others.Where(other => other.Answer is not null).Select(other => (other.Node, other.Answer!))];
        ImmutableArray<string> silent = [.. others.Where(other => other.Answer is null).Select(other => other.Node)];

        // The router repeats what the executor tells it of routes: a person reads it once.
        var rows = answers.SelectMany(answer => Rows(answer, "last")).ToList();
        var told = rows.Where(row => IsBy(row, "executor")).Select(Said).ToHashSet();
        var last = rows.Where(row => !IsBy(row, "router") || !told.Contains(Said(row)))
            .OrderByDescending(At)
            .Take(count);
        return (new JsonObject
        {
            ["trading"] = own["trading"]?.DeepClone(),
            ["why"] = own["why"]?.DeepClone(),
            ["lastResult"] = First("lastResult"),
            ["executed"] = First("executed"),
            ["faults"] = answers.Sum(answer => Whole(answer.Answer["faults"])),
            ["lastFault"] = answers.Where(answer => answer.Answer["lastFault"] is not null)
                .Select(answer => $"{answer.Node}: {(string?)answer.Answer["lastFault"]}").FirstOrDefault(),
            ["silent"] = new JsonArray([.. silent.Select(node => (JsonNode)node)]),
            ["counts"] = new JsonArray([.. answers.SelectMany(answer => Rows(answer, "counts"))]),
            ["last"] = new JsonArray([.. last]),
        }, silent);

        JsonNode? First(string field) => answers.Select(answer => answer.Answer[field]).FirstOrDefault(value => value is not null)?.DeepClone();
    }

    private static IEnumerable<JsonObject> Rows((string Node, JsonObject Answer) answer, string field)
    {
        foreach (var row in answer.Answer[field] is JsonArray rows ? rows.OfType<JsonObject>() : [])
        {
            var named = new JsonObject { ["node"] = answer.Node };
            foreach (var (name, value) in row)
                named[name] = value?.DeepClone();
            yield return named;
        }
    }

    private static long Whole(JsonNode? number) => number is JsonValue value && value.TryGetValue(out long whole) ? whole : 0;

    private static bool IsBy(JsonObject row, string by) => (string?)row["by"] == by;

    private static DateTimeOffset At(JsonObject row) => row["at"] is JsonValue value && value.TryGetValue(out DateTimeOffset at) ? at : default;

    private static (string?, string?, DateTimeOffset) Said(JsonObject row) => ((string?)row["reason"], (string?)row["detail"], At(row));
}
