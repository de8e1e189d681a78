namespace QTrade.Node.Journal;

/// <summary>
/// The file of the write-ahead log, given its room before it is written to: a flush of bytes that replace others need not also record that
/// the file grew, which is about half of what a small commit costs. SQLite takes zeros for the log's end, and reuses the room ever after.
/// </summary>
internal static class WriteAheadLogFile
{
    private const int BlockBytes = 1 << 20;

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
