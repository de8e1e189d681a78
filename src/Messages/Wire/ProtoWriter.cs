using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Numerics;
using System.Text;

namespace QTrade.Messages.Wire;

/// <summary>
/// Writes protobuf (encoding of proto3: fields in the order they are called, defaults left out) into a buffer that is kept between messages.
/// Written by hand, because half a million events a second leave no room for an object per message and field.
/// </summary>
internal sealed class ProtoWriter
{
    private const int InitialSize = 1024;
    private const int VarintSizeMax = 10;
    private const int BitsPerVarintByte = 7;
    private const byte More = 0x80;

    private byte[] buffer = new byte[InitialSize];
    private int length;

    public byte[] ToArray() => buffer.AsSpan(0, length).ToArray();

    public void Clear() => length = 0;

    public void Int(int field, long value)
    {
        if (value != 0)
        {
            Tag(field, WireType.Varint);
            Varint(unchecked((ulong)value));
        }
    }

    public void UInt(int field, ulong value)
    {
        if (value != 0)
        {
            Tag(field, WireType.Varint);
            Varint(value);
        }
    }

    public void Bool(int field, bool value) => UInt(field, value ? 1UL : 0);

    public void Double(int field, double value)
    {
        if (BitConverter.DoubleToInt64Bits(value) != 0)
            PresentDouble(field, value);
    }

    public void OptionalDouble(int field, double? value)
    {
        if (value is { } present)
            PresentDouble(field, present);
    }

    public void OptionalInt(int field, long? value)
    {
        if (value is { } present)
        {
            Tag(field, WireType.Varint);
            Varint(unchecked((ulong)present));
        }
    }

    public void Text(int field, string value)
    {
        if (value.Length > 0)
            OptionalText(field, value);
    }

    public void OptionalText(int field, string? value)
    {
        if (value is null)
            return;
        var size = Encoding.UTF8.GetByteCount(value);
        Tag(field, WireType.Delimited);
        Varint((ulong)size);
        Encoding.UTF8.GetBytes(value, Room(size));
    }

    public void Bytes(int field, ReadOnlySpan<byte> value)
    {
        if (value.IsEmpty)
            return;
        Tag(field, WireType.Delimited);
        Varint((ulong)value.Length);
        value.CopyTo(Room(value.Length));
    }

    public void Doubles(int field, ImmutableArray<double> values)
    {
        if (values.IsDefaultOrEmpty)
            return;
        Tag(field, WireType.Delimited);
        Varint((ulong)values.Length * sizeof(double));
        var room = Room(values.Length * sizeof(double));
        foreach (var value in values)
        {
            BinaryPrimitives.WriteDoubleLittleEndian(room, value);
            room = room[sizeof(double)..];
        }
    }

    public void Time(int field, DateTimeOffset value) => Int(field, value.UtcTicks);

    /// <summary>Begins a nested message, or packed varints; what is written until <see cref="End"/> with the returned mark is inside it.</summary>
    public int Begin(int field)
    {
        Tag(field, WireType.Delimited);
        Room(1);
        return length;
    }

    public void End(int mark)
    {
        var size = length - mark;
        var extra = VarintSize((ulong)size) - 1;
        if (extra > 0)
        {
            Room(extra);
            buffer.AsSpan(mark, size).CopyTo(buffer.AsSpan(mark + extra));
        }

        var end = length;
        length = mark - 1;
        Varint((ulong)size);
        length = end;
    }

    public void Varint(ulong value)
    {
        var room = Room(VarintSizeMax);
        var used = 0;
        for (; value >= More; value >>= BitsPerVarintByte)
            room[used++] = (byte)(value | More);
        room[used++] = (byte)value;
        length -= VarintSizeMax - used;
    }

    /// <summary>One byte of a packed field.</summary>
    public void RawByte(byte value) => Room(1)[0] = value;

    private void PresentDouble(int field, double value)
    {
        Tag(field, WireType.Fixed64);
        BinaryPrimitives.WriteDoubleLittleEndian(Room(sizeof(double)), value);
    }

    private void Tag(int field, WireType type) => Varint(((ulong)field << 3) | (ulong)type);

    private Span<byte> Room(int size)
    {
        if (buffer.Length - length < size)
            Array.Resize(ref buffer, checked((int)BitOperations.RoundUpToPowerOf2((uint)(length + size))));
        var room = buffer.AsSpan(length, size);
        length += size;
        return room;
    }

    private static int VarintSize(ulong value) => Math.Max(1, (64 - BitOperations.LeadingZeroCount(value) + BitsPerVarintByte - 1) / BitsPerVarintByte);
}
