using QTrade.Shared.Journal;

namespace QTrade.Node.Tests.Journal.Postgres;

/// <summary>A process of its own that starts a server, says which, and stays until it is killed.</summary>
internal static class PostgresProcess
{
    public const string Verb = "start-postgres";

    public static void Run(TextWriter answer)
    {
        using PostgresServerProcess server = PostgresServerProcess.Start();
        answer.WriteLine($"{server.ProcessId} {server.Folder}");
        answer.Flush();
        new ManualResetEvent(false).WaitOne();
    }
}
