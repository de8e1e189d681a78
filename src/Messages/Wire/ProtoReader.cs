using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text;
using System.Text.Unicode;

namespace QTrade.Messages.Wire;

/// <summary>
/// Reads protobuf out of any bytes. The first fault makes the reader <see cref="Faulty"/> and ends it; nothing throws. A field that
/// nobody asks for is passed over by the next <see cref="Next"/>.
/// </summary>
internal ref struct ProtoReader(ReadOnlySpan<byte> bytes)
{
    private const int VarintBits = 64;
    private const int BitsPerVarintByte = 7;
    private const int FieldShift = 3;
    private const int TypeMask = 7;

    private ReadOnlySpan<byte> rest = bytes;
    private WireType type;
    private bool pending;

    /// <summary>Whether the bytes turned out not to be such a message.</summary>
    public bool Faulty { get; private set; }

    /// <summary>Number of the present field.</summary>
    public int Field { get; private set; }

    /// <summary>Goes on to the next field; false at the end and after a fault.</summary>
    public bool Next()
    {
        if (pending)
            Skip();
        if (Faulty || rest.IsEmpty)
            return false;
        var tag = RawVarint();
        var field = tag >> FieldShift;
        if (Faulty || field is 0 or > int.MaxValue)
            return Fail();
        Field = (int)field;
        type = (WireType)(tag & TypeMask);
        pending = true;
        return true;
    }

    public ulong UInt()
    {
        if (!Take(WireType.Varint))
            return 0;
        return RawVarint();
    }

    public long Int() => unchecked((long)UInt());

    public int Int32()
    {
        var value = Int();
        if (value is >= int.MinValue and <= int.MaxValue)
            return (int)value;
        Fail();
        return 0;
    }

    public double Double()
    {
        if (!Take(WireType.Fixed64) || !Need(sizeof(double)))
            return 0;
        var value = BinaryPrimitives.ReadDoubleLittleEndian(rest);
        rest = rest[sizeof(double)..];
        return value;
    }

    public ReadOnlySpan<byte> Bytes() => Take(WireType.Delimited) ? RawBytes() : default;

    public string Text()
    {
        var text = Bytes();
        if (text.IsEmpty)
            return "";
        if (Utf8.IsValid(text))
            return Encoding.UTF8.GetString(text);
        Fail();
        return "";
    }

    public DateTimeOffset Time()
    {
        var ticks = Int();
        if (ticks >= 0 && ticks <= DateTimeOffset.MaxValue.UtcTicks)
            return new DateTimeOffset(ticks, TimeSpan.Zero);
        Fail();
        return default;
    }

    /// <summary>Numbers packed into one field. Written once per message by our writer; a repeated field replaces the one before.</summary>
    public ImmutableArray<double> Doubles()
    {
        var packed = Bytes();
        if (packed.Length % sizeof(double) != 0)
        {
            Fail();
            return [];
        }

        var values = ImmutableArray.CreateBuilder<double>(packed.Length / sizeof(double));
        for (; !packed.IsEmpty; packed = packed[sizeof(double)..])
            values.Add(BinaryPrimitives.ReadDoubleLittleEndian(packed));
        return values.MoveToImmutable();
    }

    /// <summary>The next of varints packed into this reader's bytes; false at their end.</summary>
    public bool NextPacked(out ulong value)
    {
        value = 0;
        if (Faulty || rest.IsEmpty)
            return false;
        value = RawVarint();
        return !Faulty;
    }

    /// <summary>The next of this reader's bytes; false, and the reader faulty, at their end.</summary>
    public bool NextByte(out byte value)
    {
        value = 0;
        if (Faulty || rest.IsEmpty)
            return Fail();
        value = rest[0];
        rest = rest[1..];
        return true;
    }

    /// <summary>Marks the bytes as no such message.</summary>
    /// <returns>Always false.</returns>
    public bool Fail()
    {
        Faulty = true;
        rest = default;
        return false;
    }

    private bool Take(WireType expected)
    {
        pending = false;
        return !Faulty && (type == expected || Fail());
    }

    private void Skip()
    {
        pending = false;
        switch (type)
        {
            case WireType.Varint:
                RawVarint();
                break;
            case WireType.Fixed64:
                if (Need(sizeof(ulong)))
                    rest = rest[sizeof(ulong)..];
                break;
            case WireType.Fixed32:
                if (Need(sizeof(uint)))
                    rest = rest[sizeof(uint)..];
                break;
            case WireType.Delimited:
                RawBytes();
                break;
            default:
                Fail();
                break;
        }
    }

    private ReadOnlySpan<byte> RawBytes()
    {
        var size = RawVarint();
        if (Faulty || size > (ulong)rest.Length)
        {
            Fail();
            return default;
        }

        var taken = rest[..(int)size];
        rest = rest[(int)size..];
        return taken;
    }

    private ulong RawVarint()
    {
        ulong value = 0;
        var used = 0;
        for (var shift = 0; shift < VarintBits && used < rest.Length; shift += BitsPerVarintByte)
        {
            var part = rest[used++];
            value |= (ulong)(part & 0x7f) << shift;
            if (part < 0x80)
            {
                rest = rest[used..];
                return value;
            }
        }

        Fail();
        return 0;
    }

    private bool Need(int size) => rest.Length >= size || Fail();
}
