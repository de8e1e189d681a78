using System.Collections.Concurrent;
using System.Numerics;
using System.Security.Cryptography;

namespace QTrade.Solana;

/// <summary>
/// Program-derived addresses: sha256(seeds, bump, program, "ProgramDerivedAddress") with the highest bump whose digest is no point of the
/// ed25519 curve, so that nobody holds a key to it.
/// </summary>
public static class ProgramAddresses
{
    /// <summary>Most bytes of all seeds together.</summary>
    public const int SeedBytesMax = 96;

    // Derived addresses are pure facts; once so many are known, all are forgotten.
    private const int RememberedMax = 1 << 16;

    private static readonly BigInteger P = BigInteger.Pow(2, 255) - 19;
    private static readonly BigInteger D = BigInteger.Parse("37095705934669439343138083508754565189542113879843219016388785533085940283555");
    private static readonly ConcurrentDictionary<(Address Program, Address Pool, ulong Tag, long Index), Address> Remembered = new();

    /// <summary>Derives the address of seeds, which are given one behind the other.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The seeds pass <see cref="SeedBytesMax"/>.</exception>
    public static Address Find(ReadOnlySpan<byte> seeds, in Address program) => Find(seeds, program, out _);

    /// <summary>Derives the address of seeds, which are given one behind the other, and its bump.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The seeds pass <see cref="SeedBytesMax"/>.</exception>
    public static Address Find(ReadOnlySpan<byte> seeds, in Address program, out byte bump)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(seeds.Length, SeedBytesMax);
        var marker = "ProgramDerivedAddress"u8;
        Span<byte> text = stackalloc byte[SeedBytesMax + 1 + Address.Size + marker.Length];
        seeds.CopyTo(text);
        program.WriteTo(text[(seeds.Length + 1)..]);
        marker.CopyTo(text[(seeds.Length + 1 + Address.Size)..]);
        text = text[..(seeds.Length + 1 + Address.Size + marker.Length)];
        Span<byte> digest = stackalloc byte[Address.Size];
        for (bump = byte.MaxValue; bump > 0; bump--)
        {
            text[seeds.Length] = bump;
            SHA256.HashData(text, digest);
            if (!IsOnCurve(digest))
                break;
        }

        return new Address(digest);
    }

    /// <summary>Whether 32 bytes are a point of ed25519: x^2 = (y^2 - 1) / (d y^2 + 1) has a root, by Euler's criterion on the product of both.</summary>
    public static bool IsOnCurve(ReadOnlySpan<byte> bytes)
    {
        Span<byte> y = stackalloc byte[Address.Size];
        bytes[..Address.Size].CopyTo(y);
        y[^1] &= 0x7f;
        var square = BigInteger.ModPow(new BigInteger(y, isUnsigned: true), 2, P);
        var u = (square - 1 + P) % P;
        var v = (D * square + 1) % P;
        return u.IsZero || BigInteger.ModPow(u * v % P, (P - 1) / 2, P).IsOne;
    }

    /// <summary>An address that is derived from a word, a pool and a number, remembered.</summary>
    internal static Address Of(ReadOnlySpan<byte> word, in Address pool, in Address program, long index, ReadOnlySpan<byte> number)
    {
        var tag = 14_695_981_039_346_656_037UL;
        foreach (var letter in word)
            tag = (tag ^ letter) * 1_099_511_628_211UL;
        var key = (program, pool, tag, index);
        if (Remembered.TryGetValue(key, out var known))
            return known;
        Span<byte> seeds = stackalloc byte[SeedBytesMax];
        word.CopyTo(seeds);
        pool.WriteTo(seeds[word.Length..]);
        number.CopyTo(seeds[(word.Length + Address.Size)..]);
        var address = Find(seeds[..(word.Length + Address.Size + number.Length)], program);
        if (Remembered.Count >= RememberedMax)
            Remembered.Clear();
        Remembered[key] = address;
        return address;
    }
}
