using System.Buffers.Binary;

namespace QTrade.Solana;

/// <summary>The address of an account: 32 bytes, written in base58. Compared byte by byte.</summary>
public readonly record struct Address : IComparable<Address>
{
    /// <summary>Bytes of an address.</summary>
    public const int Size = 32;

    private readonly ulong _a;
    private readonly ulong _b;
    private readonly ulong _c;
    private readonly ulong _d;

    /// <summary>An address from its 32 bytes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer bytes.</exception>
    public Address(ReadOnlySpan<byte> bytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bytes.Length, Size);
        _a = BinaryPrimitives.ReadUInt64BigEndian(bytes);
        _b = BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]);
        _c = BinaryPrimitives.ReadUInt64BigEndian(bytes[16..]);
        _d = BinaryPrimitives.ReadUInt64BigEndian(bytes[24..]);
    }

    /// <summary>All zeros: the system program, and "none" in many accounts.</summary>
    public static Address Zero => default;

    /// <summary>Reads an address from base58.</summary>
    /// <exception cref="FormatException">It is not base58 of 32 bytes.</exception>
    public static Address Parse(string text) =>
        TryParse(text, out var address) ? address : throw new FormatException($"'{text}' is not an address: base58 of 32 bytes is needed");

    /// <summary>Reads an address from base58; false where it is not base58 of 32 bytes.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out Address address)
    {
        Span<byte> bytes = stackalloc byte[Size];
        var read = Base58.TryDecode(text, bytes);
        address = read ? new Address(bytes) : default;
        return read;
    }

    /// <summary>Writes the 32 bytes.</summary>
    public void WriteTo(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt64BigEndian(bytes, _a);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], _b);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[16..], _c);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[24..], _d);
    }

    /// <inheritdoc/>
    public int CompareTo(Address other) =>
        _a != other._a ? _a.CompareTo(other._a)
        : _b != other._b ? _b.CompareTo(other._b)
        : _c != other._c ? _c.CompareTo(other._c)
        : _d.CompareTo(other._d);

    /// <summary>The address in base58.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Size];
        WriteTo(bytes);
        return Base58.Encode(bytes);
    }

    public static bool operator <(Address left, Address right) => left.CompareTo(right) < 0;

    public static bool operator <=(Address left, Address right) => left.CompareTo(right) <= 0;

    public static bool operator >(Address left, Address right) => left.CompareTo(right) > 0;

    public static bool operator >=(Address left, Address right) => left.CompareTo(right) >= 0;
}
