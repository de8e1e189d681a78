using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using QTrade.Solana.Feed;

namespace QTrade.Solana.Tapes;

/// <summary>
/// The tape's bytes, little-endian. Header: <c>QTRTAPE</c> and one byte of version. Then frames: length of the payload (u32), its CRC-32C
/// (u32), the payload: kind (u8), microseconds since the recording began (u64), and for an account its address (32), owner (32), slot (u64),
/// write version (u64), lamports (u64) and data to the end; for a followed pool its address (32); for a loss nothing.
/// </summary>
internal static class TapeForm
{
    /// <summary>Bytes of the header.</summary>
    public const int HeaderSize = 8;

    /// <summary>Bytes before a payload.</summary>
    public const int FrameHead = 8;

    /// <summary>The largest account of the chain, 10 MiB, and its fields.</summary>
    public const int PayloadMax = (10 << 20) + AccountHead;

    private const byte Version = 1;
    private const int EntryHead = 9;
    private const int AccountHead = EntryHead + (2 * Address.Size) + (3 * sizeof(ulong));
    private const ulong MicrosecondsMax = long.MaxValue / TimeSpan.TicksPerMicrosecond;

    private static ReadOnlySpan<byte> Magic => "QTRTAPE"u8;

    public static void WriteHeader(Span<byte> header)
    {
        Magic.CopyTo(header);
        header[HeaderSize - 1] = Version;
    }

    /// <summary>What is wrong with a header; null where nothing is.</summary>
    public static string? HeaderFault(ReadOnlySpan<byte> header) =>
        header.Length < HeaderSize || !header[..(HeaderSize - 1)].SequenceEqual(Magic) ? "is not a tape: its header is missing"
        : header[HeaderSize - 1] != Version ? $"is a tape of version {header[HeaderSize - 1]}; this program reads version {Version}"
        : null;

    public static int FrameSize(in TapeEntry entry) => FrameHead + entry.Kind switch
    {
        TapeEntryKind.Account => AccountHead + entry.Update!.Data.Length,
        TapeEntryKind.Follow => EntryHead + Address.Size,
        TapeEntryKind.Lost => EntryHead,
        _ => throw new ArgumentOutOfRangeException(nameof(entry), entry.Kind, "not a kind of entry"),
    };

    /// <summary>Writes a frame that fills <paramref name="frame"/>.</summary>
    public static void Write(in TapeEntry entry, Span<byte> frame)
    {
        var payload = frame[FrameHead..];
        payload[0] = (byte)entry.Kind;
        BinaryPrimitives.WriteUInt64LittleEndian(payload[1..], (ulong)(entry.Time.Ticks / TimeSpan.TicksPerMicrosecond));
        var rest = payload[EntryHead..];
        if (entry.Update is { } update)
        {
            update.Address.WriteTo(rest);
            update.Owner.WriteTo(rest[Address.Size..]);
            rest = rest[(2 * Address.Size)..];
            BinaryPrimitives.WriteUInt64LittleEndian(rest, update.At.Slot);
            BinaryPrimitives.WriteUInt64LittleEndian(rest[8..], update.At.WriteVersion);
            BinaryPrimitives.WriteUInt64LittleEndian(rest[16..], update.Lamports);
            update.Data.Span.CopyTo(rest[24..]);
        }
        else if (entry.Kind == TapeEntryKind.Follow)
        {
            entry.Pool.WriteTo(rest);
        }

        BinaryPrimitives.WriteUInt32LittleEndian(frame, (uint)payload.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(frame[4..], Checksum(payload));
    }

    /// <summary>Reads the head of a frame; false where no frame of this program begins so.</summary>
    public static bool TryReadHead(ReadOnlySpan<byte> head, out int length, out uint checksum)
    {
        var stated = BinaryPrimitives.ReadUInt32LittleEndian(head);
        checksum = BinaryPrimitives.ReadUInt32LittleEndian(head[4..]);
        length = stated is >= EntryHead and <= PayloadMax ? (int)stated : 0;
        return length > 0;
    }

    /// <summary>Reads a payload; false where it is damaged.</summary>
    public static bool TryRead(ReadOnlySpan<byte> payload, uint checksum, [NotNullWhen(true)] out TapeEntry? entry)
    {
        entry = null;
        if (payload.Length < EntryHead || Checksum(payload) != checksum)
            return false;
        var microseconds = BinaryPrimitives.ReadUInt64LittleEndian(payload[1..]);
        if (microseconds > MicrosecondsMax)
            return false;
        var time = TimeSpan.FromTicks((long)microseconds * TimeSpan.TicksPerMicrosecond);
        var rest = payload[EntryHead..];
        switch ((TapeEntryKind)payload[0])
        {
            case TapeEntryKind.Account when payload.Length >= AccountHead:
                var fields = rest[(2 * Address.Size)..];
                var at = new AccountPosition(BinaryPrimitives.ReadUInt64LittleEndian(fields), BinaryPrimitives.ReadUInt64LittleEndian(fields[8..]));
                entry = TapeEntry.Account(
                    new AccountUpdate(
                        new Address(rest), at, new Address(rest[Address.Size..]), BinaryPrimitives.ReadUInt64LittleEndian(fields[16..]), fields[24..].ToArray()),
                    time);
                return true;
            case TapeEntryKind.Follow when rest.Length == Address.Size:
                entry = TapeEntry.Follow(new Address(rest), time);
                return true;
            case TapeEntryKind.Lost when rest.IsEmpty:
                entry = TapeEntry.Lost(time);
                return true;
            default:
                return false;
        }
    }

    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        while (bytes.Length >= sizeof(ulong))
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[sizeof(ulong)..];
        }

        foreach (var value in bytes)
            crc = BitOperations.Crc32C(crc, value);
        return ~crc;
    }
}
