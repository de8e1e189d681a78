using System.CommandLine;
using System.CommandLine.Parsing;
using QTrade.Node.Configuration;

namespace QTrade.Node.Verbs;

/// <summary>Says in one line what is wrong with a command line, and what may have been meant.</summary>
internal static class UsageErrors
{
    public static string? Describe(ParseResult parsed)
    {
        if (parsed.Errors.Count == 0)
            return null;
        Command command = parsed.CommandResult.Command;
        string path = string.Join(' ', Path(parsed.CommandResult));
        string what = (Misread(parsed.CommandResult) ?? (parsed.UnmatchedTokens is [var unmatched, ..] ? unmatched : null)) is { } first
            ? Unmatched(command, first)
            : parsed.Errors[0].Message.TrimEnd('.');
        return $"{path}: {what.ReplaceLineEndings(" ")} (see {path} --help)";
    }

    /// <summary>What is wrong with a word that fits nowhere.</summary>
    public static string Unmatched(Command command, string token)
    {
        if (token.StartsWith('-'))
            return $"there is no option '{token}'{Suggestion.Clause(token, command.Options.Where(option => !option.Hidden).Select(option => option.Name))}";
        return command.Subcommands.Count > 0
            ? $"there is no {(command is RootCommand ? "verb" : "command")} '{token}'{Suggestion.Clause(token, command.Subcommands.Select(verb => verb.Name))}"
            : $"'{token}' is one argument too many";
    }

    /// <summary>An option that does not exist and was therefore taken for an argument.</summary>
    private static string? Misread(CommandResult result) =>
        result.Children.OfType<ArgumentResult>().SelectMany(argument => argument.Tokens).FirstOrDefault(token => token.Value.StartsWith('-'))?.Value;

    private static IEnumerable<string> Path(CommandResult? result)
    {
        if (result is null)
            return [];
        return Path(result.Parent as CommandResult).Append(result.Command is RootCommand ? CommandLine.ProgramName : result.Command.Name);
    }
}
