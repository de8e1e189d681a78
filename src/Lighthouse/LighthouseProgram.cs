using System.CommandLine;
using System.Reflection;
using QTrade.Broker.RabbitMq;
using QTrade.Web.Admin;

namespace QTrade.Lighthouse;

/// <summary>The program <c>qtrade-lighthouse</c>: listens until it is told to stop. It owns no pool; the nodes trade on without it.</summary>
/// <param name="output">Answers go here.</param>
/// <param name="error">Errors go here, one line each.</param>
/// <param name="variables">The process's environment.</param>
/// <param name="programFolder">The folder of the program, with <c>hocon</c>.</param>
/// <param name="time">The clock.</param>
public sealed class LighthouseProgram(
    TextWriter output, TextWriter error, IReadOnlyDictionary<string, string> variables, string programFolder, TimeProvider time)
{
    private const string Name = "qtrade-lighthouse";
    private const int BrokerLengthMax = 4_096;
    private const int Done = 0;
    private const int BadInput = 2;
    private const int Failed = 3;

    /// <summary>Runs one command line.</summary>
    /// <returns>0 done, 2 bad input or usage, 3 failed.</returns>
    public async Task<int> RunAsync(IReadOnlyList<string> arguments, CancellationToken stop)
    {
        var config = new Option<string?>("--config") { Description = "A HOCON file of your own.", HelpName = "FILE" };
        Option<string?>[] named =
        [
            new("--name") { Description = "What its own answers carry as node.", HelpName = "NAME" },
            new("--address") { Description = "The IP address that it listens on; beyond loopback a token is needed.", HelpName = "IP" },
            new("--port") { Description = $"The port ({AdminProtocol.DefaultPort}); 0 for any that is free.", HelpName = "N" },
            new("--token-file") { Description = $"A file that holds the token; else the environment variable {AdminProtocol.TokenVariable}.", HelpName = "FILE" },
        ];
        var root = new RootCommand("The directory of nodes that announce themselves here (qtrade.cluster.lighthouse), and the way to each of them for qtrade pbm.") { config };
        foreach (Option<string?> option in named)
            root.Add(option);
        root.SetAction((parsed, token) => RunAsync(
            named.Where(option => parsed.GetValue(option) is not null).Select(option => KeyValuePair.Create(option.Name[2..], parsed.GetValue(option)!)), parsed.GetValue(config), token));
        ParseResult parsed = root.Parse(arguments);
        if (parsed.Errors.Count > 0)
            return Refuse(parsed.Errors[0].Message, BadInput);
        return await parsed.InvokeAsync(new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }, stop).ConfigureAwait(false);
    }

    private async Task<int> RunAsync(IEnumerable<KeyValuePair<string, string>> given, string? configFile, CancellationToken stop)
    {
        (LighthouseOptions? options, string? wrong) = LighthouseSettings.Read(given, variables, configFile, Path.Combine(programFolder, "hocon"));
        if (options is null)
            return Refuse(wrong!, BadInput);
        if (!AdminToken.TryRead(options.TokenFile, variables.GetValueOrDefault(AdminProtocol.TokenVariable), out AdminToken? token, out string? wrongToken))
            return Refuse(wrongToken, BadInput);

        (Uri? broker, string? wrongBroker) = ReadBroker(options);
        if (wrongBroker is not null)
            return Refuse(wrongBroker, BadInput);

        var directory = new NodeDirectory(options.Name, time);
        using var gateway = new Gateway(options.Name, directory, token);
        (AdminServer? server, string? refusal) = await AdminServer.StartAsync(
            new AdminServerOptions { Address = options.Address, Port = options.Port, PortIsFixed = true, Token = token, ConnectionsMax = Gateway.ConnectionsMax, SettingsKey = "qtrade.lighthouse" },
            gateway).ConfigureAwait(false);
        if (server is null)
            return Refuse(refusal!, Failed);
        await using (server.ConfigureAwait(false))
        {
            await output.WriteLineAsync($"{Name} {Version}: nodes announce themselves to {server.EndPoint}{(token is null ? string.Empty : ", with its token")}; qtrade pbm --host {server.EndPoint} cluster show").ConfigureAwait(false);
            await output.FlushAsync(stop).ConfigureAwait(false);
            if (broker is null)
                await Task.Delay(Timeout.InfiniteTimeSpan, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            else
                await ListenAsync(new RabbitTransportOptions { Broker = broker, Cluster = options.Cluster, Node = options.Name }, directory, stop).ConfigureAwait(false);
        }

        return Done;
    }

    private async Task ListenAsync(RabbitTransportOptions options, NodeDirectory directory, CancellationToken stop)
    {
        var transport = new RabbitTransport(options, time, line => error.WriteLine($"{Name}: {line}"));
        await using (transport.ConfigureAwait(false))
            await BrokerEar.ListenAsync(transport, directory, time, stop).ConfigureAwait(false);
    }

    /// <summary>The broker that the settings or the file that they name say; neither for none.</summary>
    private static (Uri? Broker, string? Error) ReadBroker(LighthouseOptions options)
    {
        if (options.Broker is not null || options.BrokerFile.Length == 0)
            return (options.Broker, null);
        try
        {
            using var reader = new StreamReader(options.BrokerFile);
            var text = new char[BrokerLengthMax];
            int length = reader.ReadBlock(text);
            return RabbitTransportOptions.TryReadUri(new string(text, 0, length).Trim(), out Uri? broker) is { } wrong
                ? (null, $"qtrade.lighthouse.broker-file: {options.BrokerFile}: {wrong}")
                : (broker, null);
        }
        catch (Exception broken) when (broken is IOException or UnauthorizedAccessException)
        {
            return (null, $"qtrade.lighthouse.broker-file: {options.BrokerFile} cannot be read: {broken.Message}");
        }
    }

    private int Refuse(string reason, int exitCode)
    {
        error.WriteLine($"{Name}: {reason.ReplaceLineEndings(" ")}");
        return exitCode;
    }

    private static string Version { get; } =
        typeof(LighthouseProgram).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
}
