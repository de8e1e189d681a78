using System.Collections.Immutable;
using System.CommandLine;
using QTrade.Node.Verbs.Pbm;
using QTrade.Web.Admin;

namespace QTrade.Node.Verbs;

/// <summary><c>qtrade pbm</c>: looks into a running node and steers it, through its admin port.</summary>
internal sealed class PbmVerb
{
    private const string Verb = "pbm";

    private static readonly string DefaultHost = $"127.0.0.1:{AdminProtocol.DefaultPort}";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly ProgramEnvironment _environment;

    private readonly Option<string> _host = new("--host")
    {
        Description = $"Where a node or a Lighthouse listens, which they say at their start; without a port {AdminProtocol.DefaultPort}.",
        HelpName = "HOST[:PORT]",
        Recursive = true,
        DefaultValueFactory = _ => DefaultHost,
    };

    private readonly Option<string?> _tokenFile = new("--token-file")
    {
        Description = $"A file that holds the token; else the environment variable {AdminProtocol.TokenVariable}.",
        HelpName = "FILE",
        Recursive = true,
    };

    private readonly Option<string?> _node = new("--node") { Description = "The node that is meant, where several can be reached.", HelpName = "NAME", Recursive = true };
    private readonly Option<bool> _json = JsonOption.Create();

