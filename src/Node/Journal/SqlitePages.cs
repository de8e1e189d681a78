using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace QTrade.Node.Journal;

/// <summary>
/// The pages of a database file that nobody has open, read without SQLite (sqlite.org/fileformat2.html, sections 1.5 and 1.6), so that a
/// page is found whether or not the tree above it still leads there.
/// </summary>
internal sealed class SqlitePages : IDisposable
{
    private const int FileHeaderBytes = 100;
    private const int LeafHeaderBytes = 8;
    private const int InteriorHeaderBytes = 12;
    private const int RecordBytesMax = 1 << 30;
    private const int DepthMax = 20;

    private readonly SafeFileHandle _file;
    private readonly byte[] _page = new byte[JournalSchema.PageBytes];
    private readonly byte[] _overflow = new byte[JournalSchema.PageBytes];
    private byte[] _record = new byte[JournalSchema.PageBytes];

    public SqlitePages(string path)
    {
        _file = File.OpenHandle(path);
        Count = RandomAccess.GetLength(_file) / JournalSchema.PageBytes;
    }

    /// <summary>Receives a record of a leaf or an index page.</summary>
    /// <param name="isTable">Whether it is a table's row rather than an index's entry.</param>
    /// <param name="rowId">The row's key; 0 in an index.</param>
    /// <param name="record">The record's bytes, good until the call returns.</param>
    public delegate void RecordReader(bool isTable, long rowId, ReadOnlySpan<byte> record);

    /// <summary>Whole pages in the file.</summary>
    public long Count { get; }

    /// <summary>Gives every record that any page of the file holds whole, in the order of the pages.</summary>
    public void ReadRecords(RecordReader read)
    {
        for (long number = 1; number <= Count; number++)
        {
            if (!TryLoad(number, _page)) continue;
            int header = HeaderAt(number);
            byte type = _page[header];
            if (type is PageType.TableLeaf or PageType.IndexLeaf or PageType.IndexInterior) ReadCells(header, type, read);
        }
    }

    /// <summary>Whether every page that leads to the leaves of a table is one that can lead there.</summary>
    public bool LeadsToItsLeaves(long root) => DepthOf(root) is int depth && InteriorIsSound(root, depth);

    public void Dispose() => _file.Dispose();

    private static int HeaderAt(long number) => number == 1 ? FileHeaderBytes : 0;

    private bool TryLoad(long number, byte[] page) =>
        number >= 1 && number <= Count && RandomAccess.Read(_file, page, (number - 1) * JournalSchema.PageBytes) == JournalSchema.PageBytes;

    private void ReadCells(int header, byte type, RecordReader read)
    {
        bool interior = type == PageType.IndexInterior, isTable = type == PageType.TableLeaf;
        int pointers = header + (interior ? InteriorHeaderBytes : LeafHeaderBytes);
        int count = BinaryPrimitives.ReadUInt16BigEndian(_page.AsSpan(header + 3));
        for (int i = 0; i < count && pointers + (2 * i) + 2 <= _page.Length; i++)
        {
            int at = BinaryPrimitives.ReadUInt16BigEndian(_page.AsSpan(pointers + (2 * i))) + (interior ? 4 : 0);
            if (at >= _page.Length) continue;
            int used = SqliteRecord.ReadVarint(_page.AsSpan(at), out long length);
            if (used == 0 || length <= 0 || length > RecordBytesMax) continue;
            at += used;
            long rowId = 0;
            if (isTable)
            {
                used = SqliteRecord.ReadVarint(_page.AsSpan(at), out rowId);
                if (used == 0) continue;
                at += used;
            }
            if (TryGather(at, (int)length, isTable)) read(isTable, rowId, _record.AsSpan(0, (int)length));
        }
    }

    /// <summary>Puts a record together from its cell and, where it is long, the pages it flows over into (section 1.6).</summary>
    private bool TryGather(int at, int length, bool isTable)
    {
        const int Usable = JournalSchema.PageBytes;
        int localMax = isTable ? Usable - 35 : ((Usable - 12) * 64 / 255) - 23;
        int localMin = ((Usable - 12) * 32 / 255) - 23;
        int surplus = localMin + ((length - localMin) % (Usable - 4));
        int local = length <= localMax ? length : surplus <= localMax ? surplus : localMin;
        if (at + local > Usable) return false;
        if (length > Count * Usable) return false;
        if (_record.Length < length) _record = new byte[Math.Max(length, 2 * _record.Length)];
        _page.AsSpan(at, local).CopyTo(_record);
        if (local == length) return true;
        if (at + local + 4 > Usable) return false;

        long next = BinaryPrimitives.ReadUInt32BigEndian(_page.AsSpan(at + local));
        for (int done = local; done < length;)
        {
            if (!TryLoad(next, _overflow)) return false;
            int part = Math.Min(length - done, Usable - 4);
            _overflow.AsSpan(4, part).CopyTo(_record.AsSpan(done));
            done += part;
            next = BinaryPrimitives.ReadUInt32BigEndian(_overflow);
        }
        return true;
    }

    /// <summary>Levels above the leaves, told by the rightmost path; null if that path breaks before a leaf.</summary>
    private int? DepthOf(long root)
    {
        long number = root;
        for (int depth = 0; depth < DepthMax && TryLoad(number, _page); depth++)
        {
            int header = HeaderAt(number);
            if (_page[header] == PageType.TableLeaf) return depth;
            if (_page[header] != PageType.TableInterior) return null;
            number = BinaryPrimitives.ReadUInt32BigEndian(_page.AsSpan(header + 8));
        }
        return null;
    }

    private bool InteriorIsSound(long number, int depth)
    {
        if (depth == 0) return true;
        if (!TryLoad(number, _page)) return false;
        int header = HeaderAt(number);
        int count = BinaryPrimitives.ReadUInt16BigEndian(_page.AsSpan(header + 3));
        if (_page[header] != PageType.TableInterior || header + InteriorHeaderBytes + (2 * count) > _page.Length) return false;

        long[] children = new long[count + 1];
        long before = long.MinValue;
        for (int i = 0; i < count; i++)
        {
            int at = BinaryPrimitives.ReadUInt16BigEndian(_page.AsSpan(header + InteriorHeaderBytes + (2 * i)));
            if (at + 4 >= _page.Length || SqliteRecord.ReadVarint(_page.AsSpan(at + 4), out long key) == 0 || key <= before) return false;
            before = key;
            children[i] = BinaryPrimitives.ReadUInt32BigEndian(_page.AsSpan(at));
        }
        children[count] = BinaryPrimitives.ReadUInt32BigEndian(_page.AsSpan(header + 8));
        return children.All(child => child > 1 && child <= Count) && (depth == 1 || children.All(child => InteriorIsSound(child, depth - 1)));
    }

    private static class PageType
    {
        public const byte IndexInterior = 0x02;
        public const byte TableInterior = 0x05;
        public const byte IndexLeaf = 0x0A;
        public const byte TableLeaf = 0x0D;
    }
}
