using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace QTrade.Node.Verbs;

/// <summary>The usual help with examples under it.</summary>
internal sealed class ExamplesHelp(HelpAction usual, IReadOnlyList<string> rootExamples) : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        usual.Invoke(parseResult);
        IReadOnlyList<string> examples = parseResult.CommandResult.Command is VerbCommand verb ? verb.Examples : rootExamples;
        TextWriter output = parseResult.InvocationConfiguration.Output;
        output.WriteLine("Examples:");
        foreach (string example in examples)
            output.WriteLine($"  {example}");
        return ExitCode.Done;
    }
}
