namespace QTrade.Node.Journal;

/// <summary>
/// The file of the write-ahead log, given its room before it is written to: a flush of bytes that replace others need not also record that
/// the file grew, which is about half of what a small commit costs. SQLite takes zeros for the log's end, and reuses the room ever after.
/// </summary>
internal static class WriteAheadLogFile
{
    private const int BlockBytes = 1 << 20;

    /// <summary>
    /// Whether the log of the database at <paramref name="path"/> outlived it. SQLite would throw the log away and begin a database: a lost
    /// file would pass for a first start.
    /// </summary>
    public static bool StandsAlone(string path)
    {
        var database = new FileInfo(path);
        var log = new FileInfo(path + "-wal");
        return (!database.Exists || database.Length == 0) && log.Exists && log.Length > 0;
    }

    /// <summary>
    /// Where the log of the database at <paramref name="path"/> is damaged before commits that were on the disk: a copy of the database with
    /// the pages that the log still holds of them.
    /// </summary>
    /// <returns>The copy, null where the log is as it should be.</returns>
    public static string? PutTogether(string path)
    {
        if (!File.Exists(path) || !File.Exists(path + "-wal")) return null;
        using var frames = new WriteAheadLogFrames(path + "-wal");
        if (!frames.IsBroken) return null;
        string whole = path + ".whole";
        File.Copy(path, whole, overwrite: true);
        frames.CopyTo(whole);
        return whole;
    }

    /// <summary>Extends an empty log. Without room on the disk it stays as it is and grows as it is written.</summary>
    public static void MakeRoom(string path, long bytes)
    {
        if (bytes <= 0) return;
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
            if (file.Length > 0) return;
            try
            {
                byte[] zeros = new byte[BlockBytes];
                for (long done = 0; done < bytes; done += BlockBytes) file.Write(zeros);
                file.Flush(flushToDisk: true);
            }
            catch (IOException)
            {
                // Taking the last of the disk would leave the journal's file itself no room to grow.
                file.SetLength(0);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A full disk is met, and told, by the first append that finds no room.
        }
    }
}
