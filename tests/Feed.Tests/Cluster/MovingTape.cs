using System.Buffers.Binary;
using System.Collections.Immutable;
using QTrade.Shared.Actors;
using QTrade.Solana;
using QTrade.Solana.Feed;
using QTrade.Solana.Tapes;
using QTrade.Solana.Tests.Accounts;

namespace QTrade.Feed.Tests.Cluster;

/// <summary>A tape of pools of one pair at prices apart, of which all but the last move, one after the other, one in each slot.</summary>
internal static class MovingTape
{
    public const int Pools = 8;
    public const int Slots = 150;
    public const ulong First = 1_000;

    public static readonly TimeSpan Slot = TimeSpan.FromMilliseconds(200);
    public static readonly string Values = $"{OwnPools.Mint1}=1";

    private const int Settled = 3;
    private const ulong Coin = 45_890_814_872_617, Pc = 3_656_849_666_245;

    /// <summary>How long it takes.</summary>
    public static TimeSpan Duration => Slot * Slots;

    public static string Write()
    {
        var path = Path.Combine(Directory.CreateTempSubdirectory("qtrade-tape").FullName, "moving.tape");
        var time = new ManualClock();
        Assert.True(TapeWriter.TryOpen(path, time, out var tape, out var error), error);
        using (tape)
        {
            for (var pool = 0; pool < Pools; pool++)
                tape.AppendFollow(PoolOf(pool, 0).Address);
            var read = new AccountPosition(First, AccountPosition.Read);
            tape.Append([Clock(read), .. Enumerable.Range(0, Pools).Select(pool => Updates(PoolOf(pool, 0), read)[0])]);
            for (var slot = 1; slot <= Slots; slot++)
            {
                time.Advance(Slot);
                var at = new AccountPosition(First + (ulong)slot, AccountPosition.Notification);
                tape.Append([Clock(at)]);
                // What a pool needs is known once it is shown itself, and what is told in the last two slots is not shown any more.
                if (slot == Settled)
                    tape.Append([.. Enumerable.Range(0, Pools).SelectMany(pool => Updates(PoolOf(pool, 0), at with { WriteVersion = AccountPosition.Read }).Skip(1)).DistinctBy(update => update.Address)]);
                else if (slot is > Settled and <= Slots - 2)
                    tape.Append([.. Updates(PoolOf(slot % (Pools - 1), slot), at).Skip(1).Take(2)]);
            }
        }

        return path;
    }

    private static OwnPool PoolOf(int pool, int move) =>
        OwnPools.AmmV4(Coin, Pc + (40_000_000_000UL * (ulong)pool) + (5_000_000_000UL * (ulong)(move % 40)), number: 100 + (10 * pool));

    private static ImmutableArray<AccountUpdate> Updates(OwnPool pool, AccountPosition at) =>
        [.. pool.Accounts.Select(account => new AccountUpdate(account.Address, at, account.Owner, 1, account.Data))];

    private static AccountUpdate Clock(AccountPosition at)
    {
        var clock = new byte[40];
        BinaryPrimitives.WriteUInt64LittleEndian(clock, at.Slot);
        BinaryPrimitives.WriteInt64LittleEndian(clock.AsSpan(32), 1_700_000_000 + (long)at.Slot);
        return new AccountUpdate(ProgramIds.ClockSysvar, at, default, 1, clock);
    }
}
