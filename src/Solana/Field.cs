using System.Buffers.Binary;

namespace QTrade.Solana;

/// <summary>Little-endian fields at an offset. Whoever reads has checked the length.</summary>
internal static class Field
{
    public static ushort U16(ReadOnlySpan<byte> data, int at) => BinaryPrimitives.ReadUInt16LittleEndian(data[at..]);

    public static uint U32(ReadOnlySpan<byte> data, int at) => BinaryPrimitives.ReadUInt32LittleEndian(data[at..]);

    public static int I32(ReadOnlySpan<byte> data, int at) => BinaryPrimitives.ReadInt32LittleEndian(data[at..]);

    public static ulong U64(ReadOnlySpan<byte> data, int at) => BinaryPrimitives.ReadUInt64LittleEndian(data[at..]);

    public static long I64(ReadOnlySpan<byte> data, int at) => BinaryPrimitives.ReadInt64LittleEndian(data[at..]);

    public static UInt128 U128(ReadOnlySpan<byte> data, int at) => BinaryPrimitives.ReadUInt128LittleEndian(data[at..]);

    public static Int128 I128(ReadOnlySpan<byte> data, int at) => BinaryPrimitives.ReadInt128LittleEndian(data[at..]);

    public static Address Address(ReadOnlySpan<byte> data, int at) => new(data.Slice(at, QTrade.Solana.Address.Size));

    /// <summary>Whether an account begins with these eight bytes, written as they stand in it.</summary>
    public static bool HasTag(ReadOnlySpan<byte> data, ulong tag) =>
        data.Length >= sizeof(ulong) && BinaryPrimitives.ReadUInt64BigEndian(data) == tag;
}
