using System.Diagnostics;
using Microsoft.Win32.SafeHandles;

namespace QTrade.Benchmarks.Journal;

/// <summary>Flushes a few pages of a file that has its room, as a small commit does.</summary>
internal sealed class BareFlush : IDisposable
{
    private const int Pages = 512;

    private readonly byte[] _page = new byte[4 * 4096];
    private readonly SafeFileHandle _file;
    private int _at;

    /// <param name="folder">Where the file is made; whoever owns the folder deletes it.</param>
    public BareFlush(string folder)
    {
        _file = File.OpenHandle(Path.Combine(folder, "bare-flush"), FileMode.Create, FileAccess.ReadWrite);
        for (var page = 0; page < Pages; page++)
            RandomAccess.Write(_file, _page, (long)page * _page.Length);
        Flush.Data(_file);
    }

    /// <summary>How long a write and its flush take.</summary>
    public TimeSpan Time()
    {
        var started = Stopwatch.GetTimestamp();
        RandomAccess.Write(_file, _page, (long)(_at++ % Pages) * _page.Length);
        Flush.Data(_file);
        return Stopwatch.GetElapsedTime(started);
    }

    public void Dispose() => _file.Dispose();
}
