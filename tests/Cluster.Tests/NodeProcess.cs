using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace QTrade.Cluster.Tests;

/// <summary>One node as a process of its own, and what it says of itself. It ends with this process, however that ends.</summary>
internal sealed class NodeProcess : IDisposable
{
    private const int SigKill = 9, SigTerm = 15, SigContinue = 18, SigStop = 19;
    private const string Introduction = "process ";

    // Reads until this process closes the pipe or is gone, and then takes the node with it, also one that is stopped.
    private const string Keeper =
        """
        exec 3<&0 </dev/null
        "$@" 3<&- & node=$!
        echo "process $node"
        { read -r _ <&3; kill -9 $node; } >/dev/null 2>&1 & pipe=$!
        wait $node
        ended=$?
        kill $pipe
        exit $ended
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly Process _keeper;
    private readonly Task _exited;
    private readonly Lock _gate = new();
    private readonly Queue<string> _faults = [];
    private readonly TaskCompletionSource<int> _process = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private JsonElement? _status;
    private TaskCompletionSource _said = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public NodeProcess(string name, string roles, NodeAddresses addresses, int seed, params string[] settings)
    {
        Name = name;
        var start = new ProcessStartInfo("sh",
        [
            "-c", Keeper, "sh",
            "dotnet", Path.Combine(AppContext.BaseDirectory, "qtrade.dll"), "run", "--json",
            "--seed", seed.ToString(CultureInfo.InvariantCulture),
            "--rate", "400",
            "--set", $"cluster.node={name}",
            "--set", $"cluster.roles={roles}",
            "--set", "journal.kind=postgres",
            "--set", $"journal.connection={addresses.Journal}",
            "--set", $"admin.port={addresses.AdminPort}",
            "--set", "terminal.line-interval=250ms",
            .. settings.SelectMany(setting => new[] { "--set", setting }),
        ])
        {
            WorkingDirectory = addresses.Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["QTRADE__CLUSTER__BROKER"] = addresses.Broker.OriginalString;
        start.Environment["QTRADE_POSTGRES_PASSWORD"] = addresses.Password;
        _keeper = Process.Start(start)!;
        _keeper.OutputDataReceived += Hear;
        _keeper.ErrorDataReceived += HearFault;
        _keeper.BeginOutputReadLine();
        _keeper.BeginErrorReadLine();
        _exited = _keeper.WaitForExitAsync();
    }

    public string Name { get; }

    /// <summary>The last lines that it wrote to standard error.</summary>
    public string Faults
    {
        get
        {
            lock (_gate) return string.Join(Environment.NewLine, _faults);
        }
    }

    /// <summary>Its last status, as it wrote it.</summary>
    public string Said
    {
        get
        {
            lock (_gate) return _status?.GetRawText() ?? "nothing yet";
        }
    }

    /// <summary>Snapshots that it shows to be handed out by its router; what it last knew of where another node routes.</summary>
    public long HandedOut
    {
        get
        {
            lock (_gate) return _status is { } status ? status.GetProperty("snapshots").GetProperty("handedOut").GetInt64() : 0;
        }
    }

    /// <summary>Waits until the node shows something of itself.</summary>
    /// <returns>The status that shows it.</returns>
    public async Task<JsonElement> UntilAsync(Func<JsonElement, bool> isSo)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            Task said;
            lock (_gate)
            {
                if (_status is { } status && isSo(status)) return status;
                said = _said.Task;
            }

            try
            {
                if (await Task.WhenAny(said, _exited).WaitAsync(patience.Token) == _exited)
                    throw new InvalidOperationException($"node {Name} has ended: {Faults}");
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"node {Name} last said {_status}: {Faults}");
            }
        }
    }

    /// <summary>Ends it as a loss of power would.</summary>
    public async Task KillAsync()
    {
        await SignalAsync(SigKill);
        await _exited.WaitAsync(Patience);
    }

    /// <summary>Takes every turn of the processor from it.</summary>
    public Task StopAsync() => SignalAsync(SigStop);

    /// <summary>Has it go on as if nothing had been.</summary>
    public Task ContinueAsync() => SignalAsync(SigContinue);

    /// <summary>Asks it to leave.</summary>
    /// <returns>Its exit code and how long it took.</returns>
    public async Task<(int ExitCode, TimeSpan Time)> LeaveAsync()
    {
        long started = Stopwatch.GetTimestamp();
        await SignalAsync(SigTerm);
        await _exited.WaitAsync(Patience);
        return (_keeper.ExitCode, Stopwatch.GetElapsedTime(started));
    }

    public void Dispose()
    {
        _keeper.StandardInput.Close();
        _keeper.WaitForExit();
        _keeper.Dispose();
    }

    private async Task SignalAsync(int signal) => Assert.Equal(0, Signal(await _process.Task.WaitAsync(Patience), signal));

    private void Hear(object sender, DataReceivedEventArgs line)
    {
        if (line.Data is not { Length: > 0 } text) return;
        if (text.StartsWith(Introduction, StringComparison.Ordinal))
            _process.TrySetResult(int.Parse(text.AsSpan(Introduction.Length), CultureInfo.InvariantCulture));
        if (text[0] != '{') return;
        JsonElement status;
        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            status = document.RootElement.Clone();
        }
        catch (JsonException)
        {
            // The last line of one that was killed while it wrote.
            return;
        }

        TaskCompletionSource said;
        lock (_gate)
        {
            _status = status;
            said = _said;
            _said = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        said.SetResult();
    }

    private void HearFault(object sender, DataReceivedEventArgs line)
    {
        lock (_gate)
        {
            // One line for each of its pools would leave no room for anything else.
            if (line.Data is not { } text || text.Contains("/node/pools/", StringComparison.Ordinal)) return;
            _faults.Enqueue(text);
            if (_faults.Count > 100) _faults.Dequeue();
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Signal(int process, int signal);
}
