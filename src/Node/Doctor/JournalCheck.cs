using QTrade.Node.Configuration;
using QTrade.Node.Journal;

namespace QTrade.Node.Doctor;

/// <summary>The journal: who owns it, whether this program can read its version, whether its pages are sound. Nothing in it is changed.</summary>
internal static class JournalCheck
{
    private const string Subject = "journal";
    private const string Damaged = "start the node: it recovers every event outside of the damage and names what was lost; keep a copy of the file";

    public static IEnumerable<Finding> Look(JournalOptions options, string workingFolder)
    {
        string folder = Path.GetFullPath(options.DataDir, workingFolder);
        string file = Path.Combine(folder, SqliteJournal.FileName);
        if (!File.Exists(file))
            return [new Finding(Subject, Health.Good, $"none yet in {folder}: a start makes it")];
        return [Owner(folder), Contents(file)];
    }

    private static Finding Owner(string folder)
    {
        const string subject = "journal owner";
        string lockFile = Path.Combine(folder, "journal.lock");
        if (!File.Exists(lockFile))
            return new Finding(subject, Health.Good, "nobody");
        try
        {
            using var held = new FileStream(lockFile, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            return new Finding(subject, Health.Good, "nobody");
        }
        catch (IOException)
        {
            return new Finding(subject, Health.Good, $"a running node ({OwnerName(folder)})", "a second node needs a folder of its own: --data DIR");
        }
        catch (UnauthorizedAccessException denied)
        {
            return new Finding(subject, Health.Bad, denied.Message, $"make {lockFile} writable for this user");
        }
    }

    private static string OwnerName(string folder)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, "journal.owner")).ReplaceLineEndings(" ").Trim();
        }
        catch (IOException)
        {
            return "its name cannot be read";
        }
    }

    private static Finding Contents(string file)
    {
        try
        {
            using SqliteDatabase database = SqliteDatabase.Open(file, create: false);
            database.Execute("PRAGMA query_only=1");
            if (JournalSchema.Refusal(database, file) is { } refusal)
                return new Finding(Subject, Health.Bad, refusal, "see the end of that line");
            string verdict = database.ReadText("PRAGMA quick_check(1)");
            if (verdict != "ok")
                return new Finding(Subject, Health.Doubtful, $"{file} is damaged: {verdict.ReplaceLineEndings(" ")}", Damaged);
            long events = database.ReadInt64("SELECT count(*) FROM events");
            return new Finding(Subject, Health.Good, $"{file}: {events:N0} events, {(double)Bytes(file) / (1 << 20):N1} MiB, version {JournalSchema.Version}");
        }
        catch (SqliteFailureException failure)
        {
            return failure.IsCorrupt
                ? new Finding(Subject, Health.Doubtful, $"{file} is damaged: {failure.Message}", Damaged)
                : new Finding(Subject, Health.Bad, $"{file} cannot be read: {failure.Message}", "make it readable for this user, or choose another folder with --data");
        }
    }

    /// <summary>The file and its write-ahead log.</summary>
    private static long Bytes(string file)
    {
        var log = new FileInfo($"{file}-wal");
        return new FileInfo(file).Length + (log.Exists ? log.Length : 0);
    }
}
