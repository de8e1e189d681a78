using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace QTrade.Cluster.Tests;

/// <summary>One node as a process of its own, and what it says of itself.</summary>
internal sealed class NodeProcess : IDisposable
{
    private const int SigTerm = 15;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly Process _process;
    private readonly Task _exited;
    private readonly Lock _gate = new();
    private readonly List<string> _faults = [];
    private readonly string _name;
    private JsonElement? _status;
    private TaskCompletionSource _said = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public NodeProcess(string name, string roles, ClusterServers servers, int seed)
    {
        _name = name;
        var start = new ProcessStartInfo("dotnet",
        [
            Path.Combine(AppContext.BaseDirectory, "qtrade.dll"), "run", "--json",
            "--seed", seed.ToString(CultureInfo.InvariantCulture),
            "--rate", "400",
            "--set", $"cluster.node={name}",
            "--set", $"cluster.roles={roles}",
            "--set", "journal.kind=postgres",
            "--set", $"journal.connection={servers.Postgres.Connection}",
            "--set", "admin.port=0",
            "--set", "terminal.line-interval=250ms",
        ])
        {
            WorkingDirectory = servers.Postgres.Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["QTRADE__CLUSTER__BROKER"] = servers.Rabbit.Uri.OriginalString;
        start.Environment["QTRADE_POSTGRES_PASSWORD"] = servers.Postgres.Password;
        _process = Process.Start(start)!;
        _process.OutputDataReceived += Hear;
        _process.ErrorDataReceived += HearFault;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        _exited = _process.WaitForExitAsync();
    }

    /// <summary>What it wrote to standard error.</summary>
    public string Faults
    {
        get
        {
            lock (_gate) return string.Join(Environment.NewLine, _faults);
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
                    throw new InvalidOperationException($"node {_name} has ended: {Faults}");
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"node {_name} last said {_status}: {Faults}");
            }
        }
    }

    /// <summary>Ends it as a loss of power would.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    /// <summary>Asks it to leave.</summary>
    /// <returns>Its exit code and how long it took.</returns>
    public async Task<(int ExitCode, TimeSpan Time)> LeaveAsync()
    {
        long started = Stopwatch.GetTimestamp();
        Assert.Equal(0, Signal(_process.Id, SigTerm));
        await _process.WaitForExitAsync().WaitAsync(Patience);
        return (_process.ExitCode, Stopwatch.GetElapsedTime(started));
    }

    public void Dispose()
    {
        if (!_process.HasExited) Kill();
        _process.Dispose();
    }

    private void Hear(object sender, DataReceivedEventArgs line)
    {
        if (line.Data is not { Length: > 0 } text || text[0] != '{') return;
        JsonElement status;
        using (JsonDocument document = JsonDocument.Parse(text)) status = document.RootElement.Clone();
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
            if (line.Data is { } text && _faults.Count < 100) _faults.Add(text);
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Signal(int process, int signal);
}
