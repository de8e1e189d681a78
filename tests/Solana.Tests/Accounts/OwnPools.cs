using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using QTrade.Markets.Venues;

namespace QTrade.Solana.Tests.Accounts;

/// <summary>
/// Pools of every venue, encoded by the layouts that the decoders read, from figures alone: the specs need no files for them. Addresses are
/// numbers, except where a program derives them.
/// </summary>
internal static class OwnPools
{
    public static Address Numbered(int number)
    {
        Span<byte> bytes = stackalloc byte[Address.Size];
        bytes.Fill(7);
        BinaryPrimitives.WriteInt32LittleEndian(bytes, number);
        return new Address(bytes);
    }

    public static OwnAccount Vault(int number, Address mint, ulong amount, byte state = 1) =>
        new(Numbered(number), ProgramIds.Token, new AccountBytes(165).Key(0, mint).U64(64, amount).U8(108, state));

    public static OwnAccount Mint(Address address, byte decimals) =>
        new(address, ProgramIds.Token, new AccountBytes(82).U64(36, 1_000_000).U8(44, decimals).U8(45, 1));

    /// <summary>A Token-2022 mint whose transfers cost one fee before an epoch and another from it on.</summary>
    public static OwnAccount FeeMint(Address address, byte decimals, TransferFee older, ulong epoch, TransferFee newer) =>
        new(address, ProgramIds.Token2022, new AccountBytes(166 + 4 + 108)
            .U64(36, 1_000_000).U8(44, decimals).U8(45, 1).U8(165, 1)
            .U16(166, 1).U16(168, 108)
            .U64(170 + 80, older.Maximum).U16(170 + 88, older.BasisPoints)
            .U64(170 + 90, epoch).U64(170 + 98, newer.Maximum).U16(170 + 106, newer.BasisPoints));

    public static OwnPool AmmV4(ulong coin, ulong pc, ulong pendingCoin = 0, ulong pendingPc = 0, ulong status = 6, int number = 1, ulong openTime = 0) => new(
    [
        new(Numbered(number), ProgramIds.RaydiumAmmV4, new AccountBytes(752)
            .U64(0, status).U64(32, 9).U64(40, 6).U64(176, 25).U64(184, 10_000).U64(192, pendingCoin).U64(200, pendingPc).U64(224, openTime)
            .Key(336, Numbered(number + 1)).Key(368, Numbered(number + 2)).Key(400, Mint0).Key(432, Mint1)),
        Vault(number + 1, Mint0, coin),
        Vault(number + 2, Mint1, pc),
        Mint(Mint0, 9),
        Mint(Mint1, 6),
    ]);

    public static OwnPool Cpmm(
        ulong vault0, ulong vault1, ulong[] owed, bool creator = false, CreatorFeeSide side = CreatorFeeSide.Input, int number = 11) => new(
    [
        new(Numbered(number), ProgramIds.RaydiumCpmm, new AccountBytes(637).Tag(0xf7ede3f5d7c3de46)
            .Key(8, Numbered(number + 3)).Key(72, Numbered(number + 1)).Key(104, Numbered(number + 2)).Key(168, Mint0).Key(200, Mint1)
            .Key(232, ProgramIds.Token).Key(264, ProgramIds.Token).U8(331, 9).U8(332, 6)
            .U64(341, owed[0]).U64(349, owed[1]).U64(357, owed[2]).U64(365, owed[3]).U64(373, 1_600_000_000)
            .U8(389, (byte)side).U8(390, creator ? (byte)1 : (byte)0).U64(397, owed[4]).U64(405, owed[5])),
        Vault(number + 1, Mint0, vault0),
        Vault(number + 2, Mint1, vault1),
        new(Numbered(number + 3), ProgramIds.RaydiumCpmm, new AccountBytes(236).Tag(0xdaf42168cbcb2b6f)
            .U64(12, 2_500).U64(20, 120_000).U64(28, 40_000).U64(108, 500)),
        Mint(Mint0, 9),
        Mint(Mint1, 6),
    ]);

    public static OwnPool TokenSwap(ulong a, ulong b, ulong[] fees, byte curve = 0, int number = 21)
    {
        var pool = new AccountBytes(324).U8(0, 1).U8(1, 1)
            .Key(35, Numbered(number + 1)).Key(67, Numbered(number + 2)).Key(131, Mint0).Key(163, Mint1).U8(291, curve);
        for (var i = 0; i < fees.Length; i++)
            pool.U64(227 + (8 * i), fees[i]);
        return new([new(Numbered(number), ProgramIds.TokenSwap, pool), Vault(number + 1, Mint0, a), Vault(number + 2, Mint1, b), Mint(Mint0, 9), Mint(Mint1, 6)]);
    }

