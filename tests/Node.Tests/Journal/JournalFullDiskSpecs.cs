using QTrade.Actors.Journal;
using QTrade.Node.Journal;
using QTrade.Shared.Journal;

namespace QTrade.Node.Tests.Journal;

public sealed class JournalFullDiskSpecs : IDisposable
{
    private const int TextBytes = 30_000;

    private readonly JournalFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TinyDiskFact]
    public async Task Start_on_a_full_disk_is_refused_for_what_it_is_and_leaves_the_folder_free()
    {
        using var disk = new TinyDisk(_folder.Path);
        string filler = Path.Combine(_folder.Path, "filler");
        await _folder.Open().DisposeAsync();
        Fill(filler);

        string refusal = _folder.Refusal();

        Assert.DoesNotContain("another node", refusal, StringComparison.Ordinal);
        Assert.Contains("make room on its disk", refusal, StringComparison.Ordinal);
        MakeRoom(filler);
        await _folder.Open().DisposeAsync();
    }

    [TinyDiskFact]
    public async Task Log_that_finds_no_room_ahead_leaves_the_disk_what_there_is()
    {
        using var disk = new TinyDisk(_folder.Path);

        await using SqliteJournal journal = _folder.Open(new SqliteJournalOptions { Folder = _folder.Path });

        Assert.Equal(0, new FileInfo(_folder.File + "-wal").Length);
        Assert.Equal(AppendStatus.Committed, await AppendAsync(journal, 1, "1"));
    }

    [TinyDiskFact]
    public async Task Disk_that_is_full_refuses_appends_and_heals_when_there_is_room()
    {
        using var disk = new TinyDisk(_folder.Path);
        string filler = Path.Combine(_folder.Path, "filler");
        File.WriteAllBytes(filler, new byte[2 << 20]);
        string text = new('x', TextBytes);
        SqliteJournal journal = _folder.Open();

        long committed = 0;
        while (await AppendAsync(journal, committed + 1, text) == AppendStatus.Committed) committed++;
        Assert.Equal(AppendStatus.Full, await AppendAsync(journal, committed + 1, text));
        Assert.True(committed > 0);
        Assert.Equal((2, 0), (journal.Metrics.Full, journal.Metrics.Broken));
        Assert.Equal(committed, journal.Read("a", 0).LongCount());

        MakeRoom(filler);
        Assert.Equal(AppendStatus.Committed, await AppendAsync(journal, committed + 1, text));
        Assert.Equal(committed + 1, journal.ReadAll(0).LongCount());
        await journal.DisposeAsync();

        await using (SqliteJournal again = _folder.Open())
        {
            Assert.Equal(committed + 1, again.HighestSequenceNumber("a"));
            Assert.Empty(again.Losses);
        }
    }

    private static Task<AppendStatus> AppendAsync(SqliteJournal journal, long sequence, string text)
    {
        AppendProbe probe = AppendProbe.Of("a", sequence, text);
        journal.Append(probe);
        return probe.Ended;
    }

    /// <summary>
    /// Gives back what a file takes, now: a process that another spec starts at the same time may hold a deleted file's room until it runs a program of its own.
    /// </summary>
    private static void MakeRoom(string path) => File.WriteAllBytes(path, []);

    /// <summary>Takes the last byte of the disk.</summary>
    private static void Fill(string path)
    {
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
        foreach (int part in (int[])[1 << 16, 1 << 12, 1])
        {
            try
            {
                while (true) file.Write(new byte[part]);
            }
            catch (IOException)
            {
                // Smaller parts take what is left.
            }
        }
    }
}
