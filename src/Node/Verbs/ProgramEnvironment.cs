namespace QTrade.Node.Verbs;

/// <summary>What surrounds the program: where it writes, where it stands, what it is told besides its arguments.</summary>
public sealed record ProgramEnvironment
{
    /// <summary>Answers go here.</summary>
    public required TextWriter Out { get; init; }

    /// <summary>Errors go here, one line each.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>Whether a person watches <see cref="Out"/> in a terminal.</summary>
    public bool OutIsTerminal { get; init; }

    /// <summary>The environment variables.</summary>
    public required IReadOnlyDictionary<string, string> Variables { get; init; }

    /// <summary>The folder in which relative paths start.</summary>
    public required string WorkingFolder { get; init; }

    /// <summary>The folder of the program, with the samples and <c>hocon</c> that travel with it.</summary>
    public required string ProgramFolder { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The path from the working folder, or, if nothing is there, the one from the program's folder, if something is there.</summary>
    public string Locate(string path)
    {
        string here = Path.GetFullPath(path, WorkingFolder);
        string beside = Path.GetFullPath(path, ProgramFolder);
        return !File.Exists(here) && File.Exists(beside) ? beside : here;
    }

    /// <summary>Writes the one line that says why a verb does not do what it was asked.</summary>
    /// <returns>The exit code, for the verb to answer with.</returns>
    internal int Refuse(string verb, string reason, int exitCode)
    {
        Error.WriteLine($"{CommandLine.ProgramName} {verb}: {reason}");
        return exitCode;
    }
}
