using System.Buffers.Binary;

namespace QTrade.Solana.Tests.Accounts;

/// <summary>The bytes of an account, written field by field.</summary>
internal sealed class AccountBytes(int size)
{
    public byte[] Data { get; } = new byte[size];

    public static implicit operator byte[](AccountBytes bytes) => bytes.Data;

    /// <summary>The discriminator as its hexadecimal digits read.</summary>
    public AccountBytes Tag(ulong tag)
    {
        BinaryPrimitives.WriteUInt64BigEndian(Data, tag);
        return this;
    }

    public AccountBytes U8(int at, byte value)
    {
        Data[at] = value;
        return this;
    }

    public AccountBytes U16(int at, ushort value)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(Data.AsSpan(at), value);
        return this;
    }

    public AccountBytes U32(int at, uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(Data.AsSpan(at), value);
        return this;
    }

    public AccountBytes I32(int at, int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(Data.AsSpan(at), value);
        return this;
    }

    public AccountBytes U64(int at, ulong value)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(Data.AsSpan(at), value);
        return this;
    }

    public AccountBytes I64(int at, long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(Data.AsSpan(at), value);
        return this;
    }

    public AccountBytes U128(int at, UInt128 value)
    {
        BinaryPrimitives.WriteUInt128LittleEndian(Data.AsSpan(at), value);
        return this;
    }

    public AccountBytes I128(int at, Int128 value)
    {
        BinaryPrimitives.WriteInt128LittleEndian(Data.AsSpan(at), value);
        return this;
    }

    public AccountBytes Key(int at, Address value)
    {
        value.WriteTo(Data.AsSpan(at));
        return this;
    }

    public AccountBytes Bit(int at, int bit)
    {
        Data[at + (bit >> 3)] |= (byte)(1 << (bit & 7));
        return this;
    }
}
