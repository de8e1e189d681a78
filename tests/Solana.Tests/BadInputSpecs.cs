using QTrade.Markets;
using QTrade.Markets.Quotes;
using QTrade.Shared;
using QTrade.Solana.Dumps;

namespace QTrade.Solana.Tests;

/// <summary>Bytes that are cut off, flipped or random, and owners that are wrong: a reason, never an exception.</summary>
public sealed class BadInputSpecs
{
    private const int Seed = 20261128;
    private const int Rounds = 60;

    private static readonly ChainClock Clock = new(400_000_000, 1_790_000_000);

    private static readonly Address[] Programs =
    [
        ProgramIds.OrcaWhirlpool, ProgramIds.RaydiumAmmV4, ProgramIds.RaydiumCpmm, ProgramIds.RaydiumClmm, ProgramIds.MeteoraDlmm,
        ProgramIds.MeteoraDammV1, ProgramIds.MeteoraDammV2, ProgramIds.PumpSwap, ProgramIds.TokenSwap, ProgramIds.Token,
    ];

    [Fact]
    public void Random_bytes_of_any_length_are_refused_with_a_reason()
    {
        var random = Seeded(1);
        foreach (var program in Programs)
        {
            for (var round = 0; round < Rounds; round++)
            {
                var data = new byte[random.Next(0, 1600)];
                random.NextBytes(data);
                Answers(new AccountDump(), Address.Zero, program, data);
            }
        }
    }

    [SharedTheory]
    [InlineData("raydium-amm-v4")]
    [InlineData("raydium-cpmm")]
    [InlineData("raydium-clmm")]
    [InlineData("meteora-damm-v1")]
    [InlineData("meteora-damm-v2")]
    [InlineData("meteora-dlmm")]
    [InlineData("orca-whirlpool")]
    [InlineData("pumpswap")]
    public void Real_accounts_cut_off_flipped_or_owned_by_another_are_refused_or_still_quote(string folder)
    {
        var random = Seeded(folder.Length);
        var dump = Fixtures.Dump(folder);
        foreach (var address in dump.Addresses.ToArray())
        {
            dump.TryGet(address, out var account);
            var (owner, original) = (account.Owner, account.Data.ToArray());
            for (var round = 0; round < 5; round++)
            {
                var data = round % 3 == 0 ? original[..random.Next(0, original.Length + 1)] : [.. original];
                for (var flip = 0; flip < round % 5 && data.Length > 0; flip++)
                    data[random.Next(data.Length)] ^= (byte)(1 << random.Next(8));
                dump.Set(address, round % 7 == 6 ? Programs[random.Next(Programs.Length)] : owner, data);
                foreach (var pool in dump.Addresses.ToArray())
                {
                    dump.TryGet(pool, out var view);
                    if (ProgramIds.VenueOf(view.Owner) != Venue.None && view.Data.Length < 2000)
                        Answers(dump, pool, view.Owner, view.Data.ToArray());
                }
            }

            dump.Set(address, owner, original);
        }
    }

    private static void Answers(AccountDump others, Address address, Address owner, byte[] data)
    {
        var account = new AccountView(address, owner, data, 1);
        var planned = SolanaPools.Plan(account, others, out var plan);
        Assert.Equal(planned.IsNone, plan is not null);
        Assert.True(plan is null || plan.Accounts.Length <= SolanaPools.NeededAccountsMax);
        var fault = SolanaPools.Assemble(account, others, Clock, out var pool, mintsMayBeUnknown: true);
        Assert.Equal(fault.IsNone, pool is not null);
        if (pool is null)
            return;
        var curve = pool.ToPool();
        Assert.True(PoolRules.Check(curve) is null, $"{pool.Address}: {PoolRules.Check(curve)}");
        PoolQuotes.ExactIn(curve, 0, 1, 1000, AmountGrid.Integers, AmountGrid.Integers, out _);
        PoolQuotes.ExactOut(curve, 1, 0, 1000, AmountGrid.Integers, AmountGrid.Integers, out _);
        foreach (var amount in new ulong[] { 0, 1, 1000, 1_000_000_000, ulong.MaxValue })
        {
            foreach (var zeroForOne in new[] { true, false })
            {
                pool.State.ExactIn(zeroForOne, amount, out _);
                pool.State.ExactOut(zeroForOne, amount, out _);
            }
        }
    }

#pragma warning disable RS0030 // The seed is a constant.
    private static Random Seeded(int salt) => new(Seed + salt);
#pragma warning restore RS0030
}
