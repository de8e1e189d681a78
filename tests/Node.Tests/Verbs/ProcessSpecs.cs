using System.Diagnostics;
using System.Runtime.InteropServices;

namespace QTrade.Node.Tests.Verbs;

/// <summary>The program as a process of its own, where signals are concerned.</summary>
public sealed class ProcessSpecs : IDisposable
{
    private const int SigInt = 2;
    private const int SigTerm = 15;
    private readonly ProgramRun _program = new();

    public void Dispose() => _program.Dispose();

    [Theory]
    [InlineData(SigTerm)]
    [InlineData(SigInt)]
    public async Task A_signal_drains_and_leaves(int signal)
    {
        if (OperatingSystem.IsWindows())
            return;
        // Shells start what runs in their background with SIGINT ignored, and a program inherits that: it would wait for ever.
        string[] run = ["dotnet", Path.Combine(AppContext.BaseDirectory, "qtrade.dll"), "run", "--market", "samples/five-pools.json"];
        var start = new ProcessStartInfo("env", OperatingSystem.IsLinux() ? ["--default-signal=INT,TERM", .. run] : run)
        {
            WorkingDirectory = _program.Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        try
        {
            await ReadUntil(process.StandardOutput, "first certified result");
            Assert.Equal(0, Kill(process.Id, signal));
            string last = await ReadUntil(process.StandardOutput, "Stopped after");
            await process.WaitForExitAsync();

            Assert.Equal(0, process.ExitCode);
            Assert.Contains("ledger difference 0", last, StringComparison.Ordinal);
            Assert.Empty(await process.StandardError.ReadToEndAsync());
        }
        finally
        {
            if (!process.HasExited)
                process.Kill();
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Kill(int process, int signal);

    private static async Task<string> ReadUntil(StreamReader output, string awaited)
    {
        while (await output.ReadLineAsync() is { } line)
            if (line.Contains(awaited, StringComparison.Ordinal))
                return line;
        throw new InvalidOperationException($"the program ended without '{awaited}'");
    }
}
