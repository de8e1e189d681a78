using QTrade.Markets.Venues;
using QTrade.Solana.Orca;
using QTrade.Solana.Tests.Accounts;

namespace QTrade.Solana.Tests;

/// <summary>Tick arrays of changing length, and bitmaps beyond the pool's own.</summary>
public sealed class TickArraySpecs
{
    private const int Spacing = 8;
    private static readonly Address Pool = OwnPools.Numbered(5);
    private static readonly (int Tick, Int128 Net)[] Ticks = [(-704, Int128.MinValue), (-696, 1), (-352, -7), (-16, Int128.MaxValue), (-8, 5)];

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(5)]
    public void A_dynamic_array_tells_the_ticks_of_the_fixed_one(int count)
    {
        var (fixedTicks, dynamicTicks) = (new TickLiquidity[88], new TickLiquidity[88]);
        var some = Ticks[..count];
        Assert.Equal(PoolRefusal.None, WhirlpoolTickArray.TryRead(OwnPools.FixedArray(Pool, -704, Spacing, some), Spacing, fixedTicks, out var whole));
        Assert.Equal(PoolRefusal.None, WhirlpoolTickArray.TryRead(OwnPools.DynamicArray(Pool, -704, Spacing, some), Spacing, dynamicTicks, out var packed));
        Assert.Equal((-704, Pool, count), (packed.Start, packed.Pool, packed.Count));
        Assert.Equal((whole.Start, whole.Pool, whole.Count), (packed.Start, packed.Pool, packed.Count));
        Assert.Equal(some.Select(tick => new TickLiquidity(tick.Tick, tick.Net)), dynamicTicks[..count]);
        Assert.Equal(fixedTicks, dynamicTicks);
    }

    [Fact]
    public void A_full_dynamic_array_is_read()
    {
        (int, Int128)[] all = [.. Enumerable.Range(0, 88).Select(slot => (-704 + (slot * Spacing), (Int128)slot))];
        var bytes = OwnPools.DynamicArray(Pool, -704, Spacing, all);
        Assert.Equal(60 + (88 * 113), bytes.Length);
        Assert.Equal(PoolRefusal.None, WhirlpoolTickArray.TryRead(bytes, Spacing, new TickLiquidity[88], out var array));
        Assert.Equal(88, array.Count);
    }

    [Fact]
    public void A_dynamic_array_that_contradicts_its_bitmap_or_ends_early_is_refused()
    {
        var sound = OwnPools.DynamicArray(Pool, -704, Spacing, Ticks);
        var room = new TickLiquidity[88];
        for (var length = 0; length < sound.Length; length++)
            Assert.NotEqual(PoolRefusal.None, WhirlpoolTickArray.TryRead(sound.AsSpan(0, length), Spacing, room, out _));
        for (var bit = 0; bit < 128; bit++)
        {
            byte[] flipped = [.. sound];
            flipped[44 + (bit / 8)] ^= (byte)(1 << (bit % 8));
            Assert.NotEqual(PoolRefusal.None, WhirlpoolTickArray.TryRead(flipped, Spacing, room, out _));
        }
    }

    [Theory]
    [InlineData(31_000)]
    [InlineData(-31_000)]
    [InlineData(430_000)]
    [InlineData(-430_000)]
    public void Raydium_arrays_beyond_the_pools_own_bitmap_are_found_in_the_extension(int tick)
    {
        var root = RaydiumTicks.SqrtPriceAt(tick);
        (int, Int128)[] ticks = [(tick - 200, 90_000_000_000), (tick - 5, 10_000_000_000), (tick + 3, -10_000_000_000), (tick + 150, -90_000_000_000)];
        var own = OwnPools.Clmm(1, 200, 100_000_000_000, root, tick, ticks, hasExtension: true);
        var state = Assert.IsType<RaydiumClmmState>(own.Assembled().State);
        Assert.Equal(4, state.Ticks.Count);
        foreach (var zeroForOne in new[] { true, false })
        {
            // As far as there is liquidity: the last of its ticks, and an amount past it is refused.
            // At the ends of the prices one token is worth nothing in the other.
            Assert.True(Crosses(state, zeroForOne, AmountTo(state, zeroForOne)));
            Assert.NotEqual(VenueRefusal.None, state.ExactIn(zeroForOne, ulong.MaxValue, out _));
        }

        // Another pool's extension is not believed, so that nothing is known of these arrays.
        var extension = Enumerable.Range(0, own.Accounts.Length).Single(index => own.Accounts[index].Data.Length == 1_832);
        byte[] foreign = [.. own.Accounts[extension].Data];
        foreign[8] ^= 1;
        Assert.Equal(0, Known(own.With(extension, foreign)));
        Assert.Equal(0, Known(own.With(extension, own.Accounts[extension].Data, ProgramIds.TokenSwap)));
    }

    [Theory]
    [InlineData(false, true, true)]
    [InlineData(true, true, true)]
    [InlineData(false, true, false)]
    [InlineData(true, false, true)]
    public void Raydium_liquidity_without_a_tick_on_one_side_is_refused_and_not_taken_for_endless(bool hasExtension, bool noneBelow, bool noneAbove)
    {
        (int Tick, Int128 Net)[] ticks = [(-300, 90_000_000_000), (300, -90_000_000_000)];
        ticks = [.. ticks.Where(tick => tick.Tick < 0 ? !noneBelow : !noneAbove)];
        var own = OwnPools.Clmm(1, 200, 90_000_000_000, UInt128.One << 64, 0, ticks, hasExtension);
        var fault = own.Assemble(out _);
        Assert.Equal((PoolRefusal.Malformed, own.Accounts[0].Address), (fault.Refusal, fault.About));
        Assert.Contains("no initialised tick on one side", fault.Detail, StringComparison.Ordinal);

        // The same where the bitmap says that there is no array at all.
        byte[] unmarked = [.. own.Accounts[0].Data];
        unmarked.AsSpan(904, 128).Clear();
        Assert.Equal(PoolRefusal.Malformed, own.With(0, unmarked).Assemble(out _).Refusal);

        // Without liquidity at the price there is nothing to bound.
        byte[] empty = [.. unmarked];
        empty.AsSpan(237, 16).Clear();
        Assert.Equal(PoolRefusal.None, own.With(0, empty).Assemble(out var rests).Refusal);
        Assert.Equal(UInt128.Zero, ((RaydiumClmmState)rests!.State).Liquidity);
    }

    /// <summary>Nothing is quoted over a stretch that no account tells of: what part of the accounts quotes, all of them quote.</summary>
    [Theory]
    [InlineData("clmm", 0)]
    [InlineData("clmm", 31_000)]
    [InlineData("clmm", -31_000)]
    [InlineData("clmm", 430_000)]
    [InlineData("dlmm", 0)]
    [InlineData("dlmm", 35_900)]
    [InlineData("dlmm", -35_900)]
    [InlineData("whirlpool", 0)]
    [InlineData("whirlpool", 30_000)]
    public void What_is_quoted_without_some_of_the_accounts_is_what_all_of_them_quote(string venue, int at)
    {
        var own = Gapped(venue, at);
        var whole = own.Assembled().State;
        for (var without = 1; without < own.Accounts.Length; without++)
        {
            var some = new SomeAccounts(own.Dump(), own.Accounts[without].Address);
            Assert.Equal(AccountPresence.Present, some.TryGet(own.Address, out var pool));
            if (!SolanaPools.Assemble(pool, some, OwnPool.Clock, out var assembled, mintsMayBeUnknown: true).IsNone)
                continue;
            foreach (var zeroForOne in new[] { true, false })
            {
                for (ulong amount = 1; amount < 1UL << 62; amount *= 2)
                {
                    if (assembled!.State.ExactIn(zeroForOne, amount, out var fill) != VenueRefusal.None)
                        continue;
                    Assert.Equal(VenueRefusal.None, whole.ExactIn(zeroForOne, amount, out var right));
                    Assert.Equal((right.AmountIn, right.AmountOut), (fill.AmountIn, fill.AmountOut));
                }
            }
        }
    }

    /// <summary>Beyond what its own bitmap tells of, a pool is quoted only with the extension, as its program trades it only with that.</summary>
    [Theory]
    [InlineData("clmm", 31_000)]
    [InlineData("clmm", -31_000)]
    [InlineData("dlmm", 35_900)]
    [InlineData("dlmm", -35_900)]
    public void A_price_beyond_the_known_bitmaps_is_refused(string venue, int at)
    {
        var own = Gapped(venue, at);
        var extension = Assert.Single(own.Accounts, account => account.Data.Length is 1_832 or 1_576);
        var some = new SomeAccounts(own.Dump(), extension.Address);
        Assert.Equal(AccountPresence.Present, some.TryGet(own.Address, out var pool));
        var fault = SolanaPools.Assemble(pool, some, OwnPool.Clock, out _);
        Assert.Equal((PoolRefusal.MissingAccount, extension.Address), (fault.Refusal, fault.About));
        Assert.Equal(PoolRefusal.MissingAccount, new OwnPool(own.Accounts.Remove(extension)).Assemble(out _).Refusal);
    }

    // Liquidity at the price and far off on both sides, in arrays of their own; those of the far sides are within the pool's own bitmap where the price is not.
    private static OwnPool Gapped(string venue, int at)
    {
        const long Much = 50_000_000_000;
        switch (venue)
        {
            case "clmm":
                (int, Int128)[] ticks = [(-30_000, Much), (-29_900, -Much), (at - 200, Much), (at - 20, Much), (at + 10, -Much), (at + 200, -Much), (30_100, Much), (30_200, -Much)];
                return OwnPools.Clmm(1, 200, 2 * Much, RaydiumTicks.SqrtPriceAt(at), at, [.. ticks.OrderBy(tick => tick.Item1)], hasExtension: true);
            case "dlmm":
                (int, ulong, ulong)[] bins =
                [
                    (-30_000, 0, Much), (at - 200, 0, Much), (at - 1, 0, Much), (at, Much, Much), (at + 1, Much, 0), (at + 200, Much, 0), (at >= 0 ? at + 500 : 30_000, Much, 0),
                ];
                return OwnPools.Dlmm(at, 1, 10_000, 0, [.. bins.OrderBy(bin => bin.Item1)]);
            default:
                (int, Int128)[] lines = [(at - 1_024, Much), (at - 64, Much), (at + 64, -Much), (at + 1_024, -Much)];
                return OwnPools.Whirlpool(8, 500, 2 * (UInt128)Much, OrcaTicks.SqrtPriceAt(at), at, [.. lines.Select(line => (line.Item1 / 8 * 8, line.Item2))], isDynamic: false);
        }
    }

    /// <summary>All accounts of a dump but one, of which nobody knows whether it is there.</summary>
    private sealed class SomeAccounts(IAccountSource all, Address without) : IAccountSource
    {
        public AccountPresence TryGet(scoped in Address address, out AccountView account)
        {
            account = default;
            return address == without ? AccountPresence.Unknown : all.TryGet(address, out account);
        }
    }

    /// <summary>Bitmaps tell of many more arrays than there are ticks; with wide spacing the first tick of one passes 32 bits.</summary>
    [Theory]
    [InlineData(600)]
    [InlineData(-600)]
    [InlineData(7_679)]
    [InlineData(-7_680)]
    [InlineData(3)]
    [InlineData(-3)]
    public void A_tick_array_beyond_the_last_tick_is_malformed(int index)
    {
        const ushort Wide = ushort.MaxValue;
        var own = OwnPools.Clmm(Wide, 200, 90_000, UInt128.One << 64, 0, [(-Wide, 90_000), (Wide, -90_000)], hasExtension: true);
        Assert.Equal(PoolRefusal.None, own.Assemble(out _).Refusal);
        var extension = Enumerable.Range(0, own.Accounts.Length).Single(account => own.Accounts[account].Data.Length == 1_832);
        var inPool = index is >= -512 and < 512;
        byte[] marked = [.. own.Accounts[inPool ? 0 : extension].Data];
        var below = -(index + 1);
        var bit = inPool ? (904 * 8) + index + 512 : index > 0 ? (40 * 8) + index - 512 : (40 * 8) + ((14 + (below / 512) - 1) * 512) + 511 - (below % 512);
        marked[bit / 8] |= (byte)(1 << (bit % 8));
        own = own.With(inPool ? 0 : extension, marked);

        var fault = own.Assemble(out _);
        Assert.Equal((PoolRefusal.Malformed, "a tick array beyond the last tick"), (fault.Refusal, fault.Detail));
        var dump = own.Dump();
        Assert.Equal(AccountPresence.Present, dump.TryGet(own.Address, out var pool));
        Assert.True(SolanaPools.Plan(pool, dump, out var plan).IsNone);
        Assert.True(plan!.IsComplete);
    }

    private static ulong AmountTo(RaydiumClmmState state, bool zeroForOne)
    {
        // The least amount, by doubling, that crosses a tick.
        for (ulong amount = 1; amount < 1UL << 62; amount *= 2)
        {
            if (Crosses(state, zeroForOne, amount))
                return amount;
        }

        return 1;
    }

    private static bool Crosses(RaydiumClmmState state, bool zeroForOne, ulong amount) =>
        state.ExactIn(zeroForOne, amount, out var fill) is VenueRefusal.None or VenueRefusal.NothingReceived && fill.Crossings >= 1;

    private static int Known(OwnPool pool) => pool.Assemble(out var assembled).IsNone ? ((RaydiumClmmState)assembled!.State).Ticks.Count : 0;
}