    /// <summary>Every array around the price that a plan names is there, with the ticks that lie in it.</summary>
    public static OwnPool Whirlpool(
        ushort spacing, ushort fee, UInt128 liquidity, UInt128 root, int tick, (int Tick, Int128 Net)[] ticks, bool isDynamic, ushort? tier = null, int number = 31)
    {
        var address = Numbered(number);
        var accounts = new List<OwnAccount>
        {
            new(address, ProgramIds.OrcaWhirlpool, new AccountBytes(653).Tag(0x3f95d10ce1806309)
                .U16(41, spacing).U16(43, tier ?? spacing).U16(45, fee).U128(49, liquidity).U128(65, root).I32(81, tick)
                .Key(101, Mint0).Key(133, Numbered(number + 1)).Key(181, Mint1).Key(213, Numbered(number + 2)).U64(261, 1_680_000_000)),
            Mint(Mint0, 9),
            Mint(Mint1, 6),
        };
        var span = 88 * spacing;
        for (var i = -2; i <= 3; i++)
        {
            var start = ((int)Math.Floor((double)tick / span) + i) * span;
            accounts.Add(new OwnAccount(
                Derived("tick_array", address, ProgramIds.OrcaWhirlpool, Encoding.ASCII.GetBytes(start.ToString(CultureInfo.InvariantCulture))),
                ProgramIds.OrcaWhirlpool,
                isDynamic ? DynamicArray(address, start, spacing, ticks) : FixedArray(address, start, spacing, ticks)));
        }

        return new([.. accounts]);
    }

    public static byte[] FixedArray(Address pool, int start, int spacing, (int Tick, Int128 Net)[] ticks)
    {
        var array = new AccountBytes(9988).Tag(0x4561bdbe6e0742bb).I32(8, start).Key(9956, pool);
        foreach (var (slot, net) in Inside(start, 88, spacing, ticks))
            array.U8(12 + (113 * slot), 1).I128(13 + (113 * slot), net).U128(29 + (113 * slot), Gross(net));
        return array;
    }

    /// <summary>113 bytes for an initialised tick, one for another; 16 bytes of bitmap tell which.</summary>
    public static byte[] DynamicArray(Address pool, int start, int spacing, (int Tick, Int128 Net)[] ticks)
    {
        var inside = Inside(start, 88, spacing, ticks).ToDictionary(entry => entry.Slot, entry => entry.Net);
        var array = new AccountBytes(60 + 88 + (112 * inside.Count)).Tag(0x11d8f68ee1c7da38).I32(8, start).Key(12, pool);
        var at = 60;
        for (var slot = 0; slot < 88; slot++)
        {
            if (!inside.TryGetValue(slot, out var net))
            {
                at++;
                continue;
            }

            array.Bit(44, slot).U8(at, 1).I128(at + 1, net).U128(at + 17, Gross(net));
            at += 113;
        }

        return array;
    }

    /// <summary>Arrays of the ticks, marked in the pool's bitmap or, beyond 512 arrays, in the extension.</summary>
    public static OwnPool Clmm(
        ushort spacing, uint rate, UInt128 liquidity, UInt128 root, int tick, (int Tick, Int128 Net)[] ticks, bool hasExtension = false, int number = 41)
    {
        var address = Numbered(number);
        var pool = new AccountBytes(1544).Tag(0xf7ede3f5d7c3de46)
            .Key(9, Numbered(number + 3)).Key(73, Mint0).Key(105, Mint1).Key(137, Numbered(number + 1)).Key(169, Numbered(number + 2))
            .U8(233, 9).U8(234, 6).U16(235, spacing).U128(237, liquidity).U128(253, root).I32(269, tick).U64(1080, 1_700_000_000);
        var extension = new AccountBytes(40 + (2 * 14 * 64)).Tag(0x3c9624db61808b99).Key(8, address);
        var accounts = new List<OwnAccount>
        {
            new(address, ProgramIds.RaydiumClmm, pool),
            new(Numbered(number + 3), ProgramIds.RaydiumClmm, new AccountBytes(117).Tag(0xdaf42168cbcb2b6f).U32(43, 120_000).U32(47, rate).U16(51, spacing)),
            Mint(Mint0, 9),
            Mint(Mint1, 6),
        };
        if (hasExtension)
            accounts.Add(new OwnAccount(Derived("pool_tick_array_bitmap_extension", address, ProgramIds.RaydiumClmm, []), ProgramIds.RaydiumClmm, extension));
        var span = 60 * spacing;
        var indices = ticks.Select(entry => (int)Math.Floor((double)entry.Tick / span)).Append((int)Math.Floor((double)tick / span));
        foreach (var index in indices.Distinct())
        {
            MarkClmm(pool, extension, index);
            var array = new AccountBytes(10_240).Tag(0xc09b55cd31f9812a).Key(8, address).I32(40, index * span);
            foreach (var (slot, net) in Inside(index * span, 60, spacing, ticks))
            {
                var at = 44 + (168 * slot);
                array.I32(at, (index * span) + (slot * spacing)).I128(at + 4, net).U128(at + 20, Gross(net));
            }

            var start = new byte[4];
            BinaryPrimitives.WriteInt32BigEndian(start, index * span);
            accounts.Add(new OwnAccount(Derived("tick_array", address, ProgramIds.RaydiumClmm, start), ProgramIds.RaydiumClmm, array));
        }

        return new([.. accounts]);
    }

