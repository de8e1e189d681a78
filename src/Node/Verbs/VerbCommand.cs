using System.CommandLine;

namespace QTrade.Node.Verbs;

/// <summary>A verb of the program, with the examples that its help shows.</summary>
internal sealed class VerbCommand(string name, string description, params string[] examples) : Command(name, description)
{
    public IReadOnlyList<string> Examples => examples;
}
