using System.Collections;
using System.Runtime.InteropServices;
using QTrade.Lighthouse;

using var stopping = new CancellationTokenSource();
using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);

#pragma warning disable RS0030 // The program's one way to the console.
var program = new LighthouseProgram(
    Console.Out,
    Console.Error,
    Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().ToDictionary(pair => (string)pair.Key, pair => (string?)pair.Value ?? string.Empty),
    AppContext.BaseDirectory,
    TimeProvider.System);
#pragma warning restore RS0030
return await program.RunAsync(args, stopping.Token).ConfigureAwait(false);

void Stop(PosixSignalContext signal)
{
    signal.Cancel = signal.Signal != PosixSignal.SIGINT || !stopping.IsCancellationRequested;
    stopping.Cancel();
}

/// <summary>The program's entry, for nobody but the runtime: said here, because the web framework's generator would make it public.</summary>
internal static partial class Program;
