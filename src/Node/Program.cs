using System.Collections;
using System.Runtime.InteropServices;
using QTrade.Node.Verbs;

using var stopping = new CancellationTokenSource();
using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);

#pragma warning disable RS0030 // The program's one way to the console.
var environment = new ProgramEnvironment
{
    Out = Console.Out,
    Error = Console.Error,
    OutIsTerminal = !Console.IsOutputRedirected,
    Variables = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().ToDictionary(pair => (string)pair.Key, pair => (string?)pair.Value ?? string.Empty),
    WorkingFolder = Environment.CurrentDirectory,
    ProgramFolder = AppContext.BaseDirectory,
};
#pragma warning restore RS0030
return await CommandLine.RunAsync(args, environment, stopping.Token).ConfigureAwait(false);

// The first signal drains, which has a bound. A person who presses Ctrl-C again means it, and the system ends the process; SIGTERM may well
// come twice at once, from a runner that passes it on and to the whole process group, and means no more the second time.
void Stop(PosixSignalContext signal)
{
    signal.Cancel = signal.Signal != PosixSignal.SIGINT || !stopping.IsCancellationRequested;
    stopping.Cancel();
}

/// <summary>The program's entry, for nobody but the runtime: said here, because the web framework's generator would make it public.</summary>
internal static partial class Program;
