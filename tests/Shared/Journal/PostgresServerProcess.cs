using System.Diagnostics;
using System.Globalization;
using QTrade.Shared.Network;

namespace QTrade.Shared.Journal;

/// <summary>
/// A PostgreSQL server of our own on a free port, its data in a temporary folder, with its own flushes: what it acknowledges outlives it. It
/// ends with the process that started it.
/// </summary>
public sealed class PostgresServerProcess : IDisposable
{
    /// <summary>A variable that makes a missing server a failure instead of a reason to skip.</summary>
    public const string RequiredVariable = "QTRADE_TESTS_NEED_POSTGRES";

    private const string Role = "qtrade";

    /// <summary>
    /// Runs a server until it ends, or until what starts it does, however that ends: its end of the pipe is then closed. The folder goes with it.
    /// </summary>
    private const string Keeper =
        """
        exec 3<&0 </dev/null
        folder=$1
        shift
        "$@" 3<&- &
        server=$!
        trap 'kill -QUIT $server; wait $server; rm -rf "$folder"; exit' TERM
        { read -r _ <&3; kill -TERM $$; } >/dev/null 2>&1 &
        pipe=$!
        wait $server
        ended=$?
        kill $pipe
        exit $ended
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly string _folder = Directory.CreateTempSubdirectory("qtrade-postgres-").FullName;
    private Process? _process;
    private volatile string _said = "";

    private PostgresServerProcess(string password)
    {
        Password = password;
        Port = FreePort.Choose();
    }

    /// <summary>Folder of the server's programs; null where none is installed.</summary>
    public static string? Programs { get; } = Find();

    /// <summary>Why specs that need a server are skipped; null where they are not.</summary>
    public static string? Missing { get; } =
        Programs is not null || Environment.GetEnvironmentVariable(RequiredVariable) is { Length: > 0 }
            ? null
            : "needs a PostgreSQL server: apt-get install -y postgresql";

    public int Port { get; }

    public string Password { get; }

    /// <summary>The server's first process.</summary>
    public int ProcessId => int.Parse(File.ReadLines(Path.Combine(Data, "postmaster.pid")).First(), CultureInfo.InvariantCulture);

    /// <summary>A folder that the server's own user may write in.</summary>
    public string Folder => _folder;

    /// <summary>How to reach it, without its password.</summary>
    public string Connection => $"Host=127.0.0.1;Port={Port.ToString(CultureInfo.InvariantCulture)};Database=postgres;Username={Role}";

    /// <summary>Makes a server and starts it.</summary>
    public static PostgresServerProcess Start()
    {
        if (Programs is null) throw new InvalidOperationException("no PostgreSQL server is installed: apt-get install -y postgresql");
        var server = new PostgresServerProcess(password: "a word of its own");
        try
        {
            server.Initialize();
            server.Launch();
            return server;
        }
        catch
        {
            server.Dispose();
            throw;
        }
    }

    /// <summary>Gives a folder to the user that the server runs as.</summary>
    public static void Own(string folder)
    {
        if (IsRoot && Run(Quiet("chown", "postgres", folder)) != 0) throw new InvalidOperationException("there is no user postgres");
    }

    /// <summary>Kills the server as a loss of power would: nothing is flushed any more, and its sessions end.</summary>
    public void Kill()
    {
        using (Process process = Process.GetProcessById(ProcessId))
        {
            process.Kill();
            process.WaitForExit();
        }
        _process!.WaitForExit();
        _process.Dispose();
        _process = null;
    }

    /// <summary>Starts a server that was killed; it recovers from its log.</summary>
    public void Launch()
    {
        string port = Port.ToString(CultureInfo.InvariantCulture);
        long started = Stopwatch.GetTimestamp();
        do
        {
            // One that ended at once found sessions of the one before it, which are about to end.
            if (_process is null or { HasExited: true }) LaunchOnce(port);
            if (Stopwatch.GetElapsedTime(started) > Patience) throw new InvalidOperationException($"the PostgreSQL server does not start: {_said}");
        }
        while (Run("pg_isready", "-h", "127.0.0.1", "-p", port, "-t", "5") != 0);
    }

    private void LaunchOnce(string port)
    {
        _process?.Dispose();
        ProcessStartInfo server = Command(
            "postgres", "-D", Data, "-p", port, "-k", _folder, "-c", "listen_addresses=127.0.0.1", "-c", "log_min_messages=fatal",
            "-c", "shared_buffers=64MB", "-c", "max_connections=60", "-c", "max_wal_size=256MB");
        ProcessStartInfo start = Quiet("sh", ["-c", Keeper, "sh", _folder, server.FileName, .. server.ArgumentList]);
        start.WorkingDirectory = _folder;
        start.RedirectStandardInput = true;
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, _) => { };
        _process.ErrorDataReceived += (_, line) => _said = line.Data ?? _said;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public void Dispose()
    {
        if (_process is { HasExited: false }) Kill();
        Directory.Delete(_folder, recursive: true);
    }

    private string Data => Path.Combine(_folder, "data");

    private void Initialize()
    {
        // The server refuses to run as root, and whoever it runs as must own its folder.
        Own(_folder);
        string password = Path.Combine(_folder, "password");
        File.WriteAllText(password, Password);
        Own(password);
        if (Run("initdb", "-D", Data, "-U", Role, "-E", "UTF8", "--locale=C", "-A", "scram-sha-256", "--data-checksums", $"--pwfile={password}") != 0)
            throw new InvalidOperationException("initdb failed");
        File.Delete(password);
    }

    private static bool IsRoot => OperatingSystem.IsLinux() && Environment.UserName == "root";

    private ProcessStartInfo Command(string program, params string[] arguments)
    {
        string path = Path.Combine(Programs!, program);
        string[] command = IsRoot ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", path, .. arguments] : [path, .. arguments];
        ProcessStartInfo start = Quiet(command[0], command[1..]);
        start.WorkingDirectory = _folder;
        return start;
    }

    private static ProcessStartInfo Quiet(string program, params string[] arguments) =>
        new(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true };

    private int Run(string program, params string[] arguments) => Run(Command(program, arguments));

    private static int Run(ProcessStartInfo start)
    {
        using Process process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        process.WaitForExit();
        return process.ExitCode;
    }

    private static string? Find()
    {
        const string debian = "/usr/lib/postgresql";
        IEnumerable<string> folders = Directory.Exists(debian)
            ? Directory.GetDirectories(debian).OrderByDescending(folder => double.TryParse(Path.GetFileName(folder), NumberStyles.Float, CultureInfo.InvariantCulture, out double version) ? version : 0).Select(folder => Path.Combine(folder, "bin"))
            : [];
        return folders
            .Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator))
            .FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "postgres")));
    }
}
