using System.Buffers.Binary;
using System.Numerics;

namespace QTrade.Node.Journal;

/// <summary>CRC-32C (Castagnoli) over everything a row says, so that a byte that changed on the disk does not pass for a fact.</summary>
internal static class EventChecksum
{
    public static uint OfEvent(long ordinal, long entity, long sequence, long back, long manifest, long time, ReadOnlySpan<byte> payload)
    {
        uint crc = uint.MaxValue;
        crc = BitOperations.Crc32C(crc, (ulong)ordinal);
        crc = BitOperations.Crc32C(crc, (ulong)entity);
        crc = BitOperations.Crc32C(crc, (ulong)sequence);
        crc = BitOperations.Crc32C(crc, (ulong)back);
        crc = BitOperations.Crc32C(crc, (ulong)manifest);
        crc = BitOperations.Crc32C(crc, (ulong)time);
        return Over(crc, payload);
    }

    public static uint OfSnapshot(long entity, long sequence, long manifest, ReadOnlySpan<byte> state)
    {
        uint crc = uint.MaxValue;
        crc = BitOperations.Crc32C(crc, (ulong)entity);
        crc = BitOperations.Crc32C(crc, (ulong)sequence);
        crc = BitOperations.Crc32C(crc, (ulong)manifest);
        return Over(crc, state);
    }

    /// <summary>A number for a name, the same on every machine.</summary>
    public static uint OfText(string text) => Over(uint.MaxValue, System.Text.Encoding.UTF8.GetBytes(text));

    private static uint Over(uint crc, ReadOnlySpan<byte> bytes)
    {
        crc = BitOperations.Crc32C(crc, (uint)bytes.Length);
        while (bytes.Length >= sizeof(ulong))
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[sizeof(ulong)..];
        }
        foreach (byte b in bytes) crc = BitOperations.Crc32C(crc, b);
        return ~crc;
    }
}
