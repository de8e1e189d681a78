using System.Collections.Immutable;

namespace QTrade.Messages.Wire;

/// <summary>A position vector as two fields of packed varints: the slots, and the write versions.</summary>
internal static class Positions
{
    public static void Write(ProtoWriter writer, int slotsField, int writeVersionsField, in PositionVector at)
    {
        if (at.Count == 0)
            return;
        var slots = writer.Begin(slotsField);
        for (var account = 0; account < at.Count; account++)
            writer.Varint(at[account].Slot);
        writer.End(slots);
        var versions = writer.Begin(writeVersionsField);
        for (var account = 0; account < at.Count; account++)
            writer.Varint(at[account].WriteVersion);
        writer.End(versions);
    }

    /// <summary>Makes the vector of its two packed fields; of different lengths they are a fault.</summary>
    public static PositionVector Read(ref ProtoReader reader, ReadOnlySpan<byte> slots, ReadOnlySpan<byte> writeVersions)
    {
        var slotsReader = new ProtoReader(slots);
        var versionsReader = new ProtoReader(writeVersions);
        if (!Next(ref slotsReader, ref versionsReader, out var first))
        {
            CheckEnds(ref reader, slotsReader, versionsReader);
            return default;
        }

        if (!Next(ref slotsReader, ref versionsReader, out var second))
        {
            CheckEnds(ref reader, slotsReader, versionsReader);
            return new PositionVector(first);
        }

        var accounts = ImmutableArray.CreateBuilder<ChainPosition>();
        accounts.Add(first);
        accounts.Add(second);
        while (Next(ref slotsReader, ref versionsReader, out var next))
            accounts.Add(next);
        CheckEnds(ref reader, slotsReader, versionsReader);
        return new PositionVector(accounts.DrainToImmutable().AsSpan());
    }

    private static bool Next(ref ProtoReader slots, ref ProtoReader versions, out ChainPosition position)
    {
        position = default;
        bool hasSlot = slots.NextPacked(out var slot), hasVersion = versions.NextPacked(out var version);
        if (hasSlot != hasVersion)
            slots.Fail();
        position = new ChainPosition(slot, version);
        return hasSlot && hasVersion;
    }

    private static void CheckEnds(ref ProtoReader reader, in ProtoReader slots, in ProtoReader versions)
    {
        if (slots.Faulty || versions.Faulty)
            reader.Fail();
    }
}
