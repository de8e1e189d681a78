using System.Collections.Immutable;

namespace QTrade.Solana.Rpc;

/// <summary>How the pools of a venue are found among its program's accounts: by their length and their first bytes.</summary>
public static class PoolQueries
{
    /// <summary>Venues whose pools can be found and quoted.</summary>
    public static ImmutableArray<Venue> Venues { get; } =
    [
        Venue.RaydiumAmmV4, Venue.RaydiumCpmm, Venue.RaydiumClmm, Venue.OrcaWhirlpool, Venue.MeteoraDlmm, Venue.MeteoraDammV2, Venue.TokenSwap,
    ];

    /// <summary>The queries that find a venue's pools; none for a venue that is not quoted.</summary>
    public static ImmutableArray<ProgramQuery> Of(Venue venue) => venue switch
    {
        Venue.RaydiumAmmV4 => [new ProgramQuery(ProgramIds.RaydiumAmmV4, 752, [])],
        Venue.RaydiumCpmm => [new ProgramQuery(ProgramIds.RaydiumCpmm, 637, Tag(0xf7ede3f5d7c3de46))],
        Venue.RaydiumClmm => [new ProgramQuery(ProgramIds.RaydiumClmm, 1544, Tag(0xf7ede3f5d7c3de46))],
        Venue.OrcaWhirlpool => [new ProgramQuery(ProgramIds.OrcaWhirlpool, 653, Tag(0x3f95d10ce1806309))],
        Venue.MeteoraDlmm => [new ProgramQuery(ProgramIds.MeteoraDlmm, 904, Tag(0x210b3162b565b10d))],
        Venue.MeteoraDammV2 => [new ProgramQuery(ProgramIds.MeteoraDammV2, 1112, Tag(0xf19a6d0411b16dbc))],
        Venue.TokenSwap => [new ProgramQuery(ProgramIds.TokenSwap, 324, []), new ProgramQuery(ProgramIds.OrcaTokenSwap, 324, [])],
        _ => [],
    };

    // The tags are written as the bytes stand in the account.
    private static ImmutableArray<(int Offset, ImmutableArray<byte> Bytes)> Tag(ulong bytes)
    {
        var tag = new byte[sizeof(ulong)];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(tag, bytes);
        return [(0, [.. tag])];
    }
}
