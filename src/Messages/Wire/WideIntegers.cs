using System.Buffers.Binary;

namespace QTrade.Messages.Wire;

/// <summary>Integers of 128 bits, and signed ones that are small on either side of 0.</summary>
internal static class WideIntegers
{
    private const int Size = 16;
    private const int BitsPerVarintByte = 7;
    private const int Bits = 128;
    private const byte More = 0x80;

    /// <summary>An integer as bytes, the lowest first, without leading zeros; nothing for 0.</summary>
    public static void Write(ProtoWriter writer, int field, UInt128 value)
    {
        Span<byte> bytes = stackalloc byte[Size];
        BinaryPrimitives.WriteUInt128LittleEndian(bytes, value);
        writer.Bytes(field, bytes[..(bytes.LastIndexOfAnyExcept((byte)0) + 1)]);
    }

    public static UInt128 Read(ref ProtoReader reader)
    {
        var bytes = reader.Bytes();
        if (bytes.Length > Size)
        {
            reader.Fail();
            return default;
        }

        Span<byte> padded = stackalloc byte[Size];
        padded.Clear();
        bytes.CopyTo(padded);
        return BinaryPrimitives.ReadUInt128LittleEndian(padded);
    }

    public static ulong ZigZag(int value) => unchecked((uint)((value << 1) ^ (value >> 31)));

    public static int ReadZigZag(ref ProtoReader reader)
    {
        var value = reader.UInt();
        if (value > uint.MaxValue)
            reader.Fail();
        return unchecked((int)((uint)value >> 1) ^ -(int)(value & 1));
    }

    public static UInt128 ZigZag(Int128 value) => unchecked((UInt128)((value << 1) ^ (value >> (Bits - 1))));

    public static Int128 UnZigZag(UInt128 value) => unchecked((Int128)(value >> 1) ^ -(Int128)(value & 1));

    /// <summary>A varint of up to 128 bits, inside a packed field.</summary>
    public static void WriteVarint(ProtoWriter writer, UInt128 value)
    {
        // Bytes of seven bits follow one another, so that the low ones and the high ones can be written apart.
        for (; value > ulong.MaxValue; value >>= BitsPerVarintByte)
            writer.RawByte((byte)((byte)value | More));
        writer.Varint((ulong)value);
    }

    /// <summary>Reads such a varint; false where the bytes hold none.</summary>
    public static bool TryReadVarint(ref ProtoReader reader, out UInt128 value)
    {
        value = default;
        for (var shift = 0; shift < Bits; shift += BitsPerVarintByte)
        {
            if (!reader.NextByte(out var part))
                return false;
            value |= (UInt128)(uint)(part & ~More) << shift;
            if (part < More)
                return true;
        }

        return false;
    }
}
