using QTrade.Node.Tests.Journal;
using QTrade.Node.Tests.Journal.Postgres;

// The specs themselves are run by the test host; this is what they start as a process of its own.
switch (args)
{
    case [JournalWriterProcess.Verb, string folder]:
#pragma warning disable RS0030 // The process answers its spec over the standard output.
        await JournalWriterProcess.RunAsync(folder, Console.Out);
#pragma warning restore RS0030
        return 0;
    case [PostgresProcess.Verb]:
#pragma warning disable RS0030 // The process answers its spec over the standard output.
        PostgresProcess.Run(Console.Out);
#pragma warning restore RS0030
        return 0;
    case [JournalLookProcess.Verb, string file]:
        JournalLookProcess.Run(file);
        return 0;
    default:
        return 2;
}
