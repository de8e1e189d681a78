using System.CommandLine;
using System.CommandLine.Help;

namespace QTrade.Node.Verbs;

/// <summary>The program's verbs, and how a command line becomes one of them. Without a verb it is <c>run</c>.</summary>
public static class CommandLine
{
    internal const string ProgramName = "qtrade";
    private const string DefaultVerb = "run";

    private static readonly string[] RootExamples =
    [
        "qtrade                              start a node on the sample market, on paper",
        "qtrade run --for 30s                the same, and stop after 30 seconds",
        "qtrade solve samples/five-pools.json  the most profitable trade of a market, certified",
        "qtrade pbm why                      look into the running node: why did it not trade?",
        "qtrade doctor                       what is wrong on this machine, and what to do",
    ];

    /// <summary>Runs one command line.</summary>
    /// <param name="arguments">The arguments, without the program's name.</param>
    /// <param name="environment">What surrounds the program.</param>
    /// <param name="stop">Asks a long verb to drain and leave.</param>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, ProgramEnvironment environment, CancellationToken stop)
    {
        RootCommand root = Build(environment);
        ParseResult parsed = root.Parse(WithVerb(arguments));
        if (parsed.Action is not ExamplesHelp && UsageErrors.Describe(parsed) is { } wrong)
        {
            await environment.Error.WriteLineAsync(wrong).ConfigureAwait(false);
            return ExitCode.BadInput;
        }

        var invocation = new InvocationConfiguration
        {
            Output = environment.Out,
            Error = environment.Error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
        };
        return await InvokeAsync(parsed, invocation, environment, stop).ConfigureAwait(false);
    }

    private static RootCommand Build(ProgramEnvironment environment)
    {
        var root = new RootCommand("A certified arbitrage engine over decentralized exchanges. Without a verb: run.")
        {
            RunVerb.Create(environment),
            SolveVerb.Create(environment),
            VerifyVerb.Create(environment),
            QuoteVerb.Create(environment),
            ImportVerb.Create(environment),
            ReplayVerb.Create(environment),
            JournalVerb.Create(environment),
            ConfigVerb.Create(environment),
            DoctorVerb.Create(environment),
            PbmVerb.Create(environment),
        };
        HelpOption help = root.Options.OfType<HelpOption>().Single();
        help.Action = new ExamplesHelp((HelpAction)help.Action!, RootExamples);
        return root;
    }

    private static IReadOnlyList<string> WithVerb(IReadOnlyList<string> arguments) => arguments switch
    {
        [] => [DefaultVerb],
        ["pbm", "help", _, ..] => ["pbm", .. arguments.Skip(2), "--help"],
        ["help", ..] => [.. arguments.Skip(1), "--help"],
        ["--help" or "-h" or "-?" or "--version", ..] => arguments,
        [var option, ..] when option.StartsWith('-') => [DefaultVerb, .. arguments],
        _ => arguments,
    };

    /// <summary>The edge of the program: whatever a verb did not expect is one line, naming where it arose.</summary>
    private static async Task<int> InvokeAsync(
        ParseResult parsed, InvocationConfiguration invocation, ProgramEnvironment environment, CancellationToken stop)
    {
        try
        {
            return await parsed.InvokeAsync(invocation, stop).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // A verb that ends well when it is told to stop has returned: what was not finished is not done, verified or answered.
            await environment.Error.WriteLineAsync($"{ProgramName}: stopped before it was done").ConfigureAwait(false);
            return ExitCode.Failed;
        }
#pragma warning disable CA1031 // Nothing above could do better than say it and leave.
        catch (Exception unexpected)
#pragma warning restore CA1031
        {
            string where = unexpected is IOException or UnauthorizedAccessException ? string.Empty : $" ({unexpected.GetType().Name} {FirstFrame(unexpected)})";
            await environment.Error.WriteLineAsync($"{ProgramName}: {unexpected.Message.ReplaceLineEndings(" ")}{where}").ConfigureAwait(false);
            return ExitCode.Failed;
        }
    }

    private static string FirstFrame(Exception unexpected) => unexpected.StackTrace?.Split('\n')[0].Trim() ?? string.Empty;
}
