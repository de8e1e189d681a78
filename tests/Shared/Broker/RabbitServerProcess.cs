using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using QTrade.Shared.Network;

namespace QTrade.Shared.Broker;

/// <summary>
/// A RabbitMQ server of our own on free ports of the loopback, with its own name, data and port mapper in a temporary folder. It ends with
/// this process, however that ends.
/// </summary>
public sealed class RabbitServerProcess : IDisposable
{
    /// <summary>A variable that makes a missing server a failure instead of a reason to skip.</summary>
    public const string RequiredVariable = "QTRADE_TESTS_NEED_RABBITMQ";

    private const string User = "qtrade";
    private const string Password = "a-word-of-its-own";

    // Servers that found a port taken since it was chosen; the next chooses anew.
    private const int Tries = 3;

    // Ends with the server, and takes it along once this process closes the pipe or is gone, also where a signal for all of a session ended this process;
    // then ends all that the server started, which has sessions of its own and may outlive it. They are known by a variable of their environment.
    private const string Script = """
        trap '' INT TERM HUP
        exec 3<&0 </dev/null
        mark="QTRADE_BROKER_OF_SPECS=$1"
        env "$mark" epmd -address 127.0.0.1 -port "$ERL_EPMD_PORT" 3<&- &
        env "$mark" "$0" -noinput 3<&- & server=$!
        { read -r _ <&3; kill -9 $server; } >/dev/null 2>&1 & pipe=$!
        wait $server
        kill $pipe 2>/dev/null
        left() { grep -lsxzF "$mark" /proc/[0-9]*/environ | cut -d/ -f3; }
        while processes=$(left) && [ -n "$processes" ]; do kill -9 $processes 2>/dev/null; done
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(50);

    private readonly string _folder = Directory.CreateTempSubdirectory("qtrade-rabbitmq-").FullName;
    private readonly int _distributionPort = FreePort.Choose();
    private readonly int _mapperPort = FreePort.Choose();
    private readonly Queue<string> _said = new();
    private readonly bool _traces;
    private Process? _process;

    private RabbitServerProcess(bool traces) => (Port, _traces) = (FreePort.Choose(), traces);

    /// <summary>The server's program; null where none is installed. Debian's wrapper of it works for its own service only.</summary>
    public static string? Program { get; } = new[] { "/usr/lib/rabbitmq/bin/rabbitmq-server" }.FirstOrDefault(File.Exists);

    /// <summary>Why specs that need a server are skipped; null where they are not.</summary>
    public static string? Missing { get; } =
        Program is not null || Environment.GetEnvironmentVariable(RequiredVariable) is { Length: > 0 }
            ? null
            : "needs a RabbitMQ server: apt-get install -y rabbitmq-server";

    public int Port { get; }

    /// <summary>Where it is, with its credentials.</summary>
    public Uri Uri => UriAt(Port);

    /// <summary>Makes a server, starts it, and waits until it answers.</summary>
    public static RabbitServerProcess Start() => Start(traces: false);

    /// <summary>One that copies all that is published to its exchange <c>amq.rabbitmq.trace</c>.</summary>
    public static RabbitServerProcess StartTracing() => Start(traces: true);

    private static RabbitServerProcess Start(bool traces)
    {
        if (Program is null) throw new InvalidOperationException("no RabbitMQ server is installed: apt-get install -y rabbitmq-server");
        for (int tried = 1; ; tried++)
        {
            var server = new RabbitServerProcess(traces);
            try
            {
                server.Configure();
                server.Launch();
                return server;
            }
            catch (InvalidOperationException) when (tried < Tries)
            {
                server.Dispose();
            }
            catch
            {
                server.Dispose();
                throw;
            }
        }
    }

    /// <summary>Where it is for one who reaches it at another port.</summary>
    public static Uri UriAt(int port, string password = Password) => new($"amqp://{User}:{password}@127.0.0.1:{port.ToString(CultureInfo.InvariantCulture)}");

    /// <summary>
    /// Whether the server has written down that a quorum queue exists. It does so half a second after the queue is declared: one that is killed
    /// earlier starts without what the queue held, and with a queue that has no leader.
    /// </summary>
    public bool Remembers(string quorumQueue)
    {
        string node = NodeName;
        byte[] names = File.ReadAllBytes(Path.Combine(_folder, "mnesia", node, "quorum", node, "names.dets"));
        return names.AsSpan().IndexOf(System.Text.Encoding.ASCII.GetBytes(quorumQueue)) >= 0;
    }

    /// <summary>
    /// Has the server drop messages of quorum queues whose names end so once they were returned more often, as RabbitMQ 4 does at 20 by itself.
    /// </summary>
    public void LimitDeliveries(string queuesThatEndIn, int limit)
    {
        var start = new ProcessStartInfo(
            Path.Combine(Path.GetDirectoryName(Program!)!, "rabbitmqctl"),
            [
                "--node", NodeName, "set_policy", "--apply-to", "queues", $"limit-{queuesThatEndIn}", $"{queuesThatEndIn}$",
                string.Create(CultureInfo.InvariantCulture, $$"""{"delivery-limit":{{limit}}}"""),
            ])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = _folder,
        };
        start.Environment["HOME"] = _folder;
        start.Environment["RABBITMQ_CONF_ENV_FILE"] = "/dev/null";
        start.Environment["ERL_EPMD_PORT"] = _mapperPort.ToString(CultureInfo.InvariantCulture);
        using Process control = Process.Start(start)!;
        string said = control.StandardOutput.ReadToEnd() + control.StandardError.ReadToEnd();
        control.WaitForExit();
        if (control.ExitCode != 0) throw new InvalidOperationException($"rabbitmqctl failed: {said}");
    }

    /// <summary>Kills the server as a loss of power would.</summary>
    public void Kill()
    {
        if (_process is not { } process) return;
        process.StandardInput.Close();
        process.WaitForExit();
        process.Dispose();
        _process = null;
    }

    /// <summary>Starts it, also one that was killed, on the data it had.</summary>
    public void Launch()
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", Script, Program!, NodeName])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = _folder,
        };
        start.Environment["HOME"] = _folder;
        start.Environment["RABBITMQ_NODENAME"] = NodeName;
        start.Environment["RABBITMQ_MNESIA_BASE"] = Path.Combine(_folder, "mnesia");
        start.Environment["RABBITMQ_LOG_BASE"] = Path.Combine(_folder, "log");
        start.Environment["RABBITMQ_CONFIG_FILE"] = Path.Combine(_folder, "rabbitmq.conf");
        start.Environment["RABBITMQ_ADVANCED_CONFIG_FILE"] = Path.Combine(_folder, "advanced.config");
        start.Environment["RABBITMQ_ENABLED_PLUGINS_FILE"] = Path.Combine(_folder, "enabled_plugins");
        start.Environment["RABBITMQ_CONF_ENV_FILE"] = "/dev/null";
        start.Environment["RABBITMQ_DIST_PORT"] = _distributionPort.ToString(CultureInfo.InvariantCulture);
        start.Environment["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] = "-kernel inet_dist_use_interface {127,0,0,1}";
        // The script then becomes the server, so that a kill reaches it.
        start.Environment["RABBITMQ_ALLOW_INPUT"] = "true";
        start.Environment["ERL_EPMD_PORT"] = _mapperPort.ToString(CultureInfo.InvariantCulture);
        _process = Process.Start(start)!;
        _process.OutputDataReceived += Hear;
        _process.ErrorDataReceived += Hear;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        WaitUntilItAnswers();
    }

    public void Dispose()
    {
        Kill();
        Directory.Delete(_folder, recursive: true);
    }

    private string NodeName => string.Create(CultureInfo.InvariantCulture, $"qtrade{Port}@localhost");

    private void Configure()
    {
        File.WriteAllText(Path.Combine(_folder, "enabled_plugins"), "[].\n");
        File.WriteAllText(Path.Combine(_folder, "advanced.config"), _traces ? "[{rabbit,[{trace_vhosts,[<<\"/\">>]}]}].\n" : "[].\n");
        File.WriteAllText(Path.Combine(_folder, "rabbitmq.conf"), $"""
            listeners.tcp.1 = 127.0.0.1:{Port.ToString(CultureInfo.InvariantCulture)}
            default_user = {User}
            default_pass = {Password}
            log.console = true
            log.console.level = error
            log.file = false

            """);
    }

    private void WaitUntilItAnswers()
    {
        long started = Stopwatch.GetTimestamp();
        using var pause = new ManualResetEventSlim();
        while (!Answers())
        {
            if (_process!.HasExited || Stopwatch.GetElapsedTime(started) > Patience)
                throw new InvalidOperationException($"the RabbitMQ server does not start: {Said()}");
            pause.Wait(LookEvery);
        }
    }

    private bool Answers()
    {
        try
        {
            using var client = new TcpClient();
            client.Connect(IPAddress.Loopback, Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private void Hear(object sender, DataReceivedEventArgs line)
    {
        if (string.IsNullOrWhiteSpace(line.Data)) return;
        lock (_said)
        {
            _said.Enqueue(line.Data);
            if (_said.Count > 20) _said.Dequeue();
        }
    }

    private string Said()
    {
        lock (_said) return string.Join(" | ", _said);
    }
}