    public static OwnPool DammV2(
        UInt128 root, UInt128 low, UInt128 high, UInt128 liquidity, ulong cliff, bool onlyB = false, OwnAccount? mintB = null, int number = 51) => new(
    [
        new(Numbered(number), ProgramIds.MeteoraDammV2, new AccountBytes(1112).Tag(0xf19a6d0411b16dbc)
            .U64(8, cliff).Key(168, Mint0).Key(200, Mint1).U128(360, liquidity).U128(424, low).U128(440, high).U128(456, root)
            .U64(472, 1_754_985_927).U8(480, 1).U8(483, mintB is null ? (byte)0 : (byte)1).U8(484, onlyB ? (byte)1 : (byte)0)),
        Mint(Mint0, 6),
        mintB ?? Mint(Mint1, 9),
    ]);

    /// <summary>Bins of two tokens; their prices are left to the program, 0.</summary>
    public static OwnPool Dlmm(
        int active, ushort step, ushort factor, byte power, (int Id, ulong X, ulong Y)[] bins, OwnAccount? mintX = null, uint control = 0, byte feeMode = 0, int number = 61)
    {
        var address = Numbered(number);
        var pair = new AccountBytes(904).Tag(0x210b3162b565b10d)
            .U16(8, factor).U16(10, 30).U16(12, 600).U16(14, 5_000).U32(16, control).U32(20, 350_000).U8(34, power).U8(36, feeMode)
            .I32(76, active).U16(80, step).Key(88, Mint0).Key(120, Mint1).Key(152, Numbered(number + 1)).Key(184, Numbered(number + 2))
            .U8(880, mintX is null ? (byte)0 : (byte)1);
        var accounts = new List<OwnAccount>
        {
            new(address, ProgramIds.MeteoraDlmm, pair),
            Vault(number + 1, Mint0, bins.Aggregate(0UL, (sum, bin) => sum + bin.X)),
            Vault(number + 2, Mint1, bins.Aggregate(0UL, (sum, bin) => sum + bin.Y)),
            mintX ?? Mint(Mint0, 6),
            Mint(Mint1, 9),
        };
        var groups = bins.GroupBy(bin => (int)Math.Floor(bin.Id / 70.0)).ToArray();
        var extension = new AccountBytes(40 + (2 * 12 * 64)).Tag(0x506f7c7137ed1205).Key(8, address);
        if (groups.Any(group => group.Key is < -512 or > 511))
            accounts.Add(new OwnAccount(Derived("bitmap", address, ProgramIds.MeteoraDlmm, []), ProgramIds.MeteoraDlmm, extension));
        foreach (var group in groups)
        {
            MarkDlmm(pair, extension, group.Key);
            var array = new AccountBytes(10_136).Tag(0x5c8e5cdc059446b5).I64(8, group.Key).Key(24, address);
            foreach (var (id, x, y) in group)
                array.U64(56 + (144 * (id - (70 * group.Key))), x).U64(64 + (144 * (id - (70 * group.Key))), y);
            var index = new byte[8];
            BinaryPrimitives.WriteInt64LittleEndian(index, group.Key);
            accounts.Add(new OwnAccount(Derived("bin_array", address, ProgramIds.MeteoraDlmm, index), ProgramIds.MeteoraDlmm, array));
        }

        return new([.. accounts]);
    }

    public static Address Mint0 { get; } = Numbered(1_000_000);

    public static Address Mint1 { get; } = Numbered(1_000_001);

    public static Address Derived(string seed, Address pool, Address program, byte[] last)
    {
        var bytes = new byte[Address.Size];
        pool.WriteTo(bytes);
        return ProgramAddresses.Find([.. Encoding.ASCII.GetBytes(seed), .. bytes, .. last], program);
    }

    // Bit start/span + 512 in the pool; beyond, rows of 512 bits, 14 for the positive side, then 14 for the negative one, as its program writes them.
    private static void MarkClmm(AccountBytes pool, AccountBytes extension, int index)
    {
        if (index is >= -512 and < 512)
            pool.Bit(904, index + 512);
        else if (index >= 0)
            extension.Bit(40 + (64 * ((index / 512) - 1)), index % 512);
        else
            extension.Bit(40 + (64 * (14 + ((-(index + 1) / 512) - 1))), 511 - (-(index + 1) % 512));
    }

    // Likewise with 12 rows; those of the negative side count away from the middle.
    private static void MarkDlmm(AccountBytes pair, AccountBytes extension, int index)
    {
        if (index is >= -512 and < 512)
            pair.Bit(584, index + 512);
        else if (index >= 0)
            extension.Bit(40 + (64 * ((index / 512) - 1)), index % 512);
        else
            extension.Bit(40 + (64 * (12 + ((-(index + 1) / 512) - 1))), -(index + 1) % 512);
    }

    private static UInt128 Gross(Int128 net) => net < 0 ? (UInt128)(-(net + 1)) + 1 : (UInt128)net;

    private static IEnumerable<(int Slot, Int128 Net)> Inside(int start, int count, int spacing, (int Tick, Int128 Net)[] ticks) =>
        ticks.Where(entry => entry.Tick >= start && entry.Tick < start + (count * spacing)).Select(entry => ((entry.Tick - start) / spacing, entry.Net));
}
