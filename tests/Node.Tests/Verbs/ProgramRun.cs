using QTrade.Node.Verbs;

namespace QTrade.Node.Tests.Verbs;

/// <summary>Runs command lines inside the test, in a folder of their own.</summary>
internal sealed class ProgramRun : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("qtrade-verbs-");

    public Dictionary<string, string> Variables { get; } = [];

    /// <summary>Hears every line that the program writes.</summary>
    public Action<string>? Heard { get; init; }

    public string Folder => _folder.FullName;

    public Task<ProgramAnswer> RunAsync(params string[] arguments) => RunUntilAsync(null, arguments);

    /// <summary>Asks the program to stop, as a signal does, before it has begun.</summary>
    public Task<ProgramAnswer> RunStoppedAsync(params string[] arguments) => RunAsync(null, arguments, new CancellationToken(canceled: true));

    /// <summary>Asks the program to stop, as a signal does, once it has written <paramref name="awaited"/>.</summary>
    public Task<ProgramAnswer> RunUntilAsync(string? awaited, params string[] arguments) => RunAsync(awaited, arguments, CancellationToken.None);

    private async Task<ProgramAnswer> RunAsync(string? awaited, string[] arguments, CancellationToken stopped)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(stopped);
        using var output = new AwaitingWriter(awaited, stop, Heard);
        using var error = new StringWriter();
        var environment = new ProgramEnvironment
        {
            Out = output,
            Error = error,
            Variables = Variables,
            WorkingFolder = Folder,
            ProgramFolder = AppContext.BaseDirectory,
        };
        int exitCode = await CommandLine.RunAsync(arguments, environment, stop.Token);
        return new ProgramAnswer(exitCode, output.ToString(), error.ToString());
    }

    public string Write(string name, string text)
    {
        string path = Path.Combine(Folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private sealed class AwaitingWriter(string? awaited, CancellationTokenSource stop, Action<string>? heard) : StringWriter
    {
        public override void WriteLine(string? value)
        {
            base.WriteLine(value);
            heard?.Invoke(value ?? string.Empty);
            if (awaited is not null && value?.Contains(awaited, StringComparison.Ordinal) == true)
                stop.Cancel();
        }

        public override Task WriteLineAsync(string? value)
        {
            WriteLine(value);
            return Task.CompletedTask;
        }
    }
}
