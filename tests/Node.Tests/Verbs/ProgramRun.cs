using QTrade.Node.Verbs;

namespace QTrade.Node.Tests.Verbs;

/// <summary>Runs command lines inside the test, in a folder of their own.</summary>
internal sealed class ProgramRun : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("qtrade-verbs-");

    public Dictionary<string, string> Variables { get; } = [];

    public string Folder => _folder.FullName;

    public async Task<ProgramAnswer> RunAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var environment = new ProgramEnvironment
        {
            Out = output,
            Error = error,
            Variables = Variables,
            WorkingFolder = Folder,
            ProgramFolder = AppContext.BaseDirectory,
        };
        int exitCode = await CommandLine.RunAsync(arguments, environment, CancellationToken.None);
        return new ProgramAnswer(exitCode, output.ToString(), error.ToString());
    }

    public string Write(string name, string text)
    {
        string path = Path.Combine(Folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
