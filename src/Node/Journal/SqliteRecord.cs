using System.Buffers.Binary;

namespace QTrade.Node.Journal;

/// <summary>
/// SQLite's record format (sqlite.org/fileformat2.html, section 2.1), read from bytes that may be anything: what does not hold together is
/// refused, never thrown over.
/// </summary>
internal static class SqliteRecord
{
    private const int VarintBytesMax = 9;
    private const int FirstBlobType = 12;

    /// <summary>Reads the record's columns.</summary>
    /// <returns>How many there are; 0 if it is no record, or one of more columns than fit.</returns>
    public static int Read(ReadOnlySpan<byte> record, Span<SqliteColumn> columns)
    {
        int at = ReadVarint(record, out long headerBytes);
        if (at == 0 || headerBytes < at || headerBytes > record.Length) return 0;
        int header = (int)headerBytes, body = header, count = 0;
        while (at < header)
        {
            int used = ReadVarint(record[at..header], out long type);
            if (used == 0 || count == columns.Length) return 0;
            at += used;
            long length = LengthOf(type);
            if (length < 0 || length > record.Length - body) return 0;
            columns[count++] = ColumnOf(type, record, body, (int)length);
            body += (int)length;
        }
        return body == record.Length ? count : 0;
    }

    /// <summary>Reads SQLite's variable-length integer.</summary>
    /// <returns>Bytes it takes, 0 if it is cut off.</returns>
    public static int ReadVarint(ReadOnlySpan<byte> bytes, out long value)
    {
        value = 0;
        for (int i = 0; i < VarintBytesMax && i < bytes.Length; i++)
        {
            if (i == VarintBytesMax - 1)
            {
                value = (value << 8) | bytes[i];
                return VarintBytesMax;
            }
            value = (value << 7) | (uint)(bytes[i] & 0x7F);
            if ((bytes[i] & 0x80) == 0) return i + 1;
        }
        return 0;
    }

    private static long LengthOf(long type) => type switch
    {
        0 or 8 or 9 => 0,
        >= 1 and <= 4 => type,
        5 => 6,
        6 or 7 => 8,
        >= FirstBlobType => (type - FirstBlobType) / 2,
        _ => -1,
    };

    private static SqliteColumn ColumnOf(long type, ReadOnlySpan<byte> record, int offset, int length) => type switch
    {
        0 => new SqliteColumn(SqliteColumnKind.Null, 0, offset, length),
        7 => new SqliteColumn(SqliteColumnKind.Real, 0, offset, length),
        8 or 9 => new SqliteColumn(SqliteColumnKind.Integer, type - 8, offset, length),
        < FirstBlobType => new SqliteColumn(SqliteColumnKind.Integer, ReadInteger(record.Slice(offset, length)), offset, length),
        _ => new SqliteColumn(type % 2 == 0 ? SqliteColumnKind.Blob : SqliteColumnKind.Text, 0, offset, length),
    };

    private static long ReadInteger(ReadOnlySpan<byte> bytes)
    {
        Span<byte> wide = stackalloc byte[sizeof(long)];
        wide.Fill(bytes[0] >= 0x80 ? byte.MaxValue : (byte)0);
        bytes.CopyTo(wide[(sizeof(long) - bytes.Length)..]);
        return BinaryPrimitives.ReadInt64BigEndian(wide);
    }
}
