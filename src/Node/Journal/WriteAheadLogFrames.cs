using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace QTrade.Node.Journal;

/// <summary>
/// The frames of a write-ahead log that nobody has open, read without SQLite (sqlite.org/fileformat2.html, section 4). SQLite takes the first
/// frame whose checksum fails for the log's end, which is right for a commit that was cut off and wrong for a log that was damaged: there
/// it would drop every later commit without a word.
/// </summary>
internal sealed class WriteAheadLogFrames : IDisposable
{
    private const int HeaderBytes = 32;
    private const int FrameHeaderBytes = 24;
    private const int FrameBytes = FrameHeaderBytes + JournalSchema.PageBytes;
    private const int SummedHeaderBytes = 24;
    private const int SummedFrameHeaderBytes = 8;
    private const uint Magic = 0x377F0682;

    /// <summary>Commits behind a damage that prove it: a commit begins only when the one before it is on the disk, so just the last can be cut off.</summary>
    private const int CommitsThatProve = 2;

    private readonly SafeFileHandle _log;
    private readonly byte[] _frame = new byte[FrameBytes];
    private readonly long _count;
    private readonly bool _headed;
    private readonly ulong _salts;
    private readonly long _sound;
    private readonly long _end;

    public WriteAheadLogFrames(string path)
    {
        _log = File.OpenHandle(path);
        _count = (RandomAccess.GetLength(_log) - HeaderBytes) / FrameBytes;
        if (_count <= 0) return;
        byte[] header = new byte[HeaderBytes];
        RandomAccess.Read(_log, header, 0);
        bool bigEndian = (header[3] & 1) != 0;
        (uint, uint) sum = Sum(header.AsSpan(0, SummedHeaderBytes), bigEndian, default);
        _headed = (BinaryPrimitives.ReadUInt32BigEndian(header) & ~1u) == Magic && sum == SumAt(header, SummedHeaderBytes);
        _salts = _headed ? BinaryPrimitives.ReadUInt64BigEndian(header.AsSpan(16)) : SaltsOfNewest();
        if (_headed) _sound = CountSound(bigEndian, sum);
        int commits = 0;
        for (long i = _sound; _salts != 0 && i < _count; i++)
        {
            if (!Load(i) || Salts != _salts || PagesAfterCommit == 0) continue;
            commits++;
            _end = i + 1;
        }
        IsBroken = commits >= CommitsThatProve;
    }

    /// <summary>Whether commits that were on the disk lie behind a frame that is not as it was written.</summary>
    public bool IsBroken { get; }

    private uint Page => BinaryPrimitives.ReadUInt32BigEndian(_frame);

    private uint PagesAfterCommit => BinaryPrimitives.ReadUInt32BigEndian(_frame.AsSpan(4));

    private ulong Salts => BinaryPrimitives.ReadUInt64BigEndian(_frame.AsSpan(8));

    /// <summary>Puts the page of every committed frame but the damaged ones where it belongs in a copy of the database.</summary>
    public void CopyTo(string database)
    {
        using SafeFileHandle file = File.OpenHandle(database, FileMode.Open, FileAccess.Write);
        for (long i = 0; i < _end; i++)
        {
            bool damaged = _headed && i == _sound;
            if (!damaged && Load(i) && Salts == _salts && Page is > 0 and <= int.MaxValue)
                RandomAccess.Write(file, _frame.AsSpan(FrameHeaderBytes), (Page - 1L) * JournalSchema.PageBytes);
        }
    }

    public void Dispose() => _log.Dispose();

    /// <summary>What marks the newest run of the log, which lies in front of what is left of older ones: the first that two frames on end agree on.</summary>
    private ulong SaltsOfNewest()
    {
        ulong before = 0;
        for (long i = 0; i < _count && Load(i); i++)
        {
            if (Salts == before && before != 0) return before;
            before = Salts;
        }
        return 0;
    }

    private long CountSound(bool bigEndian, (uint, uint) sum)
    {
        long sound = 0;
        while (sound < _count && Load(sound) && Salts == _salts)
        {
            sum = Sum(_frame.AsSpan(0, SummedFrameHeaderBytes), bigEndian, sum);
            sum = Sum(_frame.AsSpan(FrameHeaderBytes), bigEndian, sum);
            if (sum != SumAt(_frame, FrameHeaderBytes - 8)) break;
            sound++;
        }
        return sound;
    }

    private bool Load(long index) => RandomAccess.Read(_log, _frame, HeaderBytes + (index * FrameBytes)) == FrameBytes;

    private static (uint, uint) SumAt(byte[] bytes, int offset) =>
        (BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(offset)), BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(offset + 4)));

    private static (uint, uint) Sum(ReadOnlySpan<byte> bytes, bool bigEndian, (uint First, uint Second) sum)
    {
        (uint first, uint second) = sum;
        for (; !bytes.IsEmpty; bytes = bytes[8..])
        {
            first = unchecked(first + Word(bytes, bigEndian) + second);
            second = unchecked(second + Word(bytes[4..], bigEndian) + first);
        }
        return (first, second);
    }

    private static uint Word(ReadOnlySpan<byte> bytes, bool bigEndian) =>
        bigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);
}
