using QTrade.Node.Journal;

namespace QTrade.Node.Tests.Journal;

/// <summary>A process of its own that looks into a journal and leaves, as a person's tools do beside a running node.</summary>
internal static class JournalLookProcess
{
    public const string Verb = "look-into-journal";

    public static void Run(string file)
    {
        using SqliteDatabase database = SqliteDatabase.Open(file, create: false);
        database.ReadInt64("SELECT count(*) FROM events");
    }
}
