using QTrade.Node.Tests.Journal;

// The specs themselves are run by the test host; this is what they start as a process of its own.
if (args is [JournalWriterProcess.Verb, string folder])
{
#pragma warning disable RS0030 // The process answers its spec over the standard output.
    await JournalWriterProcess.RunAsync(folder, Console.Out);
#pragma warning restore RS0030
    return 0;
}
return 2;
