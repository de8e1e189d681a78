using System.Diagnostics;

namespace QTrade.Node.Tests.Journal;

/// <summary>Starts this assembly as a process of its own.</summary>
internal static class OwnProcess
{
    public static Process Start(params string[] arguments)
    {
        string host = Environment.ProcessPath!;
        var start = new ProcessStartInfo(Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet")
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        start.ArgumentList.Add(typeof(OwnProcess).Assembly.Location);
        foreach (string argument in arguments) start.ArgumentList.Add(argument);
        return Process.Start(start)!;
    }
}
