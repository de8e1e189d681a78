using System.Collections.Immutable;
using System.CommandLine;
using System.CommandLine.Parsing;
using QTrade.Node.Configuration;

namespace QTrade.Node.Verbs;

/// <summary>The options of a verb that set settings: the highest layer of configuration.</summary>
internal sealed class SettingOptions
{
    private const string TapeKey = "solana.tape";

    private readonly Option<string?> _config = new("--config") { Description = "A HOCON file whose settings win over the ones beside the program.", HelpName = "FILE" };

    private readonly Option<string[]> _set = new("--set")
    {
        Description = "Any setting, for instance router.min-interval=20ms; may be repeated.",
        HelpName = "KEY=VALUE",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly ImmutableArray<(string Key, Option<string?> Option)> _named;
    private readonly Argument<string?>? _tape;

    private SettingOptions(ImmutableArray<(string Key, Option<string?> Option)> named, Argument<string?>? tape = null)
    {
        _named = named;
        _tape = tape;
        _set.Validators.Add(RequireKeyAndValue);
    }

    /// <summary>Options for a verb that runs a node.</summary>
    public static SettingOptions ForNode() =>
        new(
        [
            Named("market", "--market", "Market file that the node trades on.", "FILE"),
            Named("feed", "--feed", "Where updates come from: simulated, solana, recorded.", "KIND"),
            Named("execute", "--execute", "What becomes of a route: paper, simulate, live.", "KIND"),
            Data(),
            Named("solana.rpc", "--rpc", "HTTP address of a Solana endpoint without a key in it; with one, set QTRADE__SOLANA__RPC.", "URL"),
            Named("solana.ws", "--ws", "Its WebSocket address, where it is not derived.", "URL"),
            Named("solana.pools", "--pools", "Pools to follow, separated by commas.", "ADDRESSES"),
            Named("solana.venues", "--venues", "Venues whose pools to search for, separated by commas.", "NAMES"),
            Named("solana.record", "--record", "Record every account update to this tape.", "FILE"),
            Named(TapeKey, "--tape", "Tape that --feed recorded plays.", "FILE"),
            Named("solana.speed", "--speed", "How many times faster than recorded, or max.", "N"),
            Named("simulation.seed", "--seed", "Seed of the simulated chain.", "N"),
            Named("simulation.rate", "--rate", "Pool updates per second of the simulated chain.", "N"),
            Named("drive.kind", "--drive", "What says where the market is cut: live (time) or tape (the feed's positions).", "KIND"),
            Named("drive.cut-every", "--cut-every", "Observations from one cut of the tape to the next.", "N"),
            Named("drive.cuts", "--cuts", "Cuts after which the tape ends.", "N"),
        ],
        new Argument<string?>("FILE") { Description = "Tape that --feed recorded plays; --tape names it too.", Arity = ArgumentArity.ZeroOrOne });

    /// <summary>Options for a verb that looks at a journal.</summary>
    public static SettingOptions ForJournal() => new([Data()]);

    /// <summary>Options for a verb whose arguments name the journals.</summary>
    public static SettingOptions ForCopy() => new([]);

    public void AddTo(Command command)
    {
        if (_tape is not null)
        {
            command.Add(_tape);
            command.Validators.Add(RequireTapeOnce);
        }

        command.Add(_config);
        foreach ((_, Option<string?> option) in _named)
            command.Add(option);
        command.Add(_set);
    }

    /// <summary>The settings that count, or null where some are wrong: then each was written to the error output.</summary>
    public NodeConfiguration? ReadOrReport(ParseResult parsed, string verb, ProgramEnvironment environment)
    {
        NodeConfiguration configuration = Read(parsed, environment);
        foreach (string problem in configuration.Problems)
            environment.Refuse(verb, problem, ExitCode.BadInput);
        return configuration.Problems.IsEmpty ? configuration : null;
    }

    public NodeConfiguration Read(ParseResult parsed, ProgramEnvironment environment) =>
        NodeConfigurationReader.Read(new ConfigurationRequest
        {
            HoconFolder = System.IO.Path.Combine(environment.ProgramFolder, "hocon"),
            ConfigFile = parsed.GetValue(_config) is { } file ? environment.Locate(file) : null,
            Environment = environment.Variables,
            CommandLine = [.. Named(parsed), .. Tape(parsed), .. Set(parsed)],
        });

    private static Option<string?> Option(string name, string description, string value) => new(name) { Description = description, HelpName = value };

    private static (string Key, Option<string?> Option) Named(string key, string name, string description, string value) => (key, Option(name, description, value));

    private static (string Key, Option<string?> Option) Data() => Named("journal.data-dir", "--data", "Folder of the journal.", "DIR");

    private static void RequireKeyAndValue(OptionResult result)
    {
        foreach (Token token in result.Tokens)
            if (!token.Value.Contains('=', StringComparison.Ordinal))
                result.AddError($"--set '{token.Value}' has no value: write KEY=VALUE, for instance router.min-interval=20ms");
    }

    /// <summary>A file by itself is a tape, and of a feed that plays one: anything else is a mistake that would go unseen.</summary>
    private void RequireTapeOnce(CommandResult result)
    {
        if (result.GetResult(_tape!) is not { Tokens: [var file, ..] })
            return;
        if (file.Value.StartsWith('-'))
            result.AddError(UsageErrors.Unmatched(result.Command, file.Value));
        else if (!string.Equals(Text("feed"), nameof(FeedKind.Recorded), StringComparison.OrdinalIgnoreCase))
            result.AddError($"'{file.Value}' is one argument too many: a file by itself is a tape, which only --feed recorded plays");
        else if (Text(TapeKey) is not null)
            result.AddError($"'{file.Value}' and --tape both name a tape: write one");

        string? Text(string key) => result.GetValue(_named.Single(named => named.Key == key).Option);
    }

    private IEnumerable<CommandLineSetting> Tape(ParseResult parsed) =>
        _tape is not null && parsed.GetValue(_tape) is { } file ? [new CommandLineSetting(TapeKey, file, "FILE")] : [];

    private IEnumerable<CommandLineSetting> Named(ParseResult parsed) =>
        from named in _named
        let value = parsed.GetValue(named.Option)
        where value is not null
        select new CommandLineSetting(named.Key, value, named.Option.Name);

    private IEnumerable<CommandLineSetting> Set(ParseResult parsed) =>
        from pair in parsed.GetValue(_set) ?? []
        let at = pair.IndexOf('=', StringComparison.Ordinal)
        let key = pair[..at].Trim()
        select new CommandLineSetting(key.StartsWith("qtrade.", StringComparison.OrdinalIgnoreCase) ? key["qtrade.".Length..] : key, pair[(at + 1)..].Trim(), "--set");
}
