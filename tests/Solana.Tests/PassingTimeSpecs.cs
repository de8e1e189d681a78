using System.Buffers.Binary;
using QTrade.Markets.Venues;
using QTrade.Solana.Tests.Accounts;

namespace QTrade.Solana.Tests;

/// <summary>
/// What the same accounts come to as the clock moves. An assembly tells up to which clock it holds: just before, it is the same, and there it is another.
/// </summary>
public sealed class PassingTimeSpecs
{
    private const long Now = 1_800_000_000;
    private const ulong Slot = 400_000_000;

    [Fact]
    public void Meteora_dlmm_volatility_decays_in_two_steps()
    {
        var own = OwnPools.Dlmm(0, 10, 10_000, 0, [(-1, 0, 1_000_000), (0, 1_000_000, 1_000_000), (1, 1_000_000, 0)], control: 40_000);
        own = Edited(own, data =>
        {
            BinaryPrimitives.WriteUInt32LittleEndian(data[40..], 90_000);
            BinaryPrimitives.WriteUInt32LittleEndian(data[44..], 50_000);
            BinaryPrimitives.WriteInt32LittleEndian(data[48..], 3);
            BinaryPrimitives.WriteInt64LittleEndian(data[56..], Now);
        });
        Changes(own, new ChainClock(Slot, Now), Time(Now + 30), Time(Now + 600));

        // Where nothing follows volatility nothing decays.
        Changes(Edited(own, data => data.Slice(16, 4).Clear()), new ChainClock(Slot, Now));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Meteora_damm_v2_fees_fall_period_by_period_once_trading_has_opened(bool byTime)
    {
        var own = Edited(OwnPools.DammV2(UInt128.One << 64, UInt128.One << 63, UInt128.One << 65, UInt128.One << 120, 1_000_000), data =>
        {
            BinaryPrimitives.WriteUInt16LittleEndian(data[22..], 3);
            BinaryPrimitives.WriteUInt64LittleEndian(data[24..], 60);
            BinaryPrimitives.WriteUInt64LittleEndian(data[32..], 100_000);
            BinaryPrimitives.WriteUInt64LittleEndian(data[472..], byTime ? (ulong)Now + 10 : Slot + 10);
            data[480] = byTime ? (byte)1 : (byte)0;
        });
        ChainClock At(int after) => byTime ? Time(Now + after) : AtSlot(Slot + (ulong)after);
        Changes(own, new ChainClock(Slot, Now), At(10), At(70), At(130), At(190));
    }

    [Fact]
    public void A_transfer_fee_changes_with_its_epoch()
    {
        var mint = OwnPools.FeeMint(OwnPools.Mint1, 6, new TransferFee(100, 7), 950, new TransferFee(200, 9));
        var own = OwnPools.DammV2(UInt128.One << 64, UInt128.One << 63, UInt128.One << 65, UInt128.One << 120, 1_000, mintB: mint);
        Changes(own, new ChainClock(Slot, Now), AtSlot(950 * 432_000UL));
        var never = OwnPools.FeeMint(OwnPools.Mint1, 6, new TransferFee(100, 7), ulong.MaxValue, new TransferFee(200, 9));
        Changes(OwnPools.DammV2(UInt128.One << 64, UInt128.One << 63, UInt128.One << 65, UInt128.One << 120, 1_000, mintB: never), new ChainClock(Slot, Now));
    }

    [Fact]
    public void Pools_open_at_their_time()
    {
        Changes(OwnPools.AmmV4(1_000_000, 1_000_000, status: 7, openTime: Now + 5), new ChainClock(Slot, Now), Time(Now + 5));
        Changes(OwnPools.AmmV4(1_000_000, 1_000_000, status: 7, openTime: ulong.MaxValue), new ChainClock(Slot, Now));
        Changes(OwnPools.Cpmm(1_000_000, 1_000_000, [0, 0, 0, 0, 0, 0]), new ChainClock(Slot, 1_500_000_000), Time(1_600_000_000));
        Changes(
            OwnPools.Clmm(1, 200, 100, UInt128.One << 64, 0, [(-100, 100), (100, -100)]), new ChainClock(Slot, 1_500_000_000), Time(1_700_000_000));
        Changes(OwnPools.Whirlpool(8, 500, 100, UInt128.One << 64, 0, [(-80, 100), (80, -100)], isDynamic: false), new ChainClock(Slot, 1_500_000_000), Time(1_680_000_000));
    }

    private static ChainClock Time(long unixTime) => ChainClock.Never with { UnixTime = unixTime };

    private static ChainClock AtSlot(ulong slot) => ChainClock.Never with { Slot = slot };

    private static void Changes(OwnPool own, ChainClock clock, params ChainClock[] moments)
    {
        foreach (var moment in moments.Append(ChainClock.Never))
        {
            var fault = own.Assemble(clock, out var pool, out var until);
            Assert.Equal(moment, until);
            var before = new ChainClock(moment.Slot == ulong.MaxValue ? clock.Slot : moment.Slot - 1, moment.UnixTime == long.MaxValue ? clock.UnixTime : moment.UnixTime - 1);
            Assert.Equal((fault, pool?.State), (own.Assemble(before, out var still, out until), still?.State));
            Assert.Equal(moment, until);
            if (moment == ChainClock.Never)
                return;
            clock = new ChainClock(moment.Slot == ulong.MaxValue ? clock.Slot : moment.Slot, moment.UnixTime == long.MaxValue ? clock.UnixTime : moment.UnixTime);
            var then = own.Assemble(clock, out var other, out _);
            Assert.NotEqual((fault, pool?.State), (then, other?.State));
        }
    }

    private delegate void Editing(Span<byte> data);

    private static OwnPool Edited(OwnPool own, Editing edit)
    {
        byte[] data = [.. own.Accounts[0].Data];
        edit(data);
        return own.With(0, data);
    }
}