    private PbmVerb(ProgramEnvironment environment)
    {
        _environment = environment;
        _json.Recursive = true;
        _host.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string>() is { } host && !AdminClient.IsHost(WithPort(host)))
                result.AddError($"--host is '{host}': write HOST or HOST:PORT, for instance {DefaultHost}");
        });
    }

    public static Command Create(ProgramEnvironment environment) => new PbmVerb(environment).Create();

    private VerbCommand Create()
    {
        var pbm = new VerbCommand(
            Verb,
            "Look into a running node and steer it.",
            "qtrade pbm why",
            "qtrade pbm executor halt --reason \"prices look wrong\"",
            "qtrade pbm pool list --json",
            "qtrade pbm --host 127.0.0.1:9111 journal tail --follow",
            "qtrade pbm --host lighthouse --node node-2 router status")
        {
            _host, _tokenFile, _node, _json,
        };
        foreach (IGrouping<string, PbmCommand> palette in PbmCommands.All.GroupBy(command => command.Path.Split(' ')[0]))
            pbm.Add(palette.Key == palette.First().Path ? Leaf(palette.Key, palette.First()) : Palette(palette));
        var help = new VerbCommand("help", "Every command in one line.", "qtrade pbm help");
        help.SetAction(_ => Help());
        pbm.Add(help);
        return pbm;
    }

    private VerbCommand Palette(IGrouping<string, PbmCommand> commands)
    {
        var palette = new VerbCommand(commands.Key, PbmCommands.Palettes[commands.Key], [.. commands.Select(Example)]);
        foreach (PbmCommand command in commands)
            palette.Add(Leaf(command.Path.Split(' ')[1], command));
        return palette;
    }

    private VerbCommand Leaf(string name, PbmCommand command)
    {
        var leaf = new VerbCommand(name, command.Description, Example(command));
        var readers = new List<(PbmArgument Argument, Func<ParseResult, string?> Read)>();
        if (command.Argument is { } argument)
        {
            var taken = new Argument<string?>(argument.Shown)
            {
                Description = argument.Description,
                Arity = argument.Required ? ArgumentArity.ExactlyOne : ArgumentArity.ZeroOrOne,
            };
            leaf.Add(taken);
            readers.Add((argument, parsed => parsed.GetValue(taken)));
        }

        foreach (PbmArgument named in command.Options)
        {
            var option = new Option<string?>($"--{named.Name}") { Description = named.Description, HelpName = named.Shown };
            leaf.Add(option);
            readers.Add((named, parsed => parsed.GetValue(option)));
        }

        var follow = new Option<bool>("--follow") { Description = "Go on until Ctrl-C." };
        var items = new Option<int?>("--items") { Description = "Stop after so many.", HelpName = "N" };
        if (command.CanFollow)
            leaf.Add(follow);
        if (command.CanFollow || command.Streams)
            leaf.Add(items);
        leaf.SetAction((parsed, stop) => RunAsync(
            parsed, command, readers, command.Streams || (command.CanFollow && parsed.GetValue(follow)), command.CanFollow || command.Streams ? parsed.GetValue(items) : null, stop));
        return leaf;
    }

    private async Task<int> RunAsync(
        ParseResult parsed,
        PbmCommand command,
        List<(PbmArgument Argument, Func<ParseResult, string?> Read)> readers,
        bool streams,
        int? items,
        CancellationToken stop)
    {
        if (parsed.GetValue(_tokenFile) is var file
            && !AdminToken.TryRead(file is null ? null : _environment.Locate(file), _environment.Variables.GetValueOrDefault(AdminProtocol.TokenVariable), out AdminToken? token, out string? error))
            return _environment.Refuse(Verb, error, ExitCode.BadInput);
        var arguments = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach ((PbmArgument argument, Func<ParseResult, string?> read) in readers)
            if (read(parsed) is { } value && !TryAdd(arguments, argument, value, out error))
                return _environment.Refuse(Verb, error, ExitCode.BadInput);
        var request = new AdminRequest(Guid.CreateVersion7().ToString("N"), parsed.GetValue(_node), command.Path, arguments.ToImmutable(), User());
        using var client = new AdminClient(WithPort(parsed.GetValue(_host)!), token, Patience);
        bool json = parsed.GetValue(_json);
        return streams
            ? await WatchAsync(client, request, items ?? int.MaxValue, json, stop).ConfigureAwait(false)
            : Write(await client.AskAsync(request, stop).ConfigureAwait(false), json, isItem: false);
    }

    private bool TryAdd(
        ImmutableSortedDictionary<string, string>.Builder arguments, PbmArgument argument, string value, [System.Diagnostics.CodeAnalysis.NotNullWhen(false)] out string? error)
    {
        error = null;
        if (!argument.IsFile)
        {
            arguments[argument.Name] = value;
            return true;
        }

        string path = _environment.Locate(value);
        try
        {
            if (new FileInfo(path).Length > AdminProtocol.RequestBytesMax / 2)
                error = $"{path}: is larger than {AdminProtocol.RequestBytesMax / 2:N0} bytes";
            else
                arguments[argument.Name] = File.ReadAllText(path);
        }
        catch (Exception broken) when (broken is IOException or UnauthorizedAccessException)
        {
            error = $"{path}: cannot be read: {broken.Message.ReplaceLineEndings(" ")}";
        }

        arguments["file"] = value;
        return error is null;
    }

    private async Task<int> WatchAsync(AdminClient client, AdminRequest request, int items, bool json, CancellationToken stop)
    {
        int exitCode = ExitCode.Done;
        try
        {
            await foreach (AdminAnswer answer in client.WatchAsync(request, stop).ConfigureAwait(false))
            {
                exitCode = Write(answer, json, isItem: true);
                await _environment.Out.FlushAsync(stop).ConfigureAwait(false);
                if (exitCode != ExitCode.Done || --items <= 0)
                    break;
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }

        return exitCode;
    }

    /// <summary>Answers go to the output, what is wrong to the error output; a program that reads JSON gets both in one object.</summary>
    private int Write(AdminAnswer answer, bool json, bool isItem)
    {
        if (json)
            AdminText.WriteJson(answer, _environment.Out);
        else if (answer.Status == AdminStatus.Done && isItem)
            AdminText.WriteItem(answer, _environment.Out);
        else if (answer.Status == AdminStatus.Done)
            AdminText.Write(answer, _environment.Out);
        return answer.Status == AdminStatus.Done ? ExitCode.Done : _environment.Refuse(Verb, answer.Message ?? "no", (int)answer.Status);
    }

    private int Help()
    {
        int width = PbmCommands.All.Max(command => Usage(command).Length);
        foreach (PbmCommand command in PbmCommands.All)
            _environment.Out.WriteLine($"qtrade pbm {Usage(command).PadRight(width)}  {command.Description}");
        _environment.Out.WriteLine($"Each has --json, --help and --host HOST:PORT ({DefaultHost}). Exit codes: 0 done, 1 answered no, 2 bad input, 3 failed.");
        return ExitCode.Done;
    }

    private static string Usage(PbmCommand command) => command.Argument is { } argument
        ? $"{command.Path} {(argument.Required ? argument.Shown : $"[{argument.Shown}]")}"
        : command.Path;

    /// <summary>A name alone, or an IPv6 address in brackets, means the default port.</summary>
    internal static string WithPort(string host) =>
        host.LastIndexOf(':') > host.LastIndexOf(']') ? host : $"{host}:{AdminProtocol.DefaultPort}";

    private static string Example(PbmCommand command) => $"qtrade pbm {command.Path} {command.Example}".TrimEnd();

    private string User()
    {
        string name = _environment.Variables.GetValueOrDefault("USER") ?? _environment.Variables.GetValueOrDefault("USERNAME") ?? Environment.UserName;
        return name.Length <= AdminRequest.NameLengthMax ? name : name[..AdminRequest.NameLengthMax];
    }
}
