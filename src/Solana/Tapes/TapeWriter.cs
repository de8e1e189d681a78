using System.Diagnostics.CodeAnalysis;
using QTrade.Solana.Feed;

namespace QTrade.Solana.Tapes;

/// <summary>
/// Writes what a feed takes in to a file, in that order. A tape that exists is continued behind its last whole frame. A file that cannot be
/// written any more ends the recording, told by <see cref="Fault"/> and counted; the feed goes on. Used from one thread at a time.
/// </summary>
public sealed class TapeWriter : IDisposable
{
    private const int FlushBytes = 1 << 18;

    private readonly FileStream _file;
    private readonly TimeProvider _time;
    private readonly long _begunAt;
    private readonly TimeSpan _before;
    private byte[] _buffer = new byte[FlushBytes];
    private int _length;
    private long _entries, _lost;
    private string? _fault;

    private TapeWriter(FileStream file, TimeProvider time, TimeSpan before, long cut)
    {
        _file = file;
        _time = time;
        _before = before;
        _begunAt = time.GetTimestamp();
        CutBytes = cut;
    }

    /// <summary>Bytes of a torn end that were cut off when the tape was opened.</summary>
    public long CutBytes { get; }

    /// <summary>Entries handed to the file.</summary>
    public long Entries => Volatile.Read(ref _entries);

    /// <summary>Entries that were not recorded because the file cannot be written.</summary>
    public long Lost => Volatile.Read(ref _lost);

    /// <summary>Why nothing is recorded any more; null while it is.</summary>
    public string? Fault => Volatile.Read(ref _fault);

    /// <summary>Begins a tape, or goes on with one.</summary>
    public static bool TryOpen(string path, TimeProvider time, [NotNullWhen(true)] out TapeWriter? writer, [NotNullWhen(false)] out string? error)
    {
        writer = null;
        var (before, whole, cut) = (TimeSpan.Zero, 0L, 0L);
        var isGap = false;
        if (File.Exists(path) && new FileInfo(path).Length > 0)
        {
            if (!TapeReader.TryOpen(path, out var reader, out error))
                return false;
            using (reader)
            {
                while (reader.TryRead(out var entry))
                    (before, isGap) = (entry.Time, entry.Kind != TapeEntryKind.Lost);
                (whole, cut) = (reader.Whole, reader.TornBytes);
            }
        }

        FileStream? file = null;
        try
        {
            file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read, bufferSize: 0);
            file.SetLength(whole);
            file.Seek(0, SeekOrigin.End);
            if (whole == 0)
            {
                var header = new byte[TapeForm.HeaderSize];
                TapeForm.WriteHeader(header);
                file.Write(header);
            }

            writer = new TapeWriter(file, time, before, cut);
            // What came between is on no tape: what is held is not trusted until it is read again.
            if (isGap)
                writer.AppendLost();
            error = null;
            return true;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            file?.Dispose();
            error = failure is DirectoryNotFoundException ? "its folder does not exist" : "cannot be written";
            return false;
        }
    }

    /// <summary>Records updates.</summary>
    public void Append(IReadOnlyList<AccountUpdate> updates)
    {
        var now = Now;
        foreach (var update in updates)
            Append(TapeEntry.Account(update, now));
    }

    /// <summary>Records that a pool is followed.</summary>
    public void AppendFollow(Address pool) => Append(TapeEntry.Follow(pool, Now));

    /// <summary>Records that the connection was lost.</summary>
    public void AppendLost() => Append(TapeEntry.Lost(Now));

    /// <summary>Hands everything to the file.</summary>
    public void Flush()
    {
        if (_fault is not null || _length == 0)
            return;
        try
        {
            _file.Write(_buffer.AsSpan(0, _length));
        }
        catch (IOException failure)
        {
            Volatile.Write(ref _fault, failure.Message);
        }

        _length = 0;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Flush();
        _file.Dispose();
    }

    private TimeSpan Now => _before + _time.GetElapsedTime(_begunAt);

    private void Append(in TapeEntry entry)
    {
        var size = TapeForm.FrameSize(entry);
        if (_fault is not null || size > TapeForm.PayloadMax + TapeForm.FrameHead)
        {
            Volatile.Write(ref _lost, _lost + 1);
            return;
        }

        if (_length + size > _buffer.Length)
            Flush();
        if (size > _buffer.Length)
            Array.Resize(ref _buffer, size);
        TapeForm.Write(entry, _buffer.AsSpan(_length, size));
        _length += size;
        Volatile.Write(ref _entries, _entries + 1);
    }
}
