using System.CommandLine;

namespace QTrade.Node.Verbs;

/// <summary>The option that every verb has.</summary>
internal static class JsonOption
{
    public static Option<bool> Create() => new("--json") { Description = "Answer in JSON, for programs." };
}
